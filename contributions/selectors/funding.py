"""Funding sources and rate cards a viewer may read."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import MEMBER, Viewer
from contributions.models import FundingSource


def visible_to(viewer: Viewer | None) -> QuerySet[FundingSource]:
    """Sources are the consortium's own list: the secretariat and every member see it."""
    rows = FundingSource.objects.all()
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    return rows
