"""Facilities, metering batches and daily figures that a viewer may see."""

from __future__ import annotations

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth

from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import Batch, Facility, MeterDay


def facilities_visible_to(viewer: Viewer | None) -> QuerySet[Facility]:
    """The secretariat sees all; a member those it operates or has metered at."""
    rows = Facility.objects.select_related("operator")
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    if viewer.workplace == MEMBER:
        own = rows.filter(operator__code=viewer.acting)
        return (own | rows.filter(batches__member__organization__code=viewer.acting)).distinct()
    return rows.none()


def batches_visible_to(viewer: Viewer | None) -> QuerySet[Batch]:
    """Legal, desk and auditor see all; a member its own."""
    return _own(Batch.objects.select_related("member__organization", "facility", "funding"), viewer)


def days_visible_to(viewer: Viewer | None) -> QuerySet[MeterDay]:
    """Daily figures of the batches that the viewer may see."""
    return _own(MeterDay.objects.select_related("member__organization", "facility", "batch"), viewer)


def by_month(viewer: Viewer | None) -> list[dict]:
    """GPU and CPU seconds by facility and month, over what the viewer may see."""
    rows = (
        days_visible_to(viewer)
        .exclude(batch__state=Batch.State.REVERSED)
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values("month", "facility__code", "facility__name_ja", "facility__name_en")
        .annotate(gpu_s=Sum("gpu_s"), cpu_s=Sum("cpu_s"), jobs=Sum("jobs"))
    )
    return sorted(rows, key=lambda row: (row["month"], row["facility__code"]))


def _own(rows: QuerySet, viewer: Viewer | None) -> QuerySet:
    if viewer is None:
        return rows.none()
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()
