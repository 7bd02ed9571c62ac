"""Reporting periods, due days and licence years of an agreement."""

from datetime import date

import pytest

from contributions.core.periods import Period
from licensing.core import calendar

TERM = Period(date(2026, 6, 1), date(2028, 3, 1))


def test_quarters_are_those_of_the_calendar_cut_to_the_term() -> None:
    periods = calendar.reporting_periods(TERM, "quarter", on=date(2026, 10, 1))
    assert [(period.start, period.until) for period in periods] == [
        (date(2026, 6, 1), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 10, 1)),
    ]


def test_a_report_is_due_so_many_days_after_the_last_day() -> None:
    assert calendar.due_on(Period(date(2026, 7, 1), date(2026, 10, 1)), 30) == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("day", "start", "until"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), date(2027, 6, 1)),
        (date(2027, 5, 31), date(2026, 6, 1), date(2027, 6, 1)),
        (date(2027, 6, 1), date(2027, 6, 1), date(2028, 3, 1)),
        (date(2028, 2, 29), date(2027, 6, 1), date(2028, 3, 1)),
    ],
)
def test_a_licence_year_counts_from_the_first_day_of_the_term(day, start, until) -> None:
    assert calendar.licence_year(TERM, day) == Period(start, until)


def test_a_term_that_begins_on_a_leap_day_keeps_whole_years() -> None:
    term = Period(date(2028, 2, 29), date(2032, 2, 29))
    assert calendar.licence_year(term, date(2029, 2, 28)) == Period(date(2029, 2, 28), date(2030, 2, 28))
    assert calendar.whole_year(date(2027, 6, 1)).days == 366
