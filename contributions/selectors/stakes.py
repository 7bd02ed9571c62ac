"""Shares of equity as of a day, as known at a checkpoint."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core import members as rules
from contributions.core.money import fraction
from contributions.core.roles import FINANCE, LEGAL, MEMBER, Viewer
from contributions.models import Stake
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[Stake]:
    """Legal, finance, desk and auditor see every stake; a member its own."""
    rows = Stake.objects.select_related("member__organization", "restates")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE} or viewer.sees_everything:
        return barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def as_of(viewer: Viewer | None, day: date, *, known_at: int | None = None) -> list[Stake]:
    """The stake of each visible member in force on the day, by member, as far as `known_at` entries tell."""
    rows = {row.pk: row for row in _known(visible_to(viewer), known_at)}
    held = rules.held_on([holding_of(row) for row in rows.values()], day)
    return [rows[held[code].number] for code in sorted(held)]


def standing(rows: QuerySet[Stake]) -> list[Stake]:
    """The rows that no other corrects, oldest first."""
    return [row for row in rows.order_by("valid_from", "pk") if not hasattr(row, "restated_by")]


def holding_of(row: Stake) -> rules.Holding:
    """A row as the core reads it."""
    return rules.Holding(row.member.code, fraction(row.share), row.valid_from, row.pk, row.restates_id)


def _known(rows: QuerySet[Stake], known_at: int | None) -> QuerySet[Stake]:
    return rows if known_at is None else rows.filter(seq__lt=known_at)
