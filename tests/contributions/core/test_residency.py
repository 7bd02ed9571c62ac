"""Breaches: their days, the part of a period that none of them covers, and how one ends."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core import residency
from contributions.core.residency import Breach

START, UNTIL = date(2026, 4, 1), date(2026, 10, 1)
DAYS = (UNTIL - START).days


def breach(since: date, until: date | None = None) -> Breach:
    return Breach("RB-minato-0001", "dataset:D-minato-0001@1", "SG", since, until)


def test_a_breach_covers_its_first_day_and_not_the_day_on_which_it_ended() -> None:
    ended = breach(date(2026, 5, 1), date(2026, 6, 1))
    days = (date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 1))
    assert [ended.covers(day) for day in days] == [False, True, True, False]
    assert breach(date(2026, 5, 1)).covers(date(2099, 1, 1))


def test_what_a_breach_covers_is_left_out_to_the_day() -> None:
    assert residency.kept_part([], START, UNTIL) == 1
    assert residency.kept_part([breach(date(2026, 5, 1), date(2026, 6, 1))], START, UNTIL) == 1 - Fraction(31, DAYS)
    assert residency.kept_part([breach(date(2026, 3, 1))], START, UNTIL) == 0
    assert residency.kept_part([breach(date(2026, 1, 1), START)], START, UNTIL) == 1


spans = st.lists(st.tuples(st.integers(-40, 220), st.integers(1, 60)), max_size=5)


@given(spans)
def test_overlapping_breaches_count_each_day_once(spans) -> None:
    found = [breach(START + timedelta(a), START + timedelta(a + n)) for a, n in spans]
    days = [START + timedelta(n) for n in range(DAYS)]
    kept = sum(not any(each.covers(day) for each in found) for day in days)
    assert residency.kept_part(found, START, UNTIL) == Fraction(kept, DAYS)


def test_a_breach_ends_once_and_after_it_began() -> None:
    residency.check_mended(breach(START), date(2026, 4, 2))
    with pytest.raises(residency.MendedBefore):
        residency.check_mended(breach(START), START)
    with pytest.raises(residency.MendedAlready):
        residency.check_mended(breach(START, UNTIL), UNTIL)
    with pytest.raises(residency.UnknownFinder):
        residency.check_finder("rumour")
