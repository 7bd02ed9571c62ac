"""Deadlines: business days over the year-end and substitute holidays, months back from the end of a term."""

from datetime import date

import pytest

from licensing.adapters.holidays import is_business_day
from licensing.core import deadlines


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2027, 1, 31), date(2027, 1, 29), date(2027, 2, 1)),
        (date(2026, 12, 31), date(2026, 12, 30), date(2027, 1, 4)),
        (date(2027, 3, 20), date(2027, 3, 19), date(2027, 3, 23)),  # 振替休日 on Monday the 22nd
        (date(2027, 5, 3), date(2027, 4, 30), date(2027, 5, 6)),
        (date(2027, 10, 31), date(2027, 10, 29), date(2027, 11, 1)),
    ],
)
def test_days_roll_past_what_the_calendar_of_japan_shuts(day, before, after):
    """Vectors of the finance study, 5.11."""
    assert deadlines.rolled(day, "previous", is_business_day) == before
    assert deadlines.rolled(day, "next", is_business_day) == after
    assert deadlines.rolled(day, "none", is_business_day) == day


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        (date(2026, 12, 28), 5, date(2027, 1, 6)),
        (date(2026, 12, 25), 5, date(2027, 1, 5)),
        (date(2026, 9, 30), 10, date(2026, 10, 15)),  # スポーツの日
        (date(2027, 3, 19), 1, date(2027, 3, 23)),
        (date(2027, 1, 4), -1, date(2026, 12, 30)),
        (date(2026, 9, 24), -1, date(2026, 9, 18)),  # 敬老の日, 国民の休日, 秋分の日
        (date(2026, 10, 1), 0, date(2026, 10, 1)),
    ],
)
def test_business_days_are_counted_without_the_first(day, count, reached):
    assert deadlines.business_days_from(day, count, is_business_day) == reached


@pytest.mark.parametrize(
    ("until", "months", "day", "safe_day"),
    [
        (date(2028, 6, 24), 3, date(2028, 3, 23), date(2028, 3, 23)),
        (date(2027, 6, 1), 3, date(2027, 2, 28), date(2027, 2, 26)),
        (date(2027, 4, 1), 3, date(2026, 12, 31), date(2026, 12, 30)),
        (date(2028, 5, 31), 3, date(2028, 2, 29), date(2028, 2, 29)),
        (date(2027, 6, 23), 3, date(2027, 3, 22), date(2027, 3, 19)),
    ],
)
def test_a_notice_day_is_counted_back_from_the_last_day_of_the_term(until, months, day, safe_day):
    found = deadlines.notice_day(until, months=months, is_business_day=is_business_day)
    assert (found.day, found.safe_day) == (day, safe_day)


def test_a_notice_in_business_days_falls_on_one():
    found = deadlines.notice_day(date(2027, 1, 8), business_days=3, is_business_day=is_business_day)
    assert found.day == found.safe_day == date(2027, 1, 4)


def test_what_is_owed_in_business_days_takes_no_calendar_days():
    due = deadlines.due(date(2026, 9, 30), days=60, business_days=10, is_business_day=is_business_day)
    assert due == date(2026, 10, 15)
    assert deadlines.due(date(2026, 9, 30), days=60, is_business_day=is_business_day) == date(2026, 11, 29)
