"""Shares of equity as of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import FINANCE, LEGAL, MEMBER, Viewer
from contributions.models import Stake


def visible_to(viewer: Viewer | None) -> QuerySet[Stake]:
    """Legal, finance, desk and auditor see every stake; a member its own."""
    rows = Stake.objects.select_related("member__organization")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE} or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def as_of(viewer: Viewer | None, day: date) -> list[Stake]:
    """The stake of each visible member in force on the day, by member."""
    latest: dict[int, Stake] = {}
    for stake in visible_to(viewer).filter(valid_from__lte=day).order_by("valid_from", "pk"):
        latest[stake.member_id] = stake
    return sorted(latest.values(), key=lambda stake: stake.member.code)
