"""The clause library: what stands in it on a day, and the very wordings that an agreement was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.periods import jst_date
from contributions.core.roles import AUDITOR, FINANCE, LEGAL, Viewer
from contributions.core.words import Text
from licensing.core import clauses as rules
from licensing.core import templates as template_rules
from licensing.models import Agreement, AgreementTemplate, ClauseVersion

READERS = frozenset({LEGAL, FINANCE, AUDITOR, "system"})


def visible_to(viewer: Viewer | None) -> QuerySet[ClauseVersion]:
    """Legal, finance and the auditor read the library."""
    rows = ClauseVersion.objects.select_related("clause__base", "proposed_by", "approved_by")
    rows = rows.order_by("clause__position", "clause__code", "-version")
    return rows if viewer is not None and viewer.workplace in READERS else rows.none()


def waiting_for(viewer: Viewer | None) -> QuerySet[ClauseVersion]:
    """Drafts that somebody else in the legal staff proposed; what came with the product is approved together."""
    rows = visible_to(viewer).filter(state=ClauseVersion.State.DRAFT, origin="")
    if viewer is None or viewer.workplace != LEGAL:
        return rows.none()
    return rows.exclude(proposed_by=viewer.user)


def templates_open_to(viewer: Viewer | None, on: date | None = None) -> list[AgreementTemplate]:
    """The newest approved version of each template, for whoever reads the library."""
    if viewer is None or viewer.workplace not in READERS:
        return []
    return in_force(on)


def in_force(on: date | None = None) -> list[AgreementTemplate]:
    """The newest approved version of each template; with a day, the newest that had begun by then."""
    rows = AgreementTemplate.objects.filter(state=AgreementTemplate.State.APPROVED)
    rows = rows if on is None else rows.filter(valid_from__lte=on)
    newest = {row.code: row for row in rows.order_by("code", "version")}
    return list(newest.values())


def library(on: date | None = None) -> list[rules.ClauseVersion]:
    """The newest approved wording of every clause, in order; with a day, the newest that was in force on it."""
    rows = ClauseVersion.objects.filter(state=ClauseVersion.State.APPROVED)
    if on is not None:
        still = Q(valid_until__isnull=True) | Q(valid_until__gt=on)
        rows = rows.filter(still, valid_from__lte=on)
    newest: dict[int, ClauseVersion] = {}
    for row in rows.select_related("clause__base").order_by("clause__position", "clause__code", "version"):
        newest[row.clause_id] = row
    return [read(row) for row in newest.values()]


def ladders_of(template: AgreementTemplate) -> dict[str, list[ClauseVersion]]:
    """The clauses of a template that another wording may stand for, each with its ladder, the preferred one first."""
    rows = ClauseVersion.objects.filter(state=ClauseVersion.State.APPROVED).exclude(rank=rules.FORBIDDEN)
    newest = {row.clause.code: row for row in rows.select_related("clause__base").order_by("version")}
    order = list(rules.RANKS)
    rungs = sorted((row for row in newest.values() if row.clause.base), key=lambda one: order.index(one.rank))
    ladders: dict[str, list[ClauseVersion]] = {}
    for entry in template_rules.template(template.document).entries:
        found = [row for row in rungs if row.clause.base.code == entry.clause]
        if found and entry.clause in newest:
            ladders[entry.clause] = [newest[entry.clause], *found]
    return ladders


def for_agreement(agreement: Agreement) -> list[rules.ClauseVersion]:
    """One wording of each clause: those the agreement was drafted with, else its template's, else the day's newest."""
    on = jst_date(agreement.drafted_at) if agreement.drafted_at else None
    pins = {entry.clause: entry.version for entry in template_rules.template(agreement.template.document).entries}
    pins |= {one["id"]: one["version"] for one in agreement.clauses}
    return pinned({name: version for name, version in pins.items() if version}, on=on)


def pinned(pins: Mapping[str, int], *, on: date | None = None) -> list[rules.ClauseVersion]:
    """The library of a day, with the named versions in the place of its own, retired ones included."""
    day = {version.id: version for version in library(on)}
    missing = {name: version for name, version in pins.items() if name not in day or day[name].version != version}
    day |= {version.id: version for version in _of(missing)}
    return list(day.values())


def read(row: ClauseVersion) -> rules.ClauseVersion:
    """A row as the core reads it, with its place on a fallback ladder."""
    base = row.clause.base
    return rules.clause({**row.document, "of": base.code if base else None, "rank": row.rank})


def labels() -> dict[str, Text]:
    """What the variables of all templates are called."""
    rows = AgreementTemplate.objects.order_by("code", "version")
    return {
        row["name"]: Text(row["label"]["ja"], row["label"]["en"]) for held in rows for row in held.document["variables"]
    }


def template(code: str, on: date | None = None) -> AgreementTemplate:
    """The newest approved version of a template; with a day, the newest that had begun by then."""
    rows = AgreementTemplate.objects.filter(code=code, state=AgreementTemplate.State.APPROVED)
    return (rows if on is None else rows.filter(valid_from__lte=on)).latest("version")


def _of(pins: Mapping[str, int]) -> Iterable[rules.ClauseVersion]:
    if not pins:
        return
    wanted = Q()
    for name, version in pins.items():
        wanted |= Q(clause__code=name, version=version)
    rows = ClauseVersion.objects.exclude(state=ClauseVersion.State.DRAFT).filter(wanted)
    for row in rows.select_related("clause__base"):
        yield read(row)
