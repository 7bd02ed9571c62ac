"""Past usage of live agreements, gathered so that a concession can be rated across the portfolio. It only reads."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from contributions.core.money import fraction
from contributions.core.periods import Period
from contributions.core.roles import Viewer
from licensing.core import assembly, calendar, concessions, variables
from licensing.core.usage import UsageLine
from licensing.models import Agreement, UsageReport
from licensing.selectors import agreements, lives
from licensing.services import fees


def past_usage(viewer: Viewer, schedule: str) -> list[concessions.Past]:
    """Accepted reports of agreements in force on that schedule, in order, as the rating engine needs them."""
    held = agreements.in_force(viewer).filter(schedule__number=schedule)
    rows = UsageReport.objects.filter(agreement__in=held, state=UsageReport.State.ACCEPTED)
    rows = rows.select_related("agreement__licensee__organization", "agreement__schedule").prefetch_related("lines")
    return [_past(row) for row in rows.order_by("agreement__number", "period_from")]


def reached(viewer: Viewer, name: str, value: object, on: date) -> list[concessions.Reach]:
    """Every agreement in force that holds a figure: as it stands on the day, and as it would with the concession."""
    measure, _words = concessions.MEASURES.get(name, (None, None))
    found = []
    for row in agreements.in_force(viewer).select_related("licensee__organization", "template"):
        variable = assembly.template(row.template.document).schema.get(name)
        held = lives.as_of(row, on).variables.get(name)
        if variable is None or held is None:
            continue
        now, then = (variables.values({name: variable}, {name: one})[name] for one in (held, value))
        yen = measure(_year_of(row, on), fraction(str(held)), fraction(str(value))) if measure else None
        printed = [variables.printed(variable, one) for one in (now, then)]
        found.append(concessions.Reach(row.number, row.licensee.organization, *printed, yen))
    return sorted(found, key=lambda one: one.agreement)


def _year_of(agreement: Agreement, on: date) -> int:
    """The fees of the reports that were accepted for periods of the past year."""
    rows = agreement.usage_reports.filter(state=UsageReport.State.ACCEPTED, period_until__gt=on - timedelta(days=365))
    return sum(int(row.fee["yen"]) for row in rows if row.fee)


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
