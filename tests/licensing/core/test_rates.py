from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core import advances, cliffs, rates, tariffs
from licensing.core.decimals import NotADecimal, decimal
from licensing.core.tariffs import TariffRefused
from licensing.core.usage import UsageLine

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "charges.json").read_text())
TIERS = [{"from": "0", "until": "100", "price": "30"}, {"from": "100", "until": None, "price": "20"}]
GRADUATED: dict[str, Any] = {"unit": "robot", "mode": "graduated", "tiers": TIERS, "minimum": "0", "currency": "JPY"}


def used(units: object, region: str = "JP", events: int = 0) -> UsageLine:
    return UsageLine("robots", region, Fraction(str(units)), events)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["name"]))
def test_fees_match_the_published_vectors(case: dict[str, Any]) -> None:
    for units, due in case["fees"]:
        fee = rates.rate(case["terms"], [used(units, events=case.get("events", 0))])
        assert fee.exact == decimal(due), units
        assert sum(line.amount for line in fee.lines) == fee.exact
        assert fee.yen == int(fee.exact)


def test_rates_on_sales_are_printed_in_per_cent_whatever_the_mode_and_read_back_from_the_print() -> None:
    terms = next(case["terms"] for case in VECTORS["cases"] if case["name"] == "royalty on sales, volume")
    tariff = tariffs.tariff(terms)
    printed = tariffs.rows(tariff)
    assert [row.price.ja for row in printed] == ["3%", "2%", "1.5%"]
    assert tariffs.summary(tariff).en.startswith("up to 100,000,000 yen: 3%;")
    for row, tier in zip(printed, tariff.tiers, strict=True):
        for language in ("ja", "en"):
            assert tariffs.read_row(tariff, row, language) == (tier.start, tier.until, tier.price)


def test_regions_stand_by_name_in_what_is_printed_and_charged() -> None:
    terms = {**GRADUATED, "regions": {"JP": "1", "TH": "1/2"}}
    labels = [row.range for row in tariffs.conditions(terms)]
    assert [label.ja for label in labels] == ["日本での利用に適用する割合", "タイでの利用に適用する割合"]
    assert "Thailand" in rates.rate(terms, [used(50, "TH")]).lines[-1].text.en


@pytest.mark.parametrize("case", VECTORS["true_up"])
def test_the_minimum_is_trued_up(case: dict[str, Any]) -> None:
    assert rates.true_up(Fraction(case["minimum"]), Fraction(case["earned"]), days=case["days"]) == case["due"]


@pytest.mark.parametrize("mode", ["graduated", "volume"])
def test_blocks_cost_what_is_published(mode: str) -> None:
    case = VECTORS["blocks"]
    fees = [
        rates.rate({"unit": "call", "mode": mode, "tiers": case["tiers"][name]}, [used(units)]).exact
        for name, units in case["used"].items()
    ]
    assert sum(fees) == decimal(case[mode])


def test_an_advance_is_used_up_before_anything_is_paid_and_the_year_still_comes_to_its_minimum() -> None:
    case = VECTORS["year"]
    balance, paid = case["advance"], case["advance"]
    for fee, pays, left in zip(case["earned"], case["pays"], case["balances"], strict=True):
        paying, balance = advances.credited(fee, balance)
        paid += paying
        assert (paying, balance) == (pays, left)
    missing = rates.true_up(Fraction(case["minimum"]), Fraction(sum(case["earned"])))
    assert (missing, paid + missing) == (case["true_up"], case["total"])


def test_whoever_reports_late_pays_the_standard_price() -> None:
    case = VECTORS["compliance"]
    terms, units = {"unit": "device", "mode": "standard", "tiers": case["tiers"]}, [used(case["units"])]
    assert rates.rate(terms, units).exact == decimal(case["compliant"])
    assert rates.rate(terms, units, compliant=False).exact == decimal(case["standard"])
    assert rates.lost_benefit(terms, units) == decimal(case["lost"])


@pytest.mark.parametrize("case", VECTORS["groups"]["cases"])
def test_a_group_of_affiliates_has_one_free_tier_and_one_cap(case: dict[str, Any]) -> None:
    others = rates.Others(*(decimal(value) for value in case["others"]))
    fee = rates.rate(VECTORS["groups"]["terms"], [used(case["units"])], others=others)
    assert (fee.exact, fee.free) == (decimal(case["due"]), decimal(case["free"]))
    assert sum(line.amount for line in fee.lines) == fee.exact


def test_the_narrowest_of_several_caps_decides_and_each_says_what_it_took_off() -> None:
    terms = {**GRADUATED, "cap": "3500", "category_cap": "5000", "group_cap": "9000"}
    others = rates.Others(in_field=Fraction(2000), in_all=Fraction(8500))
    fee = rates.rate(terms, [used(150)], others=others)
    assert [line.amount for line in fee.lines] == [3000, 1000, -500, -500, -2500]
    assert fee.yen == 500


def test_a_minimum_never_lifts_a_group_past_its_cap() -> None:
    terms = {**GRADUATED, "minimum": "3000", "group_cap": "4000"}
    closing = rates.YearEnd(365, 365)
    assert rates.rate(terms, [], closing=closing).yen == 3000
    assert rates.rate(terms, [], closing=closing, others=rates.Others(in_all=Fraction(3200))).yen == 800


def test_each_tier_entered_has_its_line() -> None:
    fee = rates.rate(GRADUATED, [used(150)])
    assert [(line.units, line.price, line.amount) for line in fee.lines] == [(100, 30, 3000), (50, 20, 1000)]
    assert all(line.text.ja and line.text.en for line in fee.lines)


def test_a_region_at_half_the_rate_pays_half_of_its_proportion() -> None:
    terms = {**GRADUATED, "regions": {"JP": "1", "R2": "1/2"}}
    fee = rates.rate(terms, [used(50, "JP"), used(100, "R2")])
    assert fee.exact == 4000 - Fraction(4000 * 100, 150) / 2
    with pytest.raises(rates.BadTerms, match="R3"):
        rates.rate(terms, [used(1, "R3")])


def test_the_order_of_lines_does_not_change_the_fee() -> None:
    terms = {**GRADUATED, "regions": {"JP": "1", "R2": "1/2"}}
    lines = [used(50, "JP"), used(100, "R2")]
    assert rates.rate(terms, lines).exact == rates.rate(terms, lines[::-1]).exact


def test_the_cap_counts_what_the_year_was_charged_before() -> None:
    terms = {**GRADUATED, "cap": "5000"}
    assert rates.rate(terms, [used(150)], charged=Fraction(2000)).yen == 3000
    assert rates.rate(terms, [used(150)], charged=Fraction(9000)).yen == 0
    assert rates.rate(terms, [used(150)]).yen == 4000


def test_no_usage_costs_nothing_without_a_flat_fee() -> None:
    assert rates.rate(GRADUATED, []).yen == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"discount": "1/10"},
        {"cap": "10", "minimum": "20"},
        {"mode": "package", "package_size": "0", "tiers": [TIERS[1] | {"from": "0"}]},
        {"mode": "package"},
        {"free_units": "-1"},
        {"free_events": 0.5},
        {"regions": ["JP"]},
        {"free_per": "family"},
        {"group_cap": "10", "minimum": "20"},
        {"fixed": "2"},
        {"package_size": "10"},
    ],
)
def test_terms_that_are_not_right_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(rates.BadTerms):
        rates.read({**GRADUATED, **changes})


def test_tiers_with_a_gap_are_refused() -> None:
    with pytest.raises(TariffRefused):
        rates.read({**GRADUATED, "tiers": [TIERS[0], {**TIERS[1], "from": "120"}]})


def test_a_float_price_is_refused() -> None:
    with pytest.raises(NotADecimal):
        rates.read({**GRADUATED, "cap": 0.5})


def test_a_volume_cliff_is_reported_with_its_height() -> None:
    case = next(case for case in VECTORS["cases"] if case["name"] == "royalty on sales, volume")
    first, second = cliffs.warnings(case["terms"])
    assert (first.facts["units"], first.facts["drop"]) == ("100,000,000", "1,000,000")
    assert (second.facts["units"], second.facts["drop"]) == ("500,000,000", "2,500,000")
    assert cliffs.warnings(GRADUATED) == ()


def test_a_sample_marks_the_cliffs() -> None:
    points = cliffs.sample({**GRADUATED, "mode": "volume"}, [Fraction(0), Fraction(200)])
    assert [(point.units, point.fee, point.cliff) for point in points] == [
        (0, 0, False),
        (100, 3000, True),
        (100, 2000, False),
        (200, 4000, False),
    ]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_graduated_fee_never_falls_as_usage_grows(units: int, more: int) -> None:
    assert rates.rate(GRADUATED, [used(units + more)]).exact >= rates.rate(GRADUATED, [used(units)]).exact


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_splitting_a_report_into_lines_does_not_change_the_fee(parts: list[int]) -> None:
    lines = [used(part, f"R{index}") for index, part in enumerate(parts)]
    assert rates.rate(GRADUATED, lines).exact == rates.rate(GRADUATED, [used(sum(parts))]).exact
