"""Usage reports: those handed in, and those owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from contributions.core.periods import Period
from contributions.core.roles import FINANCE, Viewer
from licensing.core import calendar
from licensing.models import Agreement, UsageReport
from licensing.selectors import agreements


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
    return (
        UsageReport.objects.filter(agreement__in=agreements.visible_to(viewer))
        .select_related("agreement__licensee__organization", "invoice")
        .prefetch_related("lines")
    )


def owed(viewer: Viewer | None, *, on: date) -> list[Owed]:
    """Every ended reporting period without a report, the oldest first."""
    missing = []
    for agreement in agreements.reporting(viewer):
        held = set(agreement.usage_reports.values_list("period_from", flat=True))
        term = Period(agreement.term_from, agreement.term_until)
        for period in calendar.reporting_periods(term, agreement.variables["report_period"], on=on):
            if period.start not in held:
                due_on = calendar.due_on(period, int(agreement.variables["report_days"]))
                missing.append(Owed(agreement, period.start, period.until, due_on, overdue=on > due_on))
    return sorted(missing, key=lambda row: (row.due_on, row.agreement.number))


def waiting_for(viewer: Viewer | None) -> QuerySet[UsageReport]:
    """Reports that finance has still to accept."""
    rows = visible_to(viewer).filter(state=UsageReport.State.SUBMITTED)
    return rows if viewer is not None and viewer.workplace == FINANCE else rows.none()
