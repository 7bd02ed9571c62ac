"""Amendments a viewer may see, and the wording that an edition of an agreement fixed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q, QuerySet

from contributions.core.independence import wrote
from contributions.core.periods import jst_date
from contributions.core.roles import LEGAL, LICENSEE, OF_CONTRACTS, Viewer, reads
from licensing.core import clauses as rules
from licensing.core import rewordings
from licensing.core.editions import Edition
from licensing.core.templates import Template, template
from licensing.models import Agreement, Amendment
from licensing.selectors import agreements, clauses

SHOWN_TO_LICENSEE = (
    Amendment.State.OFFERED,
    Amendment.State.SIGNED,
    Amendment.State.EXECUTED,
    Amendment.State.DECLINED,
)
WAITING = {
    LEGAL: (Amendment.State.DRAFTED, Amendment.State.APPROVED, Amendment.State.OFFERED),
    LICENSEE: (Amendment.State.SIGNED,),
}


def visible_to(viewer: Viewer | None) -> QuerySet[Amendment]:
    """Amendments of the agreements that the viewer may see; a licensee's once they were offered."""
    rows = Amendment.objects.filter(agreement__in=agreements.visible_to(viewer)).select_related(
        "agreement__licensee__organization", "agreement__template", "agreement__release", "agreement__schedule",
        "schedule",
    )  # fmt: skip
    if not reads(viewer, OF_CONTRACTS):
        return rows.none()
    if viewer is not None and viewer.workplace == LICENSEE:
        withdrawn_offer = Q(state=Amendment.State.WITHDRAWN, offered_at__isnull=False)
        rows = rows.filter(Q(state__in=SHOWN_TO_LICENSEE) | withdrawn_offer)
    return rows


def waiting_for(viewer: Viewer | None) -> QuerySet[Amendment]:
    """Amendments whose next step is the viewer's; a draft waits for nobody who wrote it."""
    rows = visible_to(viewer).filter(state__in=WAITING.get(viewer.workplace if viewer else "", ()))
    drafts = rows.filter(state=Amendment.State.DRAFTED).values_list("pk", "authors")
    return rows.exclude(pk__in=[pk for pk, authors in drafts if viewer and wrote(viewer.user, authors)])


def wording(agreement: Agreement, edition: Edition) -> list[rules.ClauseVersion]:
    """The library that an edition is put together from: what it fixed, the rest as on the day of the draft."""
    return clauses.pinned(dict(edition.clauses), on=jst_date(agreement.drafted_at))


def choices_of_wording(pins: Collection[tuple[str, int]]) -> list[rules.ClauseVersion]:
    """The library an amendment chooses from: what is fixed stays, all else is the newest approved wording."""
    return clauses.pinned(dict(pins))


def overlaid(
    agreement: Agreement, library: Sequence[rules.ClauseVersion]
) -> tuple[Template, Sequence[rules.ClauseVersion]]:
    """Template and library with what was negotiated: clauses reworded, taken out and added."""
    source, signed = template(agreement.template.document), {row["id"]: row["version"] for row in agreement.clauses}
    return rewordings.overlaid(source, library, rewordings.kept(agreement.wordings, library, signed))


def families(agreement: Agreement, edition: Edition) -> dict[str, rules.ClauseVersion]:
    """The clauses that an edition uses, by family: any wording of a family's ladder stands for it."""
    used = {clause for clause, _ in edition.clauses}
    library = overlaid(agreement, wording(agreement, edition))[1]
    return {version.family: version for version in library if version.id in used}


def names_in(agreement: Agreement, edition: Edition) -> set[str]:
    """What an edition's clauses are called: by id and by family."""
    return {clause for clause, _ in edition.clauses} | set(families(agreement, edition))


def newer_wording(pins: Collection[tuple[str, int]]) -> list[rules.ClauseVersion]:
    """Approved wording that is newer than what an edition fixed."""
    fixed = dict(pins)
    return [version for version in clauses.library() if version.id in fixed and version.version > fixed[version.id]]
