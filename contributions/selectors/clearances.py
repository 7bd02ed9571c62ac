"""Clean-team grants: what legal gave, and who may look at a member's material by one."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, LEGAL, MEMBER, Viewer
from contributions.models import Clearance


def visible_to(viewer: Viewer | None) -> QuerySet[Clearance]:
    """Legal and the auditor see all; a member those that open its own material."""
    rows = Clearance.objects.select_related("user__home", "rival", "granted_by")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, AUDITOR, "system"}:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(rival__code=viewer.acting)
    return rows.none()


def matching(rows: QuerySet[Clearance], query: str) -> QuerySet[Clearance]:
    """Grants whose number, purpose or person holds the text."""
    named = Q(user__name_ja__icontains=query) | Q(user__name_en__icontains=query)
    return rows.filter(Q(number__icontains=query) | Q(purpose__icontains=query) | named) if query else rows


def then(rows: QuerySet[Clearance], on: date) -> list[Clearance]:
    """Those of the grants that held on the day; that one was ended later is left out."""
    return [as_then(row, on) for row in in_force(rows, on)]


def as_then(row: Clearance, on: date) -> Clearance:
    """One grant as of a past day: its early end is left out if it lay ahead."""
    if row.ended_from is not None and row.ended_from > on:
        row.ended_from = row.ended_seq = None
    return row


def in_force(rows: QuerySet[Clearance], on: date) -> QuerySet[Clearance]:
    """Those of the rows that hold on the day."""
    held = rows.filter(valid_from__lte=on, valid_until__gt=on)
    return held.filter(Q(ended_from=None) | Q(ended_from__gt=on))
