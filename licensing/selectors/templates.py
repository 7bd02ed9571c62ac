"""Templates of agreements, every version of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import LEGAL, Viewer
from licensing.core import clauses as clause_rules
from licensing.core import templates as rules
from licensing.models import AgreementTemplate
from licensing.selectors import clauses


def visible_to(viewer: Viewer | None) -> QuerySet[AgreementTemplate]:
    """Legal, finance and the auditor read the templates."""
    rows = AgreementTemplate.objects.select_related("proposed_by", "approved_by").order_by("code", "-version")
    return rows if viewer is not None and viewer.workplace in clauses.READERS else rows.none()


def waiting_for(viewer: Viewer | None) -> QuerySet[AgreementTemplate]:
    """Drafts that somebody else in the legal staff proposed; what came with the product is approved together."""
    rows = visible_to(viewer).filter(state=AgreementTemplate.State.DRAFT, origin="")
    if viewer is None or viewer.workplace != LEGAL:
        return rows.none()
    return rows.exclude(proposed_by=viewer.user)


def pinned(document: Mapping[str, object], on: date | None = None) -> dict[str, object]:
    """The document with each clause in the version of the day from which it holds, where it names none.

    As an approval would write it; a clause that has no version yet on that day is taken in its first one to come.
    """
    held = {version.id: version.version for version in clauses.library()}
    newest = held | {version.id: version.version for version in (clauses.library(on) if on else ())}
    return rules.pinned(document, newest)


def library_of(row: AgreementTemplate) -> list[clause_rules.ClauseVersion]:
    """The wordings that this version of the template is made of, and the alternatives of their ladders."""
    source = rules.template(row.document)
    return clauses.pinned({entry.clause: entry.version for entry in source.entries if entry.version})
