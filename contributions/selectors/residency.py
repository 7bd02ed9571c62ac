"""Breaches of residency that a viewer may know of, and as the core reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery

from contributions.core import residency as rules
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.core.words import Text
from contributions.models import Batch, Breach, Facility, MeterDay
from contributions.selectors import barriers, compute, facilities


@dataclass(frozen=True, slots=True)
class Touched:
    """What is on record at a facility and would be a breach of residency, had the facility been abroad then."""

    noun: Text
    number: str
    since: date
    subject: str
    name: Text


# What else than usage ran at a facility between two days: the licensing wing enters its training runs at start-up.
RUNS: list[Callable[[Viewer, Facility, date, date | None], Iterable[Touched]]] = []


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


def touched(viewer: Viewer, facility: Facility, country: str, since: date, until: date | None) -> list[Touched]:
    """What a move abroad would make a breach between two days, as far as the viewer may know of it."""
    if not moves_abroad(facility, country, since):
        return []
    usage = [
        Touched(Text("計算実績", "Usage"), row.number, day, f"batch:{row.number}", _owner(row))
        for row, day in ran(compute.batches_visible_to(viewer), facility, since, until)
    ]
    return usage + [one for source in RUNS for one in source(viewer, facility, since, until)]


def moves_abroad(facility: Facility, country: str, since: date) -> bool:
    """Whether it stood in an allowed country on the day, and the other one is not allowed."""
    return country not in settings.RESIDENCY and facilities.on(facility, since).country in settings.RESIDENCY


def ran(batches: QuerySet[Batch], facility: Facility, since: date, until: date | None) -> list[tuple[Batch, date]]:
    """Of the batches that stand, those with usage at the facility between two days, and its first day among these.

    What a breach covers already is left out.
    """
    days = MeterDay.objects.filter(facility=facility, day__gte=since, batch=OuterRef("pk")).order_by()
    days = days.filter(day__lt=until) if until else days
    first = Subquery(days.values("batch").annotate(first=Min("day")).values("first"))
    rows = batches.filter(facility=facility).exclude(state=Batch.State.REVERSED).annotate(first_day=first)
    rows = rows.filter(first_day__isnull=False).prefetch_related("breaches").order_by(F("first_day"), "number")
    return [(row, row.first_day) for row in rows if not _is_covered(row, row.first_day)]


def _is_covered(batch: Batch, day: date) -> bool:
    return any(each.since <= day and (each.until is None or day < each.until) for each in batch.breaches.all())


def _owner(batch: Batch) -> Text:
    organization = batch.member.organization
    return Text(organization.short_ja, organization.short_en)
