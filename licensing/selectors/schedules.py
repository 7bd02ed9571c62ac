"""Price lists: adopted ones are public to whoever is signed in."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, Viewer
from licensing.models import Schedule


def visible_to(viewer: Viewer | None) -> QuerySet[Schedule]:
    """Legal, finance and the auditor see drafts too; licensees what is published."""
    rows = Schedule.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        return rows
    if viewer.workplace == LICENSEE:
        return rows.filter(state=Schedule.State.ADOPTED)
    return rows.none()
