"""Taking over what the product's library brings anew: chosen wordings become drafts, which a second person approves.

Nothing that is in force changes by itself, and no draft that somebody works on is written over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.services import independence
from licensing.core import clauses as rules
from licensing.core import libraries
from licensing.core import shipped as comparing
from licensing.core import templates as template_rules
from licensing.models import AgreementTemplate, ClauseVersion
from licensing.selectors import clauses as held
from licensing.selectors import shipped
from licensing.services import clauses, templates

NAME = Text("同梱の条項集", "the shipped library")


class NothingChosen(Refused):
    code = "shipped-nothing-chosen"
    ja = "取り込む条項またはひな形を選んでください。"
    en = "Choose the clauses or templates to take over."


class DraftsInTheWay(Refused):
    code = "shipped-drafts-in-the-way"
    ja = "起案中の案があるため取り込めません：{names}。その案を承認するか、内容を合わせてから取り込んでください。"
    en = "Drafts are under way, so these cannot be taken over: {names}. Have them approved, or bring them into line."


class NothingWaits(Refused):
    code = "shipped-nothing-waits"
    ja = "承認を待つ、同梱の条項集からの案はありません。"
    en = "No draft from the shipped library waits for approval."


@transaction.atomic
def take_over(library: Mapping[str, Any], codes: Collection[str], *, by: Viewer, at: datetime) -> list[str]:
    """Make drafts of the chosen clauses and templates (`template:code`) that are new or changed; names of the drafts.

    An alternative brings the clause along whose alternative it is, if that is not held here.
    """
    check_may(by, "clause.propose")
    check_may(by, "template.propose")
    found = shipped.compared(by, library)
    wanted = {row.code for row in found["clauses"] if row.state in comparing.OPEN and row.code in codes}
    bases = {row["of"] for row in library["clauses"] if row["id"] in wanted and row.get("of")}
    wanted |= {row.code for row in found["clauses"] if row.state == comparing.NEW and row.code in bases}
    sources = {
        row.code for row in found["templates"] if row.state in comparing.OPEN and f"template:{row.code}" in codes
    }
    if not wanted and not sources:
        raise NothingChosen
    _check_free(wanted, sources)
    taken = [
        str(_clause(row, by=by, at=at))
        for row in sorted(library["clauses"], key=lambda row: bool(row.get("of")))
        if row["id"] in wanted
    ]
    for row in library["templates"]:
        if row["id"] in sources:
            taken.append(str(templates.propose(row, origin=shipped.ORIGIN, by=by, at=at)))
    return taken


@transaction.atomic
def approve(*, valid_from: date, by: Viewer, at: datetime) -> tuple[list[ClauseVersion], list[AgreementTemplate]]:
    """A second pair of eyes puts all drafts that came with the product in force at once, or none, with every finding.

    One by one they could not be: new wordings refer to one another, and templates to them.
    """
    check_may(by, "clause.approve")
    check_may(by, "template.approve")
    rows, sources = shipped.drafts(by), shipped.template_drafts(by)
    if not rows and not sources:
        raise NothingWaits
    authors = {row.proposed_by_id for row in (*rows, *sources)}
    independence.check_second(by, authors, name=NAME, at=at)
    libraries.refuse(faults(rows, sources))
    approved = [clauses.put_in_force(row, by=by, at=at, valid_from=valid_from) for row in rows]
    return approved, [templates.put_in_force(row, by=by, at=at, valid_from=valid_from) for row in sources]


def faults(rows: Collection[ClauseVersion], sources: Collection[AgreementTemplate]) -> libraries.Faults:
    """What the library and its templates would be wrong with, if all these drafts stood in them."""
    drafted = [held.read(row) for row in rows]
    names = {one.id for one in drafted}
    library = [one for one in held.library() if one.id not in names]
    codes = {row.code for row in sources}
    documents = [row.document for row in held.in_force() if row.code not in codes] + [row.document for row in sources]
    loose = [template_rules.loosened(template_rules.template(document)) for document in documents]
    return libraries.all_faults([*library, *drafted], loose)


def _check_free(codes: Collection[str], sources: Collection[str]) -> None:
    """No draft of anybody's is written over."""
    rows = ClauseVersion.objects.filter(state="draft", clause__code__in=codes).order_by("clause__code")
    found = [str(row) for row in rows.select_related("clause")]
    found += [str(row) for row in AgreementTemplate.objects.filter(state="draft", code__in=sources).order_by("code")]
    if found:
        raise DraftsInTheWay(names=Text("、".join(found), ", ".join(found)))


def _clause(row: Mapping[str, Any], *, by: Viewer, at: datetime) -> ClauseVersion:
    version, why = rules.clause(row), row.get("rationale", {})
    return clauses.propose(
        rules.document(version),
        rationale=Text(why.get("ja", ""), why.get("en", "")),
        owner=row.get("owner", "legal"),
        base=version.of,
        rank=version.rank,
        origin=shipped.ORIGIN,
        by=by,
        at=at,
    )
