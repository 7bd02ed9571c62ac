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


def quote(
    quantities: dict[str, int], every: str = "quarter", others: rates.Others | None = None, **terms: object
) -> quotes.Quote:
    asked = {region: Fraction(units) for region, units in quantities.items()}
    return quotes.quote(TERMS | terms, asked, every=every, tax=TAX, others=others)


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


def test_a_year_without_use_costs_the_minimum() -> None:
    assert quote({"JP": 0, "TH": 0}, minimum="6000000").fees == 6_000_000 and quote({"JP": 0}).fees == 0


def test_a_cap_holds_over_the_year() -> None:
    assert quote({"JP": 800}, cap="5000000").net == 5_000_000


def test_regions_that_are_not_offered_and_quantities_that_are_none_are_refused() -> None:
    with pytest.raises(quotes.NotOffered, match="Viet Nam"):
        quote({"VN": 1}, regions={"JP": "1"})
    with pytest.raises(quotes.NothingAsked):
        quote({})
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


def test_an_advance_is_part_of_the_first_year_and_its_tax_is_reckoned_invoice_by_invoice() -> None:
    carried = quote({"JP": 400}, every="half", advance="3000000")
    assert (carried.fees, carried.used, carried.left, carried.net) == (4_800_000, 3_000_000, 0, 4_800_000)
    assert [row.net for row in carried.reports] == [0, 1_800_000] and carried.tax == 300_000 + 0 + 180_000
    apart = quote({"JP": 400}, every="half", advance="3000000", advance_credit="none")
    assert (apart.net, apart.gross) == (7_800_000, 8_580_000)
    large = quote({"JP": 10}, advance="3000000", advance_credit="year")
    assert (large.used, large.left, large.net) == (120_000, 2_880_000, 3_000_000)


def test_affiliates_share_one_free_tier_and_one_cap_in_a_quote() -> None:
    alone = quote({"JP": 300}, "year", free_units="100", free_per="group")
    beside = rates.Others(free=Fraction(100), in_field=Fraction(0), in_all=Fraction(0))
    shared = quote({"JP": 300}, "year", free_units="100", free_per="group", others=beside)
    assert (alone.fees, shared.fees) == (200 * 12_000, 300 * 12_000)
    near = rates.Others(in_all=Fraction(4_000_000))
    assert quote({"JP": 800}, group_cap="5000000", others=near).fees == 1_000_000
