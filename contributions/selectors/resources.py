"""Cash, people and background IP that a viewer may see."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import FINANCE, LEGAL, MEMBER, Viewer
from contributions.models import Resource


def visible_to(viewer: Viewer | None) -> QuerySet[Resource]:
    """Legal, finance, desk and auditor see all; a member its own."""
    rows = Resource.objects.select_related("member__organization", "funding", "agreement")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE} or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()
