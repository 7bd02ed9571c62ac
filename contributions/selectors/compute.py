"""Facilities, metering batches and daily figures that a viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from contributions.core.periods import day_after, jst_date, month_of, next_month
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.core.words import Text
from contributions.models import Batch, Entry, Facility, MeterDay
from contributions.selectors import barriers, facilities

# What becomes of a batch by its entries.
TURNS = {
    "batch.received": Batch.State.SUBMITTED,
    "compute.attested": Batch.State.ACCEPTED,
    "compute.reversed": Batch.State.REVERSED,
}


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


def then(batches: Iterable[Batch], on: date) -> list[Batch]:
    """The batches received by the end of the day, each in the state in which it then stood.

    The journal knows the days on which one was attested and reversed; the row keeps only where it stands now.
    """
    rows = [row for row in batches if jst_date(row.received_at) <= on]
    turns = Entry.objects.filter(kind__in=list(TURNS), subject__in=[f"batch:{row.number}" for row in rows])
    stood: dict[str, tuple[str, int]] = {}
    recorded = turns.filter(recorded_at__lt=day_after(on)).order_by("seq")
    for seq, subject, kind in recorded.values_list("seq", "subject", "kind"):
        stood[subject] = TURNS[kind], seq
    for row in rows:
        row.state, row.seq = stood.get(f"batch:{row.number}", (Batch.State.SUBMITTED, row.seq))
    return rows


def behind(batches: QuerySet[Batch], on: date, *, known_at: int | None = None) -> list[Batch]:
    """The batches with usage of the day or before, and how much: as they then stood, or, received later, as they stand.

    Usage counts on the day on which it was used, and its file comes afterwards.
    """
    known = {} if known_at is None else {"days__seq__lt": known_at}
    rows = list(by_batch(batches.filter(days__day__lte=on, **known)).annotate(used=Sum("days__jobs")))
    then(rows, on)
    for row in rows:
        row.jobs = row.used
    return [row for row in rows if row.state != Batch.State.REVERSED or jst_date(row.received_at) <= on]


def standing(days: QuerySet[MeterDay], on: date | None = None, *, known_at: int | None = None) -> QuerySet[MeterDay]:
    """The figures of batches that are not reversed; as of a day, what was used by then and not reversed by then.

    Of a batch received later than the day it is asked whether it is reversed at all. With `known_at`, the first so many
    entries tell what was posted and what reversed, as they do of balances.
    """
    if on is None:
        return days.exclude(batch__state=Batch.State.REVERSED)
    by_then = {"recorded_at__lt": day_after(on)} if known_at is None else {"seq__lt": known_at}
    gone = Entry.objects.filter(kind="compute.reversed", **by_then).order_by()
    numbers = {subject.removeprefix("batch:") for subject in gone.values_list("subject", flat=True).distinct()}
    used = days.filter(day__lte=on).exclude(batch__number__in=numbers)
    if known_at is not None:
        return used.filter(seq__lt=known_at)
    return used.exclude(batch__state=Batch.State.REVERSED, batch__received_at__gte=day_after(on))


def days_then(days: QuerySet[MeterDay], on: date, *, known_at: int | None = None) -> list[MeterDay]:
    """The figures that stood on the day, each with its batch as it then stood, or, received later, as it stands."""
    found = list(standing(days, on, known_at=known_at))
    held = {row.batch_id: row.batch for row in found}
    then(held.values(), on)
    for row in found:
        row.batch = held[row.batch_id]
    return found


def by_member_and_unit(days: QuerySet[MeterDay]) -> dict[tuple[str, str], int]:
    """Sums of the figures by member and unit."""
    units = ("cpu_s", "node_s", "gpu_s")
    rows = days.order_by().values("member__organization__code").annotate(**{f"sum_{unit}": Sum(unit) for unit in units})
    return {(row["member__organization__code"], unit): row[f"sum_{unit}"] for row in rows for unit in units}


def by_month(viewer: Viewer | None, days: QuerySet[MeterDay] | None = None) -> list[dict]:
    """Seconds by facility and month, over what stands of what the viewer may see, or over the figures given."""
    rows = (
        (standing(days_visible_to(viewer)) if days is None else days)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values("month", "facility__code", "facility__name_ja", "facility__name_en")
        .annotate(gpu_s=Sum("gpu_s"), cpu_s=Sum("cpu_s"), jobs=Sum("jobs"))
    )
    return sorted(rows, key=lambda row: (row["month"], row["facility__code"]))


def by_month_and_type(days: QuerySet[MeterDay]) -> list[dict]:
    """Seconds of the figures by accelerator and month."""
    rows = (
        days.order_by()
        .annotate(month=TruncMonth("day"))
        .values("month", "accelerator")
        .annotate(gpu_s=Sum("gpu_s"), cpu_s=Sum("cpu_s"), node_s=Sum("node_s"), jobs=Sum("jobs"))
    )
    return sorted(rows, key=lambda row: (row["month"], row["accelerator"]))


def by_day(days: QuerySet[MeterDay], month: date) -> QuerySet[MeterDay]:
    """The figures of one month, day by day."""
    within = days.filter(day__gte=month, day__lt=next_month(month))
    return within.order_by("day", "facility__code", "accelerator", "batch__number")


def kinds_in(days: QuerySet[MeterDay]) -> dict[str, dict[str, Text]]:
    """What the days can be narrowed by: their facilities, accelerators, months and members, each with its name."""
    rows = days.order_by()

    def named(code: str, ja: str, en: str) -> dict[str, Text]:
        return {row[0]: Text(row[1], row[2]) for row in sorted(rows.values_list(code, ja, en).distinct())}

    def bare(codes: Iterable[str]) -> dict[str, Text]:
        return {code: Text(code, code) for code in codes}

    months = rows.annotate(month=TruncMonth("day")).values_list("month", flat=True).distinct()
    return {
        "facility": named("facility__code", "facility__name_ja", "facility__name_en"),
        "accelerator": bare(sorted(rows.values_list("accelerator", flat=True).distinct())),
        "month": bare(sorted({month_of(month) for month in months}, reverse=True)),
        "member": named(
            "member__organization__code", "member__organization__short_ja", "member__organization__short_en"
        ),
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
    """Sums of the figures by member and accelerator."""
    names = ("code", "name_ja", "name_en")
    fields = {f"member_{name}": f"member__organization__{name}" for name in names}
    rows = (
        days.order_by()
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
