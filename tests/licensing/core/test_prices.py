"""Every fault of a drafted price list at once, each at its field; the engine and the drafter never disagree."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core.errors import Refused
from licensing.core import prices

GOOD: dict[str, Any] = {
    "unit": "robot",
    "mode": "graduated",
    "tiers": [{"from": "0", "until": "100", "price": "30"}, {"from": "100", "until": None, "price": "20"}],
    "minimum": "0",
}


def fields(document: dict[str, Any]) -> list[str]:
    return [finding.field for finding in prices.examine(document)]


def test_terms_that_are_right_have_no_finding() -> None:
    assert fields(GOOD) == []


def test_every_fault_is_named_at_once_beside_its_field() -> None:
    tiers = [
        {"from": "0", "until": "100", "price": "thirty"},
        {"from": "100", "until": "90", "price": "20", "flat": "-1"},
        {"from": "90", "until": None, "price": "10", "standard": "x"},
    ]
    document = {**GOOD, "unit": "ship", "tiers": tiers, "cap": "ten", "regions": {"TH": "half"}, "advance": "-5"}
    assert fields(document) == [
        "unit", "tiers.1.price", "tiers.2.flat", "tiers.2.until", "tiers.3.standard",
        "cap", "advance", "regions.TH",
    ]  # fmt: skip
    assert all(finding.text("ja") and finding.text("en") for finding in prices.examine(document))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cap": "10", "minimum": "20"}, "cap"),
        ({"category_cap": "10", "minimum": "20"}, "category_cap"),
        ({"mode": "package"}, "tiers"),
        ({"package_size": "10"}, "package_size"),
        ({"free_per": "family"}, "free_per"),
        ({"discount": "1/10"}, "terms"),
    ],
)
def test_what_contradicts_something_else_is_named_too(changes: dict[str, Any], field: str) -> None:
    assert fields({**GOOD, **changes}) == [field]


RATES: dict[str, Any] = {"unit": "JPY", "mode": "percentage", "minimum": "0"}


@pytest.mark.parametrize(
    ("document", "faults"),
    [
        (GOOD | {"tiers": [{"from": "0", "until": None, "price": "1/3"}]}, ["tiers.1.price"]),
        (GOOD | {"cap": "100/3", "credit": "1/7"}, ["cap", "credit"]),
        (GOOD | {"tiers": [{"from": "0", "until": None, "price": "30", "standard": "20"}]}, ["tiers.1.standard"]),
        (RATES | {"tiers": [{"from": "0", "until": None, "price": "3/2"}]}, ["tiers.1.price"]),
        (RATES | {"tiers": [{"from": "0", "until": None, "price": "1/3"}]}, []),
        (RATES | {"unit": "robot", "tiers": [{"from": "0", "until": None, "price": "3/100"}]}, ["mode"]),
        (GOOD | {"tiers": [{"from": "0", "until": None, "price": "30", "standard": "40"}]}, []),
    ],
)
def test_what_no_contract_may_say_is_named_though_it_could_be_rated(document, faults) -> None:
    assert fields(document) == [] and [finding.field for finding in prices.unfit(document)] == faults
    assert all(finding.text("ja") and finding.text("en") for finding in prices.unfit(document))


def test_a_fault_beside_its_field_does_not_call_it_by_its_code() -> None:
    (finding,) = prices.examine({**GOOD, "cap": "10", "minimum": "20"})
    assert finding.text("ja") == "「10」：最低額以上にしてください。"


NUMBERS = st.sampled_from(["0", "5", "100", "1/3", "0.05", "-1", "ten", "", None])
CHANGES = st.dictionaries(
    st.sampled_from(["cap", "group_cap", "minimum", "free_units", "credit", "package_size", "mode", "unit"]),
    st.one_of(NUMBERS, st.sampled_from(["volume", "package", "call"])),
    max_size=4,
)


@given(CHANGES)
def test_the_drafter_is_told_of_a_fault_exactly_where_the_engine_refuses(changes: dict[str, Any]) -> None:
    document = {**copy.deepcopy(GOOD), **changes}
    try:
        prices.read(document)
        refused = False
    except Refused:
        refused = True
    assert bool(prices.examine(document)) is refused
