"""Amendments: the day they take effect lies within the term."""

from datetime import date

import pytest

from contributions.core.periods import Period
from licensing.core import amendments

TERM = Period(date(2026, 6, 24), date(2028, 6, 24))


@pytest.mark.parametrize("day", [date(2026, 6, 23), date(2028, 6, 24), date(2029, 1, 1)])
def test_a_day_outside_the_term_is_refused_with_the_term(day):
    with pytest.raises(amendments.OutsideTerm, match="from 2026-06-24 to 2028-06-23"):
        amendments.check_day(day, term=TERM)
    amendments.check_day(date(2028, 6, 23), term=TERM)
