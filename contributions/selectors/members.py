"""Members, their stakes, and the agreements under which they put things in."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.roles import MEMBER, REVIEWER, Viewer
from contributions.models import Member


def visible_to(viewer: Viewer | None) -> QuerySet[Member]:
    """Who the members are is known to the secretariat, the members and the review body; not to licensees."""
    rows = Member.objects.select_related("organization")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, REVIEWER, "system"}):
        return rows.none()
    return rows


def in_force(on: date) -> QuerySet[Member]:
    """Members on that day."""
    rows = Member.objects.select_related("organization").filter(admitted_on__lte=on)
    return rows.filter(withdrawn_on=None) | rows.filter(withdrawn_on__gt=on)


def matching(rows: QuerySet[Member], query: str) -> QuerySet[Member]:
    """Members whose code or name holds the text."""
    if not query:
        return rows
    names = ("code", "name_ja", "name_en", "short_ja", "short_en")
    wanted = Q()
    for name in names:
        wanted |= Q(**{f"organization__{name}__icontains": query})
    return rows.filter(wanted)
