from __future__ import annotations

from fractions import Fraction

import pytest
from allocation_cases import POLICY, policy

from licensing.core import policies, prose


def test_a_policy_reads_into_exact_fractions() -> None:
    read = policies.read(policy(floor="1/100", cap="40/100"))
    assert [category.weight for category in read.categories] == [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]
    assert (read.floor, read.cap, read.grid) == (Fraction(1, 100), Fraction(2, 5), 1_000_000)


def test_weights_that_do_not_sum_to_one_are_refused_with_their_sum() -> None:
    rows = [{**row, "weight": "1/4"} for row in POLICY["categories"]]
    with pytest.raises(policies.WeightsNotOne) as refusal:
        policies.read(policy(categories=rows))
    assert "3/4" in refusal.value.text("ja")


@pytest.mark.parametrize("value", [0.5, 1.0])
def test_a_float_anywhere_is_refused(value: float) -> None:
    with pytest.raises(policies.FloatInPolicy):
        policies.read(policy(floor=value))
    with pytest.raises(policies.FloatInPolicy):
        policies.read(policy(categories=[{**POLICY["categories"][0], "weight": value}]))


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "auction/1"},
        {"rounding": {"method": "half-even/1", "grid": 1_000_000, "tie": "member-code"}},
        {"rounding": {"method": "largest-remainder/1", "grid": 1_000_000, "tie": "age"}},
        {"disclosure": "everything/1"},
        {"bonus": "1/10"},
        {"empty_category": "ignore"},
        {"floor": "1/3"},
        {"floor": "1/2", "cap": "1/10"},
        {"cap": "0"},
        {"version": True},
        {"v": 2},
        {"right": "ownership"},
        {"categories": []},
        {"categories": [POLICY["categories"][0], POLICY["categories"][0]]},
        {"categories": [{"code": "cash", "weight": "1", "units": {}}]},
        {"categories": [{"code": "cash", "weight": "1", "units": {"JPY": "1"}, "factors": ["quality"]}]},
        {"categories": [{"code": "cash", "weight": "0.5", "units": {"JPY": "1"}}]},
        {"categories": ["cash"]},
        {"residency": "JP"},
    ],
)
def test_an_unknown_step_or_a_wrong_value_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(policies.BadPolicy) as refusal:
        policies.read(policy(**changes))
    assert refusal.value.text("ja") != refusal.value.text("en")


def test_a_policy_without_a_field_is_refused() -> None:
    document = policy()
    del document["disclosure"]
    with pytest.raises(policies.BadPolicy, match="disclosure"):
        policies.read(document)


def test_bounds_that_the_members_cannot_meet_are_refused() -> None:
    rule = policies.read(policy(floor="20/100", cap="40/100"))
    policies.check_bounds(rule, members=5, earning=5)
    for members, earning in ((6, 6), (2, 2), (3, 1)):
        with pytest.raises(policies.BoundsInfeasible):
            policies.check_bounds(rule, members=members, earning=earning)


def test_the_address_changes_with_any_change_and_not_with_order() -> None:
    turned = dict(reversed(list(POLICY.items())))
    assert policies.address(turned) == policies.address(POLICY)
    assert policies.address(policy(version=4)) != policies.address(POLICY)


def test_a_policy_reads_aloud_in_both_languages() -> None:
    said = prose.sentences(policies.read(policy(floor="1/100", cap="40/100")))
    japanese, english = ("\n".join(text.of(language) for text in said) for language in ("ja", "en"))
    assert "データ提供：重み 50 %" in japanese
    assert "所有権・共有持分ではありません" in japanese
    assert "1 %" in english
    assert "40 %" in english
    assert "not ownership" in english


def test_the_formula_names_each_category_once() -> None:
    formula = prose.formula(policies.read(POLICY))
    assert formula.startswith("s(i) = 50 % · x(i,data)/X(data) + 30 % · x(i,compute)/X(compute)")


def test_co_ownership_warns_that_consent_is_needed() -> None:
    said = prose.sentences(policies.read(policy(form="co-ownership")))
    assert any("73条" in text.ja for text in said)
