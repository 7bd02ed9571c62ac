"""Which reviews are needed, by the adopted tables: a rule that members, the review body and the office may read."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core import requirements as rules
from contributions.core.roles import MEMBER, REVIEWER, SYSTEM, Viewer
from contributions.models import Requirement


def visible_to(viewer: Viewer | None) -> QuerySet[Requirement]:
    """Everybody who takes part in contributing; not licensees."""
    rows = Requirement.objects.all()
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, REVIEWER, SYSTEM}):
        return rows.none()
    return rows


def as_of(known_at: int | None = None) -> list[rules.Table]:
    """The tables adopted within the first `known_at` entries; all of them if None."""
    rows = Requirement.objects.all() if known_at is None else Requirement.objects.filter(seq__lt=known_at)
    return [rules.Table(row.version, row.valid_from, row.lines) for row in rows]


def required(kind: str, on: date) -> dict[str, int]:
    """The reviews that a version of that kind submitted on the day needs, with their quotas."""
    return rules.required(as_of(), kind, on)
