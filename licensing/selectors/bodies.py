"""Deciding bodies, and the rules that each had on a day as far as the log then told."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import MEMBER, Viewer
from licensing.models import Body, BodyEdition


def visible_to(viewer: Viewer | None) -> QuerySet[Body]:
    """Who decides by which rule is the members' own constitution: open to them and to the secretariat."""
    rows = Body.objects.prefetch_related("editions")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    return rows


def as_of(body: Body, on: date, *, known_at: int | None = None) -> BodyEdition | None:
    """The edition of the body's rules in force on the day; of two that begin on one day, the later one."""
    rows = body.editions.filter(valid_from__lte=on)
    rows = rows if known_at is None else rows.filter(seq__lt=known_at)
    return rows.order_by("valid_from", "edition").last()
