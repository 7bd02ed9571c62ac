"""The clause library and its templates."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, Viewer
from contributions.core.words import Text
from licensing.core import clauses as rules
from licensing.models import AgreementTemplate, ClauseVersion


def visible_to(viewer: Viewer | None) -> QuerySet[ClauseVersion]:
    """Legal, finance and the auditor read the library."""
    rows = ClauseVersion.objects.select_related("clause").order_by("clause__position", "-version")
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE, AUDITOR, "system"}:
        return rows.none()
    return rows


def templates_open_to(viewer: Viewer | None) -> list[AgreementTemplate]:
    """The newest version of each template, for whoever reads the library."""
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE, AUDITOR, "system"}:
        return []
    newest = {row.code: row for row in AgreementTemplate.objects.order_by("code", "version")}
    return list(newest.values())


def library() -> list[rules.ClauseVersion]:
    """The newest approved wording of every clause, in order."""
    newest: dict[int, ClauseVersion] = {}
    rows = ClauseVersion.objects.filter(state=ClauseVersion.State.APPROVED).select_related("clause")
    for row in rows.order_by("clause__position", "version"):
        newest[row.clause_id] = row
    return [rules.clause(row.document) for row in newest.values()]


def labels() -> dict[str, Text]:
    """What the variables of all templates are called."""
    rows = AgreementTemplate.objects.order_by("code", "version")
    return {
        row["name"]: Text(row["label"]["ja"], row["label"]["en"]) for held in rows for row in held.document["variables"]
    }


def template(code: str) -> AgreementTemplate:
    """The newest version of a template."""
    return AgreementTemplate.objects.filter(code=code).latest("version")
