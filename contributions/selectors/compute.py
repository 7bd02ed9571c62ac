"""Facilities, metering batches and daily figures that a viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from contributions.core.periods import jst_date, month_of, next_month
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import Batch, Entry, Facility, MeterDay
from contributions.selectors import barriers, facilities


def facilities_visible_to(viewer: Viewer | None) -> QuerySet[Facility]:
    """The secretariat sees all; a member those it operates or has metered at."""
    rows = _facilities()
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    if viewer.workplace == MEMBER:
        run = facilities.operated_by(Facility.objects.all(), viewer.acting or "", localdate())
        metered = Facility.objects.filter(batches__member__organization__code=viewer.acting)
        return rows.filter(Q(pk__in=run.values("pk")) | Q(pk__in=metered.values("pk")))
    return rows.none()


def batches_visible_to(viewer: Viewer | None) -> QuerySet[Batch]:
    """Legal, desk and auditor see all; a member its own."""
    return _own(Batch.objects.select_related("member__organization", "facility", "funding"), viewer)


def days_visible_to(viewer: Viewer | None) -> QuerySet[MeterDay]:
    """Daily figures of the batches that the viewer may see."""
    return _own(MeterDay.objects.select_related("member__organization", "facility", "batch"), viewer)


def then(batches: QuerySet[Batch], on: date) -> list[Batch]:
    """The batches received by the end of the day, each in the state in which it then stood.

    The journal knows the days on which one was attested and reversed; the row keeps only where it stands now.
    """
    rows = [row for row in batches if jst_date(row.received_at) <= on]
    kinds = {"compute.attested": Batch.State.ACCEPTED, "compute.reversed": Batch.State.REVERSED}
    turns = Entry.objects.filter(kind__in=list(kinds), subject__in=[f"batch:{row.number}" for row in rows])
    stood: dict[str, str] = {}
    for subject, kind, at in turns.order_by("seq").values_list("subject", "kind", "recorded_at"):
        if jst_date(at) <= on:
            stood[subject] = kinds[kind]
    for row in rows:
        row.state = stood.get(f"batch:{row.number}", Batch.State.SUBMITTED)
    return rows


def by_month(viewer: Viewer | None, days: QuerySet[MeterDay] | None = None) -> list[dict]:
    """Seconds by facility and month, over what the viewer may see (or a part of it) and nothing reversed."""
    rows = (
        (days_visible_to(viewer) if days is None else days)
        .exclude(batch__state=Batch.State.REVERSED)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values("month", "facility__code", "facility__name_ja", "facility__name_en")
        .annotate(gpu_s=Sum("gpu_s"), cpu_s=Sum("cpu_s"), jobs=Sum("jobs"))
    )
    return sorted(rows, key=lambda row: (row["month"], row["facility__code"]))


def by_month_and_type(days: QuerySet[MeterDay]) -> list[dict]:
    """Seconds by accelerator and month, without what was reversed."""
    rows = (
        days.exclude(batch__state=Batch.State.REVERSED)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values("month", "accelerator")
        .annotate(gpu_s=Sum("gpu_s"), cpu_s=Sum("cpu_s"), node_s=Sum("node_s"), jobs=Sum("jobs"))
    )
    return sorted(rows, key=lambda row: (row["month"], row["accelerator"]))


def by_day(days: QuerySet[MeterDay], month: date) -> QuerySet[MeterDay]:
    """The figures of one month, day by day, without what was reversed."""
    within = days.filter(day__gte=month, day__lt=next_month(month)).exclude(batch__state=Batch.State.REVERSED)
    return within.order_by("day", "facility__code", "accelerator", "batch__number")


def kinds_in(days: QuerySet[MeterDay]) -> dict[str, list[str]]:
    """What the days can be narrowed by: their facilities, accelerators, months and members."""
    rows = days.order_by()
    months = rows.annotate(month=TruncMonth("day")).values_list("month", flat=True).distinct()
    return {
        "facility": sorted(rows.values_list("facility__code", flat=True).distinct()),
        "accelerator": sorted(rows.values_list("accelerator", flat=True).distinct()),
        "month": sorted({month_of(month) for month in months}, reverse=True),
        "member": sorted(rows.values_list("member__organization__code", flat=True).distinct()),
    }


def narrowed(days: QuerySet[MeterDay], wanted: Mapping[str, str]) -> QuerySet[MeterDay]:
    """The days of one facility, accelerator, member, from one month, until another: whatever is wanted."""
    columns = {"facility": "facility__code", "accelerator": "accelerator", "member": "member__organization__code"}
    for name, column in columns.items():
        if wanted.get(name):
            days = days.filter(**{column: wanted[name]})
    if wanted.get("since"):
        days = days.filter(day__gte=first_of(wanted["since"]))
    if wanted.get("until"):
        days = days.filter(day__lt=next_month(first_of(wanted["until"])))
    return days


def first_of(month: str) -> date:
    """The first day of a month written 2026-05."""
    return date.fromisoformat(f"{month}-01")


def _own(rows: QuerySet, viewer: Viewer | None) -> QuerySet:
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def matching(rows: QuerySet[Batch], query: str) -> QuerySet[Batch]:
    """Batches whose number, file, digest, member or facility holds the text."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(file_name__icontains=query) | Q(file_sha256__startswith=query.lower())
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    placed = Q(facility__name_ja__icontains=query) | Q(facility__name_en__icontains=query)
    return rows.filter(named | owned | placed | Q(facility__code__icontains=query))


def totals(days: QuerySet[MeterDay]) -> dict[str, int]:
    """Jobs and seconds over the days, 0 where there is none."""
    sums = days.order_by().aggregate(jobs=Sum("jobs"), cpu_s=Sum("cpu_s"), node_s=Sum("node_s"), gpu_s=Sum("gpu_s"))
    return {name: amount or 0 for name, amount in sums.items()}


def by_batch(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    """Batches with the sums of their days."""
    return batches.annotate(gpu_s=Sum("days__gpu_s"), cpu_s=Sum("days__cpu_s"), node_s=Sum("days__node_s"))


def by_member(days: QuerySet[MeterDay]) -> list[dict]:
    """Sums of the days by member and accelerator, without what was reversed."""
    names = ("code", "name_ja", "name_en")
    fields = {f"member_{name}": f"member__organization__{name}" for name in names}
    rows = (
        days.exclude(batch__state=Batch.State.REVERSED)
        .order_by()
        .values(*fields.values(), "accelerator")
        .annotate(jobs=Sum("jobs"), cpu_s=Sum("cpu_s"), gpu_s=Sum("gpu_s"))
    )
    listed = [
        {
            "code": row["member__organization__code"],
            "name_ja": row["member__organization__name_ja"],
            "name_en": row["member__organization__name_en"],
            **{key: row[key] for key in ("accelerator", "jobs", "cpu_s", "gpu_s")},
        }
        for row in rows
    ]
    return sorted(listed, key=lambda row: (row["code"], row["accelerator"]))


def facilities_open_to(viewer: Viewer | None) -> QuerySet[Facility]:
    """Facilities from which a member may send usage in: all of them, since any member may compute anywhere."""
    if viewer is None or viewer.workplace != MEMBER:
        return facilities_visible_to(viewer)
    return _facilities()


def _facilities() -> QuerySet[Facility]:
    return Facility.objects.select_related("operator").prefetch_related("editions__operator")
