"""Editions: the terms of a day, periods cut where prices change, and nothing that reaches back."""

from datetime import date
from itertools import pairwise

import pytest

from contributions.core.periods import Period
from licensing.core import editions
from licensing.core.editions import Edition, EffectTooEarly

TERM = Period(date(2026, 6, 24), date(2028, 6, 24))
BASE = {"terms": {"minimum": "6"}, "minimum": "6", "report_period": "quarter", "regions": ["JP"], "court": "東京"}


def edition(number: int, day: date, **changes) -> Edition:
    return Edition(number, f"M-{number}", day, BASE | changes, (("fees", 1),))


FIRST = edition(1, TERM.start)


def test_the_edition_of_a_day_is_the_last_that_had_begun():
    known = [FIRST, edition(2, date(2027, 1, 1), court="大阪"), edition(3, date(2027, 1, 1), court="京都")]
    assert [editions.as_of(known, day).version for day in (TERM.start, date(2026, 12, 31), date(2027, 1, 1))] == [
        1,
        1,
        3,
    ]


def test_a_period_is_cut_where_prices_change_and_nowhere_else():
    known = [FIRST, edition(2, date(2026, 11, 1), court="大阪"), edition(3, date(2026, 11, 15), regions=["JP", "VN"])]
    found = editions.reporting_periods(TERM, known, on=date(2027, 1, 1))
    assert [(period.start, period.until) for period in found] == [
        (date(2026, 6, 24), date(2026, 7, 1)),
        (date(2026, 7, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 11, 15)),
        (date(2026, 11, 15), date(2027, 1, 1)),
    ]


def test_another_reporting_period_holds_from_its_day_on():
    known = [FIRST, edition(2, date(2027, 1, 1), report_period="half")]
    found = editions.reporting_periods(TERM, known, on=date(2027, 7, 1))
    assert [period.until for period in found] == [
        date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1), date(2027, 7, 1),
    ]  # fmt: skip


def test_the_parts_of_all_periods_make_the_term():
    known = [FIRST, edition(2, date(2027, 2, 10), regions=["TH"]), edition(3, date(2027, 5, 1), report_period="year")]
    found = editions.reporting_periods(TERM, known, on=TERM.until)
    assert found[0].start == TERM.start and found[-1].until == TERM.until
    assert all(one.until == following.start for one, following in pairwise(found))


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 12, 31)])
def test_a_change_reaches_neither_behind_another_nor_into_reported_usage(day):
    known = [FIRST, edition(2, date(2026, 10, 1))]
    with pytest.raises(EffectTooEarly):
        editions.check_effective(day, editions=known, settled_until=date(2027, 1, 1))
    editions.check_effective(date(2027, 1, 1), editions=known, settled_until=date(2027, 1, 1))
