from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core.money import apportion
from licensing.core import splits

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "splits.json").read_text(encoding="utf-8"))["splits"]
AMOUNTS = st.dictionaries(st.sampled_from("ABCDE"), st.fractions(0, 100, max_denominator=5), min_size=1).filter(
    lambda amounts: any(amounts.values())
)


def fractions(table: dict[str, str]) -> dict[str, Fraction]:
    return {name: Fraction(value) for name, value in table.items()}


def split(case: dict[str, Any]) -> splits.Split:
    given = case["given"]
    match case["method"]:
        case "pro-rata/1":
            return splits.pro_rata(map(fractions, given["used"].values()))
        case "licensee-centric/1":
            used = {name: fractions(uses) for name, uses in given["used"].items()}
            return splits.licensee_centric(fractions(given["paid"]), used)
        case "share-pool/1":
            return splits.share_pool(fractions(given["transactions"]), given["contributors"])
        case "time-weighted/1":
            return splits.time_weighted(fractions(given["amounts"]), given["days"])
        case "inherited/1":
            parents = [(Fraction(weight), fractions(parts)) for weight, parts in given["parents"]]
            return splits.inherited(parents, fractions(given["own"]))
        case "equal/1":
            return splits.equal(given)
    return splits.proportional(fractions(given))


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{case['method']} {case['source'][:24]}")
def test_published_splits_come_out_exactly(case: dict[str, Any]) -> None:
    found = split(case)
    assert found == fractions(case["parts"])
    if "pool" in case:
        members = sorted(found)
        yen = apportion(case["pool"], [found[member] for member in members], members)
        assert dict(zip(members, yen, strict=True)) == case["yen"]


def test_every_method_has_a_vector() -> None:
    assert {case["method"] for case in VECTORS} == set(splits.METHODS)


@given(AMOUNTS, AMOUNTS)
@settings(max_examples=40, deadline=None)
def test_every_split_sums_to_one(one: dict[str, Fraction], other: dict[str, Fraction]) -> None:
    paid, used = {"L1": Fraction(3), "L2": Fraction(1, 2)}, {"L1": one, "L2": other}
    days = {member: place for place, member in enumerate(one, 1)}
    for found in (
        splits.equal(one),
        splits.proportional(one),
        splits.time_weighted(one, days),
        splits.pro_rata(used.values()),
        splits.licensee_centric(paid, used),
        splits.share_pool(one, one),
        splits.inherited([(Fraction(1, 3), one), (Fraction(1, 6), other)], other),
    ):
        assert sum(found.values()) == 1 and all(part >= 0 for part in found.values())


@given(AMOUNTS)
@settings(max_examples=30, deadline=None)
def test_with_one_licensee_both_ways_of_sharing_revenue_agree(used: dict[str, Fraction]) -> None:
    paid = {"L": Fraction(7)}
    assert splits.pro_rata([used]) == splits.licensee_centric(paid, {"L": used}) == splits.proportional(used)


def test_a_licensee_who_paid_nothing_moves_nothing_where_payment_counts() -> None:
    paid, used = {"L1": Fraction(1), "L2": Fraction(0)}, {"L1": {"A": Fraction(1)}, "L2": {"B": Fraction(9)}}
    assert splits.licensee_centric(paid, used) == {"A": 1}
    assert splits.pro_rata(used.values()) == {"A": Fraction(1, 10), "B": Fraction(9, 10)}


def test_nothing_to_share_by_is_refused() -> None:
    for wrong in (
        lambda: splits.proportional({}),
        lambda: splits.proportional({"A": Fraction(0)}),
        lambda: splits.equal([]),
    ):
        with pytest.raises(splits.NothingToShareBy):
            wrong()
    with pytest.raises(splits.NothingToShareBy):
        splits.licensee_centric({"L": Fraction(1)}, {})
    assert splits.pro_rata([{"A": Fraction(0)}, {"B": Fraction(2)}]) == {"A": 0, "B": 1}
    with pytest.raises(splits.NegativeAmount) as refused:
        splits.proportional({"甲": Fraction(-1), "B": Fraction(2)})
    assert "甲" in refused.value.text("ja")


@pytest.mark.parametrize("weights", [["2/3", "1/2"], ["-1/10"]])
def test_parents_cannot_leave_more_than_the_whole(weights: list[str]) -> None:
    with pytest.raises(splits.BadInheritance):
        splits.inherited([(Fraction(weight), {"A": Fraction(1)}) for weight in weights], {"B": Fraction(1)})
