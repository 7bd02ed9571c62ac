"""Every method through the whole pipeline: the published vectors, exact; and what each refuses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from allocation_cases import between, beyond, inputs, line, points, right, second, weighted
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core import canonical
from contributions.core.errors import Refused
from licensing.core import allocations, policies
from licensing.core.pools import Term
from licensing.core.results import Shared

THREE = {"data": {"a": 1, "b": 1, "c": 1}, "compute": {}, "cash": {}}
STAKES = {"of": "stakes"}


def tabled(name: str = "table-needs") -> dict[str, Any]:
    return {"of": "table", "table": name}


def shared(
    method: dict[str, Any], table: dict[str, dict[str, int]] | None = None, *more: Any, **carried: Any
) -> Shared:
    """One right by that method, over those points."""
    bounds = more[0] if more else {}
    document = second(right("revenue", method, **bounds))
    return allocations.allocate(document, beyond(points(table or THREE), **carried)).main


def exact(found: Shared) -> dict[str, Fraction]:
    return {share.member: share.exact for share in found.members}


def of(**values: str) -> dict[str, Fraction]:
    return {member: Fraction(value) for member, value in values.items()}


def valuation(players: list[str], **values: str) -> tuple[str, dict[str, Any]]:
    table = {"players": players, "values": {key.replace("_", ","): value for key, value in values.items()}}
    return canonical.digest(table), table


VALUES_T7 = {"a": "10", "b": "20", "c": "30", "a_b": "50", "a_c": "60", "b_c": "70", "a_b_c": "120"}


def by_game(name: str, values: dict[str, str] | None = None, **more: Any) -> Shared:
    digest, table = valuation(["a", "b", "c"], **(values or VALUES_T7))
    method = {"name": name, "game": {"valuation": digest}} | more
    return shared(method, valuations={digest: table})


# ---- the published vectors ----
def test_the_xvc_split_is_proportional_to_family_units() -> None:
    """domain.md T3: A 4.0, B 3.5 units."""
    found = shared({"name": "proportional/1", "basis": tabled()}, {"data": {"a": 1, "b": 1}, "compute": {}, "cash": {}},
                   tables={"table-needs": {"a": "4", "b": "7/2"}})  # fmt: skip
    assert exact(found) == of(a="8/15", b="7/15")


def test_floor_and_cap_by_the_clip_lambda_rule() -> None:
    """domain.md T5, with the largest remainder on the grid."""
    table = {"data": {"a": 55, "b": 25, "c": 17, "d": 3}, "compute": {}, "cash": {}}
    found = shared(weighted(data="1"), table, between("5/100", "40/100"))
    assert exact(found) == of(a="2/5", b="55/168", c="187/840", d="1/20")
    assert found.scale == Fraction(55, 42)
    assert [share.clip for share in found.members] == ["cap", None, None, "floor"]
    assert [share.grid for share in found.members] == [400_000, 327_381, 222_619, 50_000]


@pytest.mark.parametrize(
    ("cash", "empty", "shares"),
    [
        ({"a": 10, "c": 30}, "renormalise", of(a="7/20", b="39/100", c="13/50")),
        ({}, "renormalise", of(a="3/8", b="39/80", c="11/80")),
        ({}, "hold", of(a="3/10", b="39/100", c="11/100")),
    ],
)
def test_category_weighted_shares(cash: dict[str, int], empty: str, shares: dict[str, Fraction]) -> None:
    """domain.md T6, the empty category both ways."""
    table = {"data": {"a": 600, "b": 300, "c": 100}, "compute": {"b": 8_000, "c": 2_000}, "cash": cash}
    found = shared(weighted(empty, data="1/2", compute="3/10", cash="1/5"), table)
    assert exact(found) == shares
    assert found.held == (200_000 if empty == "hold" else 0)


def test_shapley_from_an_adopted_valuation() -> None:
    """domain.md T7."""
    found = by_game("shapley/1")
    assert exact(found) == of(a="1/4", b="1/3", c="5/12")
    (term,) = found.terms
    assert (term.kind, term.total) == ("game", 120)
    assert [part.amount for share in found.members for part in share.parts] == [30, 40, 50]


USED = {"L1": "1000000", "L2": "1000000", "L1/a": "90", "L1/b": "10", "L2/b": "900"}


@pytest.mark.parametrize(
    ("name", "shares"),
    [("pro-rata/1", of(a="9/100", b="91/100", c="0")), ("licensee-centric/1", of(a="9/20", b="11/20", c="0"))],
)
def test_revenue_by_use(name: str, shares: dict[str, Fraction]) -> None:
    """domain.md T8."""
    assert exact(shared({"name": name, "table": "table-use"}, tables={"table-use": USED})) == shares


def test_a_share_pool_is_for_those_who_gave_data() -> None:
    """domain.md T17: C has transactions and gave no data."""
    table = {"data": {"a": 1, "b": 1}, "compute": {"c": 1}, "cash": {}}
    lines = {"a": "4000", "b": "1000", "c": "5000"}
    found = shared(
        {"name": "share-pool/1", "table": "table-use", "category": "data"}, table, tables={"table-use": lines}
    )
    assert exact(found) == of(a="4/5", b="1/5", c="0")


def test_time_weighted_membership() -> None:
    """domain.md T21: equal members, one for 182 of 365 days."""
    method = {"name": "time-weighted/1", "basis": {"of": "equal"}}
    found = shared(method, {"data": {"a": 1, "b": 1}, "compute": {}, "cash": {}}, days={"a": 365, "b": 182})
    assert exact(found) == of(a="365/547", b="182/547")


def test_data_points_multiply_quality_uniqueness_and_vintage() -> None:
    """domain.md T23: 500 h × 0.8 × 0.9 × 0.85¹ = 306."""
    document = second(right("revenue", weighted(data="1")))
    document["points"]["categories"][0] |= {
        "units": {"media_second": "1/3600"},
        "factors": ["quality", "uniqueness"],
        "vintage": {"rule": "fades/1", "per": "year", "factor": "85/100"},
    }
    factors = [["quality", "8/10"], ["uniqueness", "9/10"], ["vintage", "17/20"]]
    rows = [line("a", "data", 500 * 3600, "media_second", factors=factors)]
    (first,) = allocations.allocate(document, beyond(inputs(rows))).lines["a"]
    assert first.points == 306


def test_tiered_cost_and_the_claims_rules() -> None:
    """The airport game 8, 11, 13, 18, and the Talmud's 200 on 100, 200, 300."""
    four = {"data": {"a": 1, "b": 1, "c": 1, "d": 1}, "compute": {}, "cash": {}}
    needs = {"table-needs": {"a": "8", "b": "11", "c": "13", "d": "18"}}
    assert exact(shared({"name": "tiered-cost/1", "basis": tabled()}, four, tables=needs)) == of(
        a="1/9", b="1/6", c="2/9", d="1/2"
    )
    claimed = {"data": {"a": 100, "b": 200, "c": 300}, "compute": {}, "cash": {}}
    basis = {"of": "points", "categories": ["data"]}
    for name, awards in {
        "claims-proportional/1": (Fraction(100, 3), Fraction(200, 3), 100),
        "claims-cea/1": (Fraction(200, 3),) * 3,
        "claims-cel/1": (0, 50, 150),
        "claims-talmud/1": (50, 75, 75),
    }.items():
        found = shared({"name": name, "estate": "200", "basis": basis}, claimed)
        assert [share.exact * 200 for share in found.members] == list(awards)


def test_games_over_one_valuation() -> None:
    majority = {"a": "0", "b": "0", "c": "0", "a_b": "1", "a_c": "1", "b_c": "1", "a_b_c": "1"}
    assert exact(by_game("owen/1", majority, unions=[["a", "b"]])) == of(a="1/2", b="1/2", c="0")
    assert exact(by_game("banzhaf/1", majority)) == of(a="1/3", b="1/3", c="1/3")
    assert exact(by_game("nucleolus/1", majority)) == exact(by_game("prenucleolus/1", majority))


def test_owen_takes_its_unions_from_the_groups_of_the_day() -> None:
    digest, table = valuation(["a", "b", "c"], a="0", b="0", c="0", a_b="1", a_c="1", b_c="1", a_b_c="1")
    document = second(right("revenue", {"name": "owen/1", "game": {"valuation": digest}, "unions": "groups"}))
    carried = beyond(points(THREE, groups=[["b", "c"]]), valuations={digest: table})
    assert exact(allocations.allocate(document, carried).main) == of(a="0", b="1/2", c="1/2")


def test_a_quota_over_stakes_is_a_voting_game() -> None:
    """[51; 50, 49, 1]."""
    game = {"quota": "51/100", "weights": STAKES}
    stakes = {"a": "1/2", "b": "49/100", "c": "1/100"}
    assert exact(shared({"name": "shapley/1", "game": game}, stakes=stakes)) == of(a="2/3", b="1/6", c="1/6")
    assert exact(shared({"name": "banzhaf/1", "game": game}, stakes=stakes)) == of(a="3/5", b="1/5", c="1/5")
    assert exact(shared({"name": "stakes/1"}, stakes=stakes)) == of(a="1/2", b="49/100", c="1/100")


LAW = {
    "law": "power/1",
    "digits": 50,
    "points": 1_000_000,
    "needed": ["data", "compute"],
    "terms": [
        {"resource": "data", "coefficient": "1.8", "exponent": "0.28", "reference": "1000000000"},
        {"resource": "compute", "coefficient": "2.1", "exponent": "0.34", "reference": "5000"},
    ],
}


def scaled(name: str = "shapley/1", **more: Any) -> dict[str, Any]:
    return {"name": name, "game": {"law": LAW, "resources": {"data": ["data"], "compute": ["compute"]}}} | more


def test_a_scaling_law_over_the_pooled_points() -> None:
    """docs/allocation.md, power/1: the very figures of its worked table."""
    table = {
        "data": {"a": 6 * 10**9, "b": 10**9, "c": 3 * 10**8},
        "compute": {"b": 20_000, "c": 60_000},
        "cash": {},
    }
    found = shared(scaled(), table)
    assert found.terms[0].total == 2_103_321
    assert [part.amount for share in found.members for part in share.parts] == [
        Fraction(659_463, 2), 772_328, Fraction(2_002_523, 2),
    ]  # fmt: skip
    sampled = shared(scaled("shapley-sampled/1", seed="2026", samples=200), table)
    assert sampled.method == "shapley-sampled/1"
    assert sampled.steps[0]["errors"]
    assert sampled.steps[0]["seed"] == "2026"
    assert exact(sampled) == exact(shared(scaled("shapley-sampled/1", seed="2026", samples=200), table))


def test_shares_are_inherited_from_parents_and_added_to() -> None:
    carried = {
        "lineage": [{"release": "R-0.2", "weight": "3/5"}],
        "parents": {"R-0.2": {"revenue": {"a": "1/2", "b": "1/2"}}},
    }
    two = {"data": {"b": 1, "a": 0}, "compute": {}, "cash": {}}
    found = shared({"name": "inherited/1", "own": weighted(data="1")}, two, **carried)
    assert exact(found) == of(a="3/10", b="7/10")
    assert [term.term for term in found.terms] == ["parent:R-0.2", "own:data"]


def test_who_left_passes_its_inherited_part_to_the_others() -> None:
    carried = {
        "lineage": [{"release": "R-0.2", "weight": "1"}],
        "parents": {"R-0.2": {"revenue": {"a": "1/4", "b": "1/4", "left": "1/2"}}},
    }
    found = shared({"name": "inherited/1", "own": {"name": "equal/1"}}, {**THREE, "data": {"a": 1, "b": 1}}, **carried)
    assert exact(found) == of(a="1/2", b="1/2")
    assert "no members any more" in found.notes[0]["en"]


def test_a_mix_weighs_methods() -> None:
    parts = [
        {"weight": "3/4", "method": weighted(data="1")},
        {"weight": "1/4", "method": {"name": "equal/1"}},
    ]
    found = shared({"name": "mix/1", "parts": parts}, {"data": {"a": 3, "b": 1}, "compute": {}, "cash": {}})
    assert exact(found) == of(a="11/16", b="5/16")
    assert [(term.term, str(term.weight)) for term in found.terms] == [("1:data", "3/4"), ("2:equal", "1/4")]


# ---- notes, and who would leave ----
def test_what_is_wrong_with_a_game_is_said_and_its_figures_are_for_the_desk() -> None:
    values = {"a": "10", "b": "10", "c": "0", "a_b": "12", "a_c": "10", "b_c": "10", "a_b_c": "12"}
    found = by_game("shapley/1", values)
    said = {(note["for"], note["en"].split(",")[0].split(":")[0].rstrip(".")) for note in found.notes}
    assert ("all", "The game is not superadditive") in said
    assert ("desk", "The game is not superadditive") in said
    assert ("all", "The core is empty") in {(who, text.split(":")[0]) for who, text in said}
    assert not any("10" in note["en"] for note in found.notes if note["for"] == "all")
    with pytest.raises(Refused, match="imputation"):
        by_game("nucleolus/1", values)
    assert exact(by_game("prenucleolus/1", values))


def test_the_coalition_that_gains_most_by_leaving_is_in_the_result() -> None:
    """T7 in equal parts: A 40 where 30 would do; B and C together get 80 and could do 70: nobody leaves. With 5 : 0 : 0
    on the grid of A they would."""
    digest, table = valuation(["a", "b", "c"], **VALUES_T7)
    parts = [
        {"weight": "999/1000", "method": {"name": "proportional/1", "basis": {"of": "points", "categories": ["data"]}}},
        {"weight": "1/1000", "method": {"name": "shapley/1", "game": {"valuation": digest}}},
    ]
    found = shared(
        {"name": "mix/1", "parts": parts}, {**THREE, "data": {"a": 1, "b": 0, "c": 0}}, valuations={digest: table}
    )
    (leaving,) = found.leaving
    assert leaving["players"] == ["b", "c"]
    assert Fraction(leaving["gain"]) == 70 - (40 + 50) * Fraction(1, 1000)
    assert by_game("shapley/1").leaving == ()


# ---- refusals ----
STRANGE = {"tables": {"table-use": {"L1": "1", "L1/ghost": "1"}}}


@pytest.mark.parametrize(
    ("method", "carried", "refusal"),
    [
        ({"name": "stakes/1"}, {}, "nothing-to-share-by"),
        ({"name": "proportional/1", "basis": tabled()}, {"tables": {"table-needs": {"a": "1"}}}, "table-incomplete"),
        ({"name": "pro-rata/1", "table": "table-use"}, {}, "table-incomplete"),
        ({"name": "pro-rata/1", "table": "table-use"}, STRANGE, "players-not-members"),
        ({"name": "pro-rata/1", "table": "table-use"}, {"tables": {"table-use": {"L1/a": "1"}}}, "table-incomplete"),
        ({"name": "shapley/1", "game": {"valuation": "ab" * 32}}, {}, "valuation-not-adopted"),
        (
            {"name": "shapley/1", "game": {"valuation": "ab" * 32}},
            {"valuations": {"ab" * 32: {"players": ["a", "b"], "values": {"a": "1", "a,b": "2"}}}},
            "valuation-incomplete",
        ),
        (
            {"name": "shapley/1", "game": {"valuation": "ab" * 32}},
            {"valuations": {"ab" * 32: {"players": ["ghost"], "values": {"ghost": "1"}}}},
            "players-not-members",
        ),
        (
            {"name": "shapley/1", "game": {"valuation": "ab" * 32}},
            {"valuations": {"ab" * 32: {"players": ["a", "b"], "values": {"a": "5", "b": "0", "a,b": "1"}}}},
            "negative-share",
        ),
        (
            {"name": "shapley/1", "game": {"valuation": "ab" * 32}},
            {"valuations": {"ab" * 32: {"players": ["a"], "values": {"a": "0"}}}},
            "nothing-to-share-by",
        ),
        (
            {"name": "owen/1", "game": {"quota": "1/2", "weights": {"of": "equal"}}, "unions": [["a", "ghost"]]},
            {},
            "players-not-members",
        ),
        (
            {"name": "inherited/1", "own": {"name": "equal/1"}},
            {"lineage": [{"release": "R", "weight": "2"}], "parents": {"R": {"revenue": {"a": "1"}}}},
            "bad-inheritance",
        ),
        ({"name": "claims-cea/1", "estate": "9", "basis": {"of": "points", "categories": ["data"]}}, {}, "bad-claims"),
        (weighted(cash="1"), {}, "nothing-counts"),
    ],
)  # fmt: skip
def test_what_cannot_be_divided_is_refused_in_both_languages(
    method: dict[str, Any], carried: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refused) as wrong:
        shared(method, **carried)
    assert wrong.value.code == refusal
    assert wrong.value.text("ja") != wrong.value.text("en")


def test_bounds_that_the_members_cannot_meet_are_refused_for_each_right() -> None:
    with pytest.raises(policies.BoundsInfeasible, match="licence revenue"):
        shared({"name": "equal/1"}, None, between("0", "1/4"))


# ---- properties, and a naive reference ----
tables = st.fixed_dictionaries(
    {
        code: st.dictionaries(st.sampled_from("abcde"), st.integers(1, 10**6), min_size=3)
        for code in ("data", "compute", "cash")
    }
)
worths = st.lists(st.integers(0, 50), min_size=7, max_size=7)


def table_of(gains: list[int], players: str = "abc") -> tuple[str, dict[str, Any]]:
    """A superadditive game: what a coalition adds to the best split of itself."""
    values: dict[int, int] = {0: 0}
    for place in range(1, 8):
        halves = [(place & other, place & ~other) for other in range(1, 8) if place & other not in {0, place}]
        values[place] = max((values[one] + values[two] for one, two in halves), default=0) + gains[place - 1]
    names = {place: ",".join(players[i] for i in range(3) if place >> i & 1) for place in values}
    document = {"players": sorted(players), "values": {}}
    for place, value in values.items():
        if place:
            document["values"][",".join(sorted(names[place].split(",")))] = str(value)
    return canonical.digest(document), document


@settings(max_examples=25)
@given(worths)
def test_shapley_shares_are_what_the_orders_give(gains: list[int]) -> None:
    """Efficiency, and a naive reference: the mean over all orders."""
    from itertools import permutations

    gains = [*gains[:6], gains[6] + 1]
    digest, document = table_of(gains)
    found = exact(shared({"name": "shapley/1", "game": {"valuation": digest}}, valuations={digest: document}))
    value = {frozenset(key.split(",")): int(worth) for key, worth in document["values"].items()} | {frozenset(): 0}
    adds = dict.fromkeys("abc", 0)
    for order in permutations("abc"):
        for place, player in enumerate(order):
            before = frozenset(order[:place])
            adds[player] += value[before | {player}] - value[before]
    assert found == {player: Fraction(total, 6 * value[frozenset("abc")]) for player, total in adds.items()}
    assert sum(found.values()) == 1


@settings(max_examples=25)
@given(tables, st.permutations("abcde"), st.sampled_from(["weighted", "mix", "cea", "law"]))
def test_names_do_not_matter_nor_does_order_and_shares_sum_to_one(
    table: dict[str, dict[str, int]], names: list[str], kind: str
) -> None:
    mixed = weighted(data="1/2", compute="1/3", cash="1/6")
    method = {
        "weighted": mixed,
        "mix": {"name": "mix/1", "parts": [{"weight": "1", "method": mixed}]},
        "cea": {"name": "claims-cea/1", "estate": "3", "basis": {"of": "points", "categories": ["data", "cash"]}},
        "law": scaled(),
    }[kind]  # fmt: skip
    everybody = {code: {member: row.get(member, 0) for member in "abcde"} for code, row in table.items()}
    renamed = {
        code: {names["abcde".index(member)]: amount for member, amount in row.items()}
        for code, row in everybody.items()
    }
    first, second_ = exact(shared(method, everybody)), exact(shared(method, renamed))
    assert {names["abcde".index(member)]: share for member, share in first.items()} == second_
    assert sum(first.values()) == 1


@settings(max_examples=25)
@given(tables)
def test_who_put_in_the_same_gets_the_same_and_who_put_in_nothing_gets_nothing(
    table: dict[str, dict[str, int]],
) -> None:
    twins = {code: {**row, "x": row.get("a", 0), "a": row.get("a", 0), "null": 0} for code, row in table.items()}
    for method in (weighted(data="1/2", compute="1/3", cash="1/6"), scaled()):
        found = exact(shared(method, twins))
        assert found["x"] == found["a"]
        assert found["null"] == 0


def test_one_run_computes_every_right_of_the_policy() -> None:
    document = second(
        right("revenue", weighted(data="1/2", cash="1/2"), **between("1/10", "1/2")),
        right("votes", {"name": "stakes/1"}),
        right("weights", {"name": "equal/1"}),
        right("inventions", ownership="inventor-employer"),
    )
    carried = beyond(
        points({"data": {"a": 1, "b": 3}, "compute": {}, "cash": {"c": 5}}), stakes={"a": "1/5", "b": "1/5"}
    )
    result = allocations.allocate(document, carried)
    assert [shared.right for shared in result.rights] == ["revenue", "votes", "weights"]
    assert result.main.right == "revenue"
    stored = result.document()
    assert (stored["v"], stored["engine"]) == (2, "allocation/2")
    assert [step["step"] for step in stored["rights"][0]["steps"]] == [
        "category-weighted/1", "clip-lambda/1", "largest-remainder/1",
    ]  # fmt: skip
    assert canonical.loads(canonical.dumps(stored)) == stored
    names = [row["row"] for row in allocations.rows(result, str)]
    assert "category:data" in names and "right:votes:member:a" in names and "right:revenue:member:c" in names
    assert allocations.shares_of(allocations.rows(result, str))["votes"] == {"a": "1/2", "b": "1/2", "c": "0"}


def test_a_term_of_zero_weight_in_effect_divides_by_nothing() -> None:
    found = shared(weighted(data="1/2", cash="1/2"), {"data": {"a": 1}, "compute": {}, "cash": {}})
    assert [str(term.effective) for term in found.terms] == ["1", "0"]
    assert Term("x", "own", "y", Fraction(1), Fraction(1), {}, Fraction(0)).part("a") == 0
