"""The library that comes with the product, read from its file, beside what is taken in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from contributions.core.errors import Refused
from contributions.core.roles import LEGAL, Viewer
from licensing.core import clauses as rules
from licensing.core import libraries, shipped
from licensing.core import templates as template_rules
from licensing.models import AgreementTemplate, ClauseVersion
from licensing.selectors import clauses

BYTES_MAX = 5_000_000
ORIGIN = "shipped"


class Unreadable(Refused):
    code = "shipped-library-unreadable"
    ja = "同梱の条項集「{name}」を読めません。"
    en = "The shipped library “{name}” cannot be read."


def document(path: Path | None = None) -> dict[str, Any]:
    """The library's document, refused with every fault: what is not whole is not offered."""
    path = path or Path(settings.CLAUSE_LIBRARY)
    try:
        if path.stat().st_size > BYTES_MAX:
            raise ValueError
        found = json.loads(path.read_text(encoding="utf-8"))
        versions = [rules.clause(row) for row in found["clauses"]]
        sources = [template_rules.template(row) for row in found["templates"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unreadable(name=path.name) from error
    libraries.check(versions, sources)
    return found


def compared(viewer: Viewer | None, library: Mapping[str, Any] | None = None) -> dict[str, list[shipped.Standing]]:
    """How each clause and each template stands, for those who read the library; what is the same is left in."""
    if viewer is None or viewer.workplace not in clauses.READERS:
        return {}
    library = document() if library is None else library
    versions = [rules.clause(row) for row in library["clauses"]]
    documents = {row["id"]: row for row in library["templates"]}
    return {
        "clauses": shipped.of_clauses(versions, _held_clauses()),
        "templates": shipped.of_templates(documents, _held_templates()),
    }


def drafts(viewer: Viewer | None) -> list[ClauseVersion]:
    """The drafts of clauses that came with the product and were not worked on since: they are approved together."""
    if viewer is None or viewer.workplace not in clauses.READERS:
        return []
    rows = ClauseVersion.objects.filter(state="draft", origin=ORIGIN).select_related("clause__base", "proposed_by")
    return list(rows.order_by("clause__position", "clause__code"))


def template_drafts(viewer: Viewer | None) -> list[AgreementTemplate]:
    """The same of templates."""
    if viewer is None or viewer.workplace not in clauses.READERS:
        return []
    rows = AgreementTemplate.objects.filter(state="draft", origin=ORIGIN).select_related("proposed_by")
    return list(rows.order_by("code"))


def is_waiting(viewer: Viewer | None) -> bool:
    """Whether drafts wait for this viewer to approve them together: legal's, and nobody's who took one over."""
    if viewer is None or viewer.workplace != LEGAL:
        return False
    clause_authors, template_authors = (
        model.objects.filter(state="draft", origin=ORIGIN).order_by().values_list("proposed_by_id", flat=True)
        for model in (ClauseVersion, AgreementTemplate)
    )
    authors = set(clause_authors.union(template_authors))
    return bool(authors) and viewer.user not in authors


def _held_clauses() -> dict[str, list[shipped.Held]]:
    found: dict[str, list[shipped.Held]] = {}
    rows = ClauseVersion.objects.select_related("clause__base")
    for row in rows.order_by("clause__position", "clause__code", "-version"):
        held = found.setdefault(row.clause.code, [])
        held.append(shipped.Held(clauses.read(row), _state(row, held), row.origin == ORIGIN))
    return found


def _held_templates() -> dict[str, list[shipped.Held]]:
    found: dict[str, list[shipped.Held]] = {}
    for row in AgreementTemplate.objects.order_by("code", "-version"):
        held = found.setdefault(row.code, [])
        held.append(shipped.Held(row.document, _state(row, held), row.origin == ORIGIN))
    return found


def _state(row: ClauseVersion | AgreementTemplate, newer: list[shipped.Held]) -> str:
    """The newest approved version stands; a draft is one; everything else is past."""
    if row.state == "draft":
        return "draft"
    return "stands" if row.state == "approved" and all(one.state != "stands" for one in newer) else "past"
