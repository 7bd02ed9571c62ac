"""Who opened a member's material, as its owner may read it."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, MEMBER, Viewer
from contributions.models import Opening
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[Opening]:
    """A member reads who opened its own; the auditor all. Nobody else does."""
    rows = Opening.objects.select_related("owner", "user", "acting", "home")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {AUDITOR, "system"}:
        return barriers.past(rows, viewer, "owner__code")
    if viewer.workplace == MEMBER:
        return rows.filter(owner__code=viewer.acting)
    return rows.none()


def shown(rows: QuerySet[Opening], on: date) -> QuerySet[Opening]:
    """Those within the days for which the record is shown."""
    return rows.filter(day__gt=on - timedelta(days=settings.OPENINGS_DAYS))


def matching(rows: QuerySet[Opening], query: str) -> QuerySet[Opening]:
    """Openings whose subject or person holds the text."""
    if not query:
        return rows
    return rows.filter(
        Q(subject__icontains=query) | Q(user__name_ja__icontains=query) | Q(user__name_en__icontains=query)
    )
