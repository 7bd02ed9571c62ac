from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from allocation_cases import inputs, line, points, policy, weights
from hypothesis import given
from hypothesis import strategies as st

from contributions.core import canonical, committed
from licensing.core import allocations, bounds, policies

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "allocation.json").read_text())


def exact(result: allocations.Result) -> dict[str, Fraction]:
    return {share.member: share.exact for share in result.main.members}


def test_category_weighted_shares_match_the_published_vector() -> None:
    case = VECTORS["T6"]
    result = allocations.allocate(weights(**case["weights"]), points(case["points"]))
    assert exact(result) == {member: Fraction(share) for member, share in case["shares"].items()}
    assert [share.grid for share in result.main.members] == [350_000, 390_000, 260_000]


def test_an_empty_category_spreads_its_weight_over_the_others() -> None:
    case = VECTORS["T6"]
    table = {**case["points"], "cash": {"a": 0, "b": 0, "c": 0}}
    result = allocations.allocate(weights(**case["weights"]), points(table))
    assert exact(result) == {member: Fraction(share) for member, share in case["without_cash"].items()}
    assert [str(total.effective) for total in result.main.terms] == ["5/8", "3/8", "0"]


def test_an_empty_category_may_be_held_instead() -> None:
    case = VECTORS["T6"]
    table = {**case["points"], "cash": {}}
    result = allocations.allocate({**weights(**case["weights"]), "empty_category": "hold"}, points(table))
    assert result.main.held == 200_000
    assert sum(share.grid for share in result.main.members) == 800_000


def test_floor_and_cap_match_the_published_vector() -> None:
    case = VECTORS["T5"]
    raw = [Fraction(share) for share in case["raw"]]
    scale, shares = bounds.clip(raw, floor=Fraction(case["floor"]), cap=Fraction(case["cap"]), whole=Fraction(1))
    assert scale == Fraction(case["scale"])
    assert shares == [Fraction(share) for share in case["shares"]]


def test_clipped_members_say_which_bound_held_them() -> None:
    document = {**weights(cash="1"), "floor": "5/100", "cap": "40/100"}
    result = allocations.allocate(document, points({"cash": {"a": 55, "b": 25, "c": 17, "d": 3}}))
    assert [share.clip for share in result.main.members] == ["cap", None, None, "floor"]
    assert [share.grid for share in result.main.members] == [400_000, 327_381, 222_619, 50_000]
    assert all(abs(share.delta) < Fraction(1, result.main.grid) for share in result.main.members)


def test_bounds_that_cannot_be_met_are_refused() -> None:
    document = {**weights(cash="1"), "cap": "40/100"}
    with pytest.raises(policies.BoundsInfeasible):
        allocations.allocate(document, points({"cash": {"a": 1, "b": 1}}))
    with pytest.raises(policies.BoundsInfeasible):
        allocations.allocate(document, points({"cash": {"a": 1, "b": 1, "c": 0}}))


def test_a_tie_in_rounding_goes_by_member_code() -> None:
    document = {**weights(cash="1"), "rounding": {"method": "largest-remainder/1", "grid": 100, "tie": "member-code"}}
    result = allocations.allocate(document, points({"cash": {"c": 1, "a": 1, "b": 1}}))
    assert [(share.member, share.grid) for share in result.main.members] == [("a", 34), ("b", 33), ("c", 33)]


def test_a_dataset_is_worth_its_quantity_times_its_factors() -> None:
    factors = [["quality", "8/10"], ["uniqueness", "9/10"]]
    rows = [line("a", "data", 500 * 3600, "media_second", factors=factors), line("b", "cash", 10**6)]
    (first, *_) = allocations.allocate(policy(), inputs(rows)).lines["a"]
    assert first.points == 360


def test_an_uncleared_line_earns_nothing_and_keeps_its_reason() -> None:
    rows = [
        line("a", "data", 3600, "media_second", counted="0", reasons=["review-missing"]),
        line("b", "cash", 10**6),
    ]
    result = allocations.allocate(policy(), inputs(rows))
    (line_of_a,) = result.lines["a"]
    assert (result.main.share("a").grid, line_of_a.points, line_of_a.reasons) == (0, 0, ("review-missing",))


def test_a_half_paid_by_the_state_earns_half() -> None:
    rows = [line("a", "cash", 10**6, counted="1/2", reasons=["state-paid"]), line("b", "cash", 10**6)]
    assert exact(allocations.allocate(policy(), inputs(rows))) == {"a": Fraction(1, 3), "b": Fraction(2, 3)}


def test_nothing_that_counts_is_refused_rather_than_divided() -> None:
    with pytest.raises(allocations.NothingCounts):
        allocations.allocate(policy(), inputs([line("a", "cash", 5, counted="0", reasons=["equity"])]))
    with pytest.raises(allocations.NothingCounts):
        allocations.allocate(policy(), inputs([]))


@pytest.mark.parametrize(
    "bad",
    [
        line("a", "people", 1),
        line("a", "cash", -1),
        line("a", "cash", 1, counted="2"),
        line("a", "cash", 1, "gpu_s"),
        line("a", "cash", 1, factors=[["quality", "1"]]),
        line("a", "data", 1, "record", factors=[["quality", "1"], ["quality", "1"]]),
        line("a", "data", 1, "record", factors=[["quality", "-1"]]),
    ],
)
def test_inputs_that_the_policy_does_not_know_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(allocations.BadInputs):
        allocations.allocate(policy(), inputs([bad, line("b", "cash", 1)]))


def test_a_line_of_no_member_must_count_nothing() -> None:
    document = inputs([line("a", "cash", 1)])
    document["lines"].append(line("ghost", "cash", 1))
    with pytest.raises(allocations.BadInputs):
        allocations.allocate(policy(), document)
    document["lines"][-1] = line("ghost", "cash", 1, counted="0", reasons=["outside-membership"])
    assert allocations.allocate(policy(), document).main.share("a").grid == 1_000_000


def test_the_document_is_canonical_and_the_same_each_time() -> None:
    case = VECTORS["T6"]
    first, again = (
        canonical.dumps(allocations.allocate(weights(**case["weights"]), points(case["points"])).document())
        for _ in range(2)
    )
    assert first == again
    assert canonical.loads(first)["members"][0]["grid"] == 350_000


def test_a_changed_salt_or_share_changes_the_root() -> None:
    case = VECTORS["T6"]
    result = allocations.allocate(weights(**case["weights"]), points(case["points"]))
    rows = allocations.rows(result, lambda name: f"salt of {name}")
    root = committed.rows_root(rows)
    assert len(root) == 64
    assert [row["row"] for row in rows] == [
        "category:cash",
        "category:compute",
        "category:data",
        "member:a",
        "member:b",
        "member:c",
    ]
    assert root != committed.rows_root(allocations.rows(result, lambda name: f"another {name}"))
    assert root != committed.rows_root([{**rows[0], "points": "41"}, *rows[1:]])


def test_a_members_row_does_not_open_the_exact_fraction() -> None:
    result = allocations.allocate(weights(cash="1"), points({"cash": {"a": 1, "b": 2}}))
    row = next(row for row in allocations.rows(result, str) if row["row"] == "member:a")
    assert set(row) == {"v", "row", "salt", "share", "of"}


def naive(
    weight: dict[str, Fraction], table: dict[str, dict[str, int]], floor: Fraction, cap: Fraction
) -> dict[str, Fraction]:
    """Share by hand: drop empty categories, then settle members on their bounds one set after another."""
    filled = {code: w for code, w in weight.items() if sum(table[code].values())}
    members = sorted({member for row in table.values() for member in row})
    raw = {
        member: sum(
            (w / sum(filled.values()) * Fraction(table[code].get(member, 0), sum(table[code].values())))
            for code, w in filled.items()
        )
        for member in members
    }
    low, high = Fraction(0), max(cap, floor) / min(share for share in raw.values() if share)
    for _ in range(200):  # bisection is another road to λ: independent of breakpoints, and as near as one likes
        middle = (low + high) / 2
        if sum(min(cap, max(floor, middle * share)) for share in raw.values()) < 1:
            low = middle
        else:
            high = middle
        low, high = low.limit_denominator(2**160), high.limit_denominator(2**160)
    return {member: min(cap, max(floor, high * share)) for member, share in raw.items()}


tables = st.dictionaries(
    st.sampled_from(["data", "compute", "cash"]),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10**9), min_size=3),
    min_size=3,
)
WEIGHTS = {"data": "1/2", "compute": "3/10", "cash": "1/5"}


@given(tables)
def test_shares_agree_with_a_naive_reference(table: dict[str, dict[str, int]]) -> None:
    document = {**weights(**WEIGHTS), "floor": "1/100", "cap": "1/2"}
    result = allocations.allocate(document, points(table))
    reference = naive({c: Fraction(w) for c, w in WEIGHTS.items()}, table, Fraction(1, 100), Fraction(1, 2))
    assert all(abs(share.exact - reference[share.member]) < Fraction(1, 10**12) for share in result.main.members)


@given(tables)
def test_shares_sum_to_one_and_each_lies_between_its_bounds(table: dict[str, dict[str, int]]) -> None:
    result = allocations.allocate({**weights(**WEIGHTS), "floor": "2/100", "cap": "45/100"}, points(table))
    assert sum(share.grid for share in result.main.members) == result.main.grid
    assert sum(share.exact for share in result.main.members) == 1
    assert all(20_000 <= share.grid <= 450_000 for share in result.main.members)


@given(tables, st.randoms())
def test_the_order_of_lines_does_not_matter(table: dict[str, dict[str, int]], random: Any) -> None:
    document = points(table)
    shuffled = {**document, "lines": random.sample(document["lines"], len(document["lines"]))}
    first, second = (allocations.allocate(weights(**WEIGHTS), one) for one in (document, shuffled))
    assert exact(first) == exact(second)
    assert [share.grid for share in first.main.members] == [share.grid for share in second.main.members]


@given(tables)
def test_names_do_not_matter_to_the_exact_shares(table: dict[str, dict[str, int]]) -> None:
    renamed = {code: {f"z{ord('z') - ord(m)}": n for m, n in row.items()} for code, row in table.items()}
    first = allocations.allocate(weights(**WEIGHTS), points(table))
    second = allocations.allocate(weights(**WEIGHTS), points(renamed))
    assert {f"z{ord('z') - ord(m)}": share for m, share in exact(first).items()} == exact(second)


@given(tables, st.integers(1, 10**9))
def test_more_points_never_lower_ones_own_share(table: dict[str, dict[str, int]], more: int) -> None:
    member = min(table["data"])
    grown = {**table, "data": {**table["data"], member: table["data"][member] + more}}
    document = {**weights(**WEIGHTS), "floor": "1/100", "cap": "1/2"}
    before, after = (exact(allocations.allocate(document, points(one)))[member] for one in (table, grown))
    assert after >= before
