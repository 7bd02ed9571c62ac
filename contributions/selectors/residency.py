"""Breaches of residency that a viewer may know of, and as the core reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from contributions.core import residency as rules
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import Breach
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[Breach]:
    """Legal, desk and auditor see all, a member what concerns its own. Nobody else learns whose it was."""
    rows = Breach.objects.select_related("member__organization", "version__dataset", "batch__facility")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def as_of(at: date, *, known_at: int | None = None) -> list[rules.Breach]:
    """Every breach that had begun by the day, as far as the first `known_at` entries tell; all of them if None."""
    rows = Breach.objects.filter(since__lte=at).select_related("version__dataset", "batch").order_by("number")
    if known_at is None:
        return [rule_of(row) for row in rows]
    return [rule_of(row, known_at=known_at) for row in rows.filter(seq__lt=known_at)]


def then(rows: QuerySet[Breach], on: date) -> list[Breach]:
    """The breaches that had begun by the day; one that ended later stood. Those that stood come first."""
    found = [as_then(row, on) for row in rows.filter(since__lte=on)]
    return sorted(found, key=lambda row: (row.until or date.min, -row.since.toordinal(), row.number))


def as_then(row: Breach, on: date) -> Breach:
    """One breach as of a past day: its end is left out if it lay ahead."""
    if row.until is not None and row.until > on:
        row.until = row.mended_seq = None
    return row


def of_versions(versions: Iterable) -> QuerySet[Breach]:
    """The breaches of some dataset versions; for a caller that may know of all of them."""
    return Breach.objects.filter(version__in=[version.pk for version in versions]).select_related("version__dataset")


def matching(rows: QuerySet[Breach], query: str) -> QuerySet[Breach]:
    """Breaches whose number, country, member, dataset or batch holds the text."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(country__iexact=query) | Q(region__icontains=query)
    what = Q(version__dataset__number__icontains=query.partition("@")[0]) | Q(batch__number__icontains=query)
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    return rows.filter(named | what | owned)


def rule_of(row: Breach, *, known_at: int | None = None) -> rules.Breach:
    """A row as the core reads it."""
    known = known_at is None or (row.mended_seq is not None and row.mended_seq < known_at)
    what = f"dataset:{row.version}" if row.version else f"batch:{row.batch.number}"
    return rules.Breach(row.number, what, row.country, row.since, row.until if known else None)
