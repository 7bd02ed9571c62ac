"""A quote is the rating engine over a year: its reports sum to it, and it never knows more than the terms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core import quotes, rates
from licensing.core.usage import UsageLine

TAX = Fraction(1, 10)
TERMS: dict[str, Any] = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [{"from": "0", "until": "500", "price": "12000"}, {"from": "500", "until": None, "price": "9000"}],
    "minimum": "0",
}


def quote(quantities: dict[str, int], every: str = "quarter", **terms: object) -> quotes.Quote:
    return quotes.quote(
        TERMS | terms, {region: Fraction(units) for region, units in quantities.items()}, every=every, tax=TAX
    )


def test_eight_hundred_robots_in_japan_and_thailand() -> None:
    """Reported once a year the second tier is reached; in quarters it is not."""
    year, quarters = quote({"JP": 600, "TH": 200}, "year"), quote({"JP": 600, "TH": 200})
    assert (year.net, year.tax, year.gross) == (8_700_000, 870_000, 9_570_000)
    assert (quarters.net, quarters.gross) == (9_600_000, 10_560_000)
    assert [(row.first, row.last, row.units) for row in quarters.reports] == [(1, 4, 200)]


def test_what_does_not_divide_goes_into_the_earlier_reports() -> None:
    assert [(row.first, row.last, row.units) for row in quote({"JP": 10}).reports] == [(1, 2, 3), (3, 4, 2)]


def test_the_last_report_brings_the_year_up_to_its_minimum() -> None:
    found = quote({"JP": 4}, minimum="1000000")
    assert (found.net, found.reports[-1].fee.yen) == (1_000_000, 1_000_000 - 3 * 12_000)


def test_a_cap_holds_over_the_year() -> None:
    assert quote({"JP": 800}, cap="5000000").net == 5_000_000


def test_regions_that_are_not_offered_and_quantities_that_are_none_are_refused() -> None:
    with pytest.raises(quotes.NotOffered, match="VN"):
        quote({"VN": 1}, regions={"JP": "1"})
    with pytest.raises(quotes.NothingAsked):
        quote({"JP": 0})
    with pytest.raises(quotes.TooMuch):
        quote({"JP": -1})
    with pytest.raises(quotes.TooMuch):
        quote({"JP": 2**62})


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from(list(quotes.REPORTS)))
def test_the_reports_hold_all_that_was_asked_and_sum_to_the_year(japan: int, thailand: int, every: str) -> None:
    found = quote({"JP": japan, "TH": thailand}, every)
    assert sum(row.units * row.count for row in found.reports) == japan + thailand
    assert sum(row.fee.yen * row.count for row in found.reports) == found.net
    if every == "year":
        lines = [UsageLine("robot", "JP", Fraction(japan)), UsageLine("robot", "TH", Fraction(thailand))]
        assert found.net == rates.rate(TERMS, lines).yen
