"""Past usage of live agreements, gathered so that a concession can be rated across the portfolio. It only reads."""

from __future__ import annotations

from fractions import Fraction

from contributions.core.periods import Period
from contributions.core.roles import Viewer
from licensing.core import calendar, concessions
from licensing.core.usage import UsageLine
from licensing.models import UsageReport
from licensing.selectors import agreements
from licensing.services import fees


def past_usage(viewer: Viewer, schedule: str) -> list[concessions.Past]:
    """Accepted reports of agreements in force on that schedule, in order, as the rating engine needs them."""
    held = agreements.in_force(viewer).filter(schedule__number=schedule)
    rows = UsageReport.objects.filter(agreement__in=held, state=UsageReport.State.ACCEPTED)
    rows = rows.select_related("agreement__licensee__organization", "agreement__schedule").prefetch_related("lines")
    return [_past(row) for row in rows.order_by("agreement__number", "period_from")]


def _past(report: UsageReport) -> concessions.Past:
    agreement = report.agreement
    year = calendar.licence_year(Period(agreement.term_from, agreement.term_until), report.period_from)
    return concessions.Past(
        agreement=agreement.number,
        licensee=agreement.licensee.organization,
        report=report.number,
        year=year.start.isoformat(),
        usage=tuple(UsageLine(line.metric, line.region, Fraction(line.units)) for line in report.lines.all()),
        terms=agreement.variables["terms"],
        **fees.circumstances(report),
    )
