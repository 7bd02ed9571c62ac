"""Usage reports: those handed in, and those owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import FINANCE, OF_USAGE, Viewer, reads
from licensing.core import calendar
from licensing.models import Agreement, UsageReport
from licensing.selectors import agreements, lives


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that an agreement asks for and nobody has handed in."""

    agreement: Agreement
    period_from: date
    period_until: date
    due_on: date
    overdue: bool


def visible_to(viewer: Viewer | None) -> QuerySet[UsageReport]:
    """Reports of the agreements that the viewer may see."""
    rows = UsageReport.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_USAGE) else rows.none()
    return rows.select_related("agreement__licensee__organization", "invoice").prefetch_related("lines")


def owed(viewer: Viewer | None, *, on: date) -> list[Owed]:
    """Every ended reporting period without a report, the oldest first."""
    missing: list[Owed] = []
    if not reads(viewer, OF_USAGE):
        return missing
    for agreement in lives.gathered(agreements.reporting(viewer)):
        held = set(agreement.usage_reports.values_list("period_from", flat=True))
        for period in lives.reporting_periods(agreement, on=on):
            if period.start not in held:
                terms = lives.variables_on(agreement, period.start, known_on=on)
                due_on = calendar.due_on(period, int(terms["report_days"]))
                missing.append(Owed(agreement, period.start, period.until, due_on, overdue=on > due_on))
    return sorted(missing, key=lambda row: (row.due_on, row.agreement.number))


def waiting_for(viewer: Viewer | None) -> QuerySet[UsageReport]:
    """Reports that finance has still to accept."""
    rows = visible_to(viewer).filter(state=UsageReport.State.SUBMITTED)
    return rows if viewer is not None and viewer.workplace == FINANCE else rows.none()
