"""Licensees and their screening."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, Viewer
from contributions.selectors import barriers
from licensing.models import Licensee


def visible_to(viewer: Viewer | None) -> QuerySet[Licensee]:
    """Legal, finance and the auditor see licensees; members never; a licensee itself."""
    rows = Licensee.objects.select_related("organization").prefetch_related("screenings")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        return barriers.past(rows, viewer, "organization__code")
    if viewer.workplace == LICENSEE:
        return rows.filter(organization__code=viewer.acting)
    return rows.none()
