from __future__ import annotations

import json
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from allocation_cases import POLICY, policy, right, second, weighted

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import methods, policies, prose

ROOT = Path(__file__).parents[3]


def test_a_policy_reads_into_exact_fractions() -> None:
    read = policies.read(policy(floor="1/100", cap="40/100"))
    assert list(read.main.method.weights.values()) == [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]
    assert (read.main.floor, read.main.cap, read.main.grid) == (Fraction(1, 100), Fraction(2, 5), 1_000_000)


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
        {"v": 3},
        {"v": 2},
        {"v": True},
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
    rule = policies.read(policy(floor="20/100", cap="40/100")).main
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


# ---- version 2 ----
SCHEMA = json.loads((ROOT / "static" / "schemas" / "allocation-policy-2.json").read_text())
DATA = weighted(data="1/2", compute="1/3", cash="1/6")
LAW_GAME = {
    "law": {
        "law": "power/1",
        "digits": 50,
        "points": 1000,
        "needed": ["data"],
        "terms": [{"resource": "data", "coefficient": "1.8", "exponent": "0.28", "reference": "1000"}],
    },
    "resources": {"data": ["data", "cash"]},
}
ON = {"of": "points", "categories": ["data"]}
EQUAL = {"name": "equal/1"}
EARLY = {"rule": "early/1", "per": "year", "factor": "11/10"}
EVERY_METHOD: list[dict[str, Any]] = [
    {"name": "equal/1"},
    {"name": "stakes/1"},
    {"name": "proportional/1", "basis": ON},
    {"name": "proportional/1", "basis": {"of": "table", "table": "table-needs"}},
    {"name": "time-weighted/1", "basis": {"of": "stakes"}},
    DATA,
    {"name": "tiered-cost/1", "basis": {"of": "equal"}},
    {"name": "claims-proportional/1", "estate": "10", "basis": ON},
    {"name": "claims-cea/1", "estate": "1/2", "basis": ON},
    {"name": "claims-cel/1", "estate": "10", "basis": ON},
    {"name": "claims-talmud/1", "estate": "10", "basis": ON},
    {"name": "shapley/1", "game": {"valuation": "ab" * 32}},
    {"name": "banzhaf/1", "game": LAW_GAME},
    {"name": "owen/1", "game": LAW_GAME, "unions": "groups"},
    {"name": "owen/1", "game": LAW_GAME, "unions": [["nec", "sony"]]},
    {"name": "nucleolus/1", "game": {"quota": "1/2", "weights": {"of": "stakes"}}},
    {"name": "prenucleolus/1", "game": {"valuation": "ab" * 32}},
    {"name": "shapley-sampled/1", "game": LAW_GAME, "seed": "2026", "samples": 1000},
    {"name": "pro-rata/1", "table": "table-use"},
    {"name": "licensee-centric/1", "table": "table-use"},
    {"name": "share-pool/1", "table": "table-use", "category": "data"},
    {"name": "inherited/1", "own": DATA},
    {"name": "mix/1", "parts": [{"weight": "1/2", "method": DATA}, {"weight": "1/2", "method": {"name": "equal/1"}}]},
]


def follows_schema(document: dict[str, Any]) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def is_read(document: dict[str, Any]) -> bool:
    try:
        policies.read(document)
    except Refused:
        return False
    return True


def test_the_published_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("method", EVERY_METHOD, ids=lambda method: method["name"])
def test_every_method_is_read_follows_the_schema_and_reads_aloud(method: dict[str, Any]) -> None:
    document = second(right("revenue", method))
    assert is_read(document)
    assert follows_schema(document)
    said = prose.sentences(policies.read(document))
    assert any(methods.NAMES[method["name"]].ja in text.ja for text in said)
    assert all(text.ja.endswith("。") and text.en.endswith(".") for text in said)
    assert "share[revenue](i) = clip(" in prose.formula(policies.read(document))


def test_every_named_method_was_tried() -> None:
    assert {method["name"] for method in EVERY_METHOD} == set(methods.PARAMETERS)


def changed(path: str, value: Any) -> dict[str, Any]:
    """A good policy with one place changed; `...` takes the place away."""
    lead = right("know-how", ownership="lead", lead="nec")
    document = deepcopy(second(right("revenue", DATA), right("votes", {"name": "stakes/1"}), lead))
    at: Any = document
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("v", 3),
        ("bonus", 1),
        ("disclosure", "everything/1"),
        ("coalitions", "all"),
        ("coalitions", ...),
        ("version", 0),
        ("version", True),
        ("number", " "),
        ("eligibility.step", "eligibility/9"),
        ("eligibility.reviewed", False),
        ("eligibility.state_paid", "counted"),
        ("eligibility.rewarded", ...),
        ("eligibility.residency", "JP"),
        ("eligibility.equity_counts", "no"),
        ("points.step", "points/2"),
        ("points.categories", []),
        ("points.categories.0.units", {}),
        ("points.categories.0.units", {"furlong": "1"}),
        ("points.categories.0.units.JPY", "0"),
        ("points.categories.0.units.JPY", "0.5"),
        ("points.categories.0.factors", ["grade"]),
        ("points.categories.2.factors", ["quality"]),
        ("points.categories.0.vintage", {"rule": "ages/1"}),
        ("points.categories.0.vintage", {"rule": "fades/1", "per": "decade", "factor": "1/2"}),
        ("points.categories.0.vintage", {"rule": "early/1", "per": "year", "factor": "11/10"}),
        ("rights", []),
        ("rights.0.right", "sunlight"),
        ("rights.0.form", "ownership"),
        ("rights.0.ownership", "king"),
        ("rights.0.use", "none"),
        ("rights.0.further_training", ...),
        ("rights.0.bounds", ...),
        ("rights.0.bounds.step", "clip-once/1"),
        ("rights.0.bounds.floor", "-1/100"),
        ("rights.0.rounding.method", "half-even/1"),
        ("rights.0.rounding.tie", "age"),
        ("rights.0.rounding.grid", 0),
        ("rights.0.method", None),
        ("rights.0.method.name", "auction/1"),
        ("rights.0.method.program", "exec"),
        ("rights.0.method.weights", {}),
        ("rights.0.method.weights.data", "0"),
        ("rights.0.method.weights.moonlight", "1/2"),
        ("rights.0.method.empty_category", "ignore"),
        ("rights.1.method", {"name": "proportional/1", "basis": {"of": "points", "categories": []}}),
        ("rights.1.method", {"name": "proportional/1", "basis": {"of": "table", "table": "accelerator"}}),
        ("rights.1.method", {"name": "claims-cea/1", "estate": "0", "basis": ON}),
        ("rights.1.method", {"name": "shapley/1", "game": {"valuation": "AB" * 32}}),
        ("rights.1.method", {"name": "shapley/1", "game": {}}),
        ("rights.1.method", {"name": "owen/1", "game": LAW_GAME, "unions": "friends"}),
        ("rights.1.method", {"name": "shapley-sampled/1", "game": LAW_GAME, "seed": "x", "samples": 10**9}),
        ("rights.1.method", {"name": "mix/1", "parts": []}),
        ("rights.2.lead", ...),
        ("rights.1.lead", "nec"),
        ("rights.0.form", "co-ownership"),
        ("rights.2.ownership", "co-owned"),
    ],
)
def test_program_and_schema_refuse_the_same(path: str, value: Any) -> None:
    document = changed(path, value)
    assert follows_schema(changed("number", "P-0001"))
    assert not is_read(document)
    assert not follows_schema(document)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("rights.0.method.weights.data", "1/4", "weights-not-one"),
        ("rights.0.bounds.floor", "1/3", "bad-policy"),
        ("rights.0.bounds.cap", "0", "bad-policy"),
        ("rights.1.right", "revenue", "bad-policy"),
        ("points.categories.1.code", "data", "bad-policy"),
        ("rights.1.method", {"name": "proportional/1", "basis": {**ON, "categories": ["people"]}}, "bad-policy"),
        ("rights.1.method", {"name": "mix/1", "parts": [{"weight": "1/2", "method": EQUAL}]}, "weights-not-one"),
        ("rights.1.method", {"name": "inherited/1", "own": {"name": "inherited/1", "own": EQUAL}}, "bad-policy"),
        ("rights.0.method.weights.data", 0.5, "float-in-policy"),
        ("points.categories.0.vintage", {"rule": "fades/1", "per": "year", "factor": "11/10"}, "bad-policy"),
        ("points.categories.0.vintage", EARLY | {"until": "2026-02-30"}, "bad-policy"),
    ],
)  # fmt: skip
def test_what_no_schema_can_say_the_program_refuses(path: str, value: Any, code: str) -> None:
    with pytest.raises(Refused) as wrong:
        policies.read(changed(path, value))
    assert wrong.value.code == code
    assert wrong.value.text("ja") != wrong.value.text("en")


def test_co_ownership_is_chosen_twice_and_warned_of() -> None:
    document = second(right("weights", DATA, form="co-ownership", ownership="co-owned"))
    assert is_read(document) and follows_schema(document)
    assert any("73条" in text.ja for text in prose.sentences(policies.read(document)))
    for refused in (right("revenue", DATA, form="co-ownership", ownership="co-owned"),
                    right("weights", form="co-ownership", ownership="co-owned")):  # fmt: skip
        assert not is_read(second(refused)) and not follows_schema(second(refused))


def test_two_versions_are_compared_field_by_field_in_words() -> None:
    before = policies.read(changed("number", "P-0001"))
    after = policies.read(changed("rights.0.bounds.cap", "1/2"))
    (change,) = prose.differences(before, after)
    assert (change.heading.en, change.field) == ("licence revenue", "revenue.bounds")
    assert "100 %" in change.before.en and "50 %" in change.after.en
    dropped = policies.read(changed("rights.1", ...))
    assert {(one.field, one.after) for one in prose.differences(before, dropped)} >= {("votes.method", None)}
    first = policies.read(POLICY)
    assert prose.differences(first, first) == []


def test_sentences_call_members_by_their_names_where_these_are_known() -> None:
    owen = {"name": "owen/1", "game": {"quota": "1/2", "weights": {"of": "stakes"}}, "unions": [["a", "b"]]}
    led = right("weights", owen, ownership="lead", lead="a")
    rule = policies.read(second(led))
    named = "\n".join(text.ja + text.en for text in prose.sentences(rule, {"a": Text("甲社", "Alpha")}))
    assert "主導当事者に帰属（甲社）" in named and "組は 甲社・b" in named and "unions Alpha, b" in named
    assert "主導当事者に帰属（a）" in "\n".join(text.ja for text in prose.sentences(rule))
