"""What one member can work out from everything it sees: all rights, all runs. Exact linear algebra plays the rival."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from allocation_cases import between, beyond, points, right, second, weighted
from hypothesis import given, settings
from hypothesis import strategies as st

from contributions.core.roles import Viewer
from licensing.core import allocations, caveats, disclosure, equations, policies, sums, suppression
from licensing.core.results import points_of
from licensing.core.suppression import Told, category_of
from licensing.core.views import AllocationView

EVEN = {"a": 100, "b": 110, "c": 120, "d": 130, "e": 140}
SAFE = {"data": EVEN, "compute": EVEN, "cash": EVEN}
ONE = right("revenue", weighted(data="1/2", compute="3/10", cash="1/5"))
OTHER = right("weights", weighted(data="1/5", compute="3/10", cash="1/2"))
SAME_RATIO = right("weights", weighted(data="5/8", compute="3/8"))
MEMBER = Viewer(user=None, name="somebody", home="a", acting="a", workplace="member")


def told(
    table: dict[str, dict[str, int]],
    *rights: dict[str, Any],
    members: str = "abcde",
    groups: dict[str, str] | None = None,
    beside: dict[str, Any] | None = None,
    **changes: Any,
) -> Told:
    document = second(*rights, **changes)
    everybody = {code: {member: row.get(member, 0) for member in members} for code, row in table.items()}
    folded = beyond(points(everybody), **(beside or {}))
    return Told(allocations.allocate(document, folded).document(), document, groups or {})


def seen(run: Told, *earlier: Told, code: str | None = None) -> AllocationView:
    return disclosure.view(
        run.document,
        policy=run.policy,
        viewer=MEMBER,
        group_of=run.group_of,
        names={},
        right=code,
        earlier=earlier,
    )


def shown(run: Told, *earlier: Told) -> set[str]:
    return {row.category for row in seen(run, *earlier).categories if row.shown}


# ---- several rights over the same totals ----
def test_one_right_hides_a_second_total_and_two_rights_a_third() -> None:
    table = {**SAFE, "cash": {"a": 10, "b": 90}}
    assert shown(told(table, ONE)) == {"compute"}
    assert shown(told(table, ONE, OTHER)) == set()


def test_rights_of_equal_weights_are_one_equation() -> None:
    table = {**SAFE, "cash": {"a": 10, "b": 90}}
    again = right("derivative", ONE["method"])
    assert shown(told(table, ONE, again)) == {"compute"}


def test_weights_in_the_same_ratio_leave_one_total_bare_whatever_is_hidden() -> None:
    """revenue − 4/5·weights = cash's part alone: counting equations would not see it, elimination does."""
    run = told({**SAFE, "cash": {"a": 10, "b": 90}}, ONE, SAME_RATIO)
    view = seen(run)
    cash = next(row for row in view.categories if row.category == "cash")
    assert (cash.shown, cash.derivable) == (False, True)
    assert "端数の範囲で推し量れます" in cash.state.ja
    assert any("Hiding cannot prevent it: Cash" in text.en for text in view.sentences)
    assert shown(run) == {"data", "compute"}, "hiding them would not help cash"


def test_the_scale_of_a_right_is_one_more_unknown_of_that_right() -> None:
    table = {code: {**EVEN, "z": 2} for code in SAFE}
    bounded = ONE | between("5/100", "1")
    document = second(bounded)
    run = Told(allocations.allocate(document, beyond(points(table))).document(), document, {})
    assert len(shown(run)) == 2


def test_a_right_by_stakes_or_in_equal_parts_tells_nothing_of_the_totals() -> None:
    table = {**SAFE, "cash": {"a": 10, "b": 90}}
    assert shown(told(table, ONE, right("votes", {"name": "equal/1"}))) == {"compute"}


def test_a_game_over_pooled_points_counts_as_an_equation() -> None:
    law = {"law": "power/1", "digits": 30, "points": 1000, "needed": [],
           "terms": [{"resource": "r", "coefficient": "2", "exponent": "0.5", "reference": "100"}]}  # fmt: skip
    game = {"name": "shapley/1", "game": {"law": law, "resources": {"r": ["data", "cash"]}}}
    table = {**SAFE, "cash": {"a": 10, "b": 90}}
    assert shown(told(table, ONE, right("use", game))) == set()
    view = seen(told(table, ONE, right("use", game)), code="use")
    (term,) = view.categories
    assert (term.kind, term.shown, term.total) == ("game", False, None)
    assert view.own is not None and view.own.parts[0].points is None and view.own.exact is None


# ---- successive runs ----
def test_a_total_whose_growth_is_one_rivals_is_not_shown_again() -> None:
    first = told(SAFE, ONE)
    grown = told({**SAFE, "data": {**EVEN, "b": 150}}, ONE)
    assert shown(first) == {"data", "compute", "cash"}
    assert shown(grown) == {"data", "compute", "cash"}
    assert "data" not in shown(grown, first)
    assert shown(first, grown) != {"data", "compute", "cash"}, "nor the other way round"


def test_growth_by_three_or_by_none_may_be_shown() -> None:
    first = told(SAFE, ONE)
    assert shown(told(SAFE, ONE), first) == {"data", "compute", "cash"}
    own = told({**SAFE, "data": {**EVEN, "a": 400}}, ONE)
    assert shown(own, first) == {"data", "compute", "cash"}
    spread = told({**SAFE, "data": {"a": 100, "b": 120, "c": 130, "d": 140, "e": 140}}, ONE)
    assert shown(spread, first) == {"data", "compute", "cash"}
    one_sided = told({**SAFE, "data": {"a": 100, "b": 210, "c": 130, "d": 140, "e": 140}}, ONE)
    assert "data" not in shown(one_sided, first)


def test_another_policy_over_the_same_totals_adds_an_equation_to_the_first() -> None:
    """Two runs, one right each, weights that differ: as telling as two rights of one run."""
    table = {**SAFE, "cash": {"a": 10, "b": 90}}
    first = told(table, ONE)
    assert shown(first) == {"compute"}
    second_run = told(table, right("revenue", OTHER["method"]))
    view = seen(second_run, first)
    assert {row.category for row in view.categories if row.derivable} == {"cash"}
    assert {row.category for row in view.categories if row.shown} == {"data", "compute"}, "data is safe by itself"


SEVEN = {code: dict.fromkeys("abcdefg", 100) for code in SAFE}


def of(members: str) -> dict[str, dict[str, int]]:
    """Seven members with 100 each of everything, but as data those alone, and a."""
    return {**SEVEN, "data": dict.fromkeys("a" + members, 100)}


def test_three_totals_tell_what_no_two_of_them_do() -> None:
    """bcdefg, bcd and bfg: any two differ in three rivals at least, and yet bcd + bfg − bcdefg = b − e."""
    every, first, second_, third = (told(of(members), ONE, members="abcdefg") for members in
                                    ("bcdefg", "bcd", "bfg", "bcd"))  # fmt: skip
    assert "data" in shown(first, every) and "data" in shown(second_, every)
    assert "data" in shown(second_, first), "without the first of the three it is safe"
    assert "data" not in shown(second_, every, first)
    assert {"compute", "cash"} <= shown(second_, every, first), "what did not change tells nothing"
    assert "data" in shown(third, every, first, second_), "a total that was shown before is nothing new"


def test_a_group_reads_with_the_eyes_of_all_its_members() -> None:
    """Two affiliates each have a share in the same totals: two equations, so one total more is hidden for both."""
    table = {**SEVEN, "cash": {"a": 10, "b": 20, "c": 90}, "compute": SEVEN["compute"] | {"b": 300}}
    apart = told(table, ONE, members="abcdefg")
    together = told(table, ONE, members="abcdefg", groups={"a": "a", "b": "a"})
    assert shown(apart) == {"compute"}
    assert shown(together) == set()


def test_an_affiliates_amounts_are_known_to_its_group_and_protect_nobody() -> None:
    first = told(SEVEN, ONE, members="abcdefg", groups={"a": "a", "b": "a"})
    grown = {**SEVEN, "data": SEVEN["data"] | {"b": 140, "c": 140, "d": 140}}
    later = told(grown, ONE, members="abcdefg", groups={"a": "a", "b": "a"})
    assert "data" in shown(first) and "data" not in shown(later, first), "beside b only two changed"
    assert "data" in shown(told(grown, ONE, members="abcdefg"), told(SEVEN, ONE, members="abcdefg"))


def test_what_an_open_level_showed_one_by_one_protects_nobody_later() -> None:
    """All amounts of the first run are known, so what two changed by the second would follow from its total."""
    first = told(SEVEN, ONE, members="abcdefg", disclosure="open/1")
    grown = told({**SEVEN, "data": SEVEN["data"] | {"b": 150, "c": 150}}, ONE, members="abcdefg")
    spread = told({**SEVEN, "data": SEVEN["data"] | {"b": 150, "c": 150, "d": 150}}, ONE, members="abcdefg")
    assert "data" not in shown(grown, first)
    assert "data" in shown(spread, first)


def test_a_signed_table_is_judged_over_all_runs_like_a_category() -> None:
    by_table = right("use", {"name": "proportional/1", "basis": {"of": "table", "table": "table-desks"}})

    def run(**changed: str) -> Told:
        table = dict.fromkeys("abcde", "100") | changed
        return told(SAFE, by_table, beside={"tables": {"table-desks": table}})

    (term,) = seen(run(), code="use").categories
    assert term.shown and term.total == 500
    (again,) = seen(run(), run(), code="use").categories
    assert again.shown
    (later,) = seen(run(b="150"), run(), code="use").categories
    assert not later.shown and later.total is None


def test_beyond_so_many_different_totals_no_further_one_is_shown() -> None:
    history: list[Told] = []
    knowledge = suppression.Knowledge("a")
    for place in range(sums.SUMS_MAX + 2):
        table = {**SEVEN, "data": dict.fromkeys("abcdefg", 100 + place)}
        history.append(told(table, ONE, members="abcdefg"))
        found = knowledge.learn(history[-1], shows=True)
        assert ("data" in found.totals) == (place < sums.SUMS_MAX)


histories = st.lists(
    st.dictionaries(st.sampled_from("bcdefg"), st.sampled_from([100, 130]), min_size=3), min_size=2, max_size=4
)


def test_of_three_totals_together_none_leaves_a_rival_less_room_than_twice_its_amount() -> None:
    """f + g + h, b + c + g, c + d + f + h: two by two nothing is told; b + 2c + d = 16, so c is at most 8, not 10."""
    runs = [{"f": 4, "g": 5, "h": 8}, {"b": 4, "c": 5, "g": 5}, {"c": 5, "d": 2, "f": 4, "h": 8}]
    beside = {code: dict.fromkeys("abcdefgh", 10) for code in ("compute", "cash")}
    knowledge = suppression.Knowledge("a")
    shows = [knowledge.learn(told({**beside, "data": held}, ONE, members="abcdefgh"), shows=True) for held in runs]
    assert ["data" in each.totals for each in shows] == [True, True, False]
    wider = suppression.Knowledge("a")
    runs[2]["d"] = 9
    shows = [wider.learn(told({**beside, "data": held}, ONE, members="abcdefgh"), shows=True) for held in runs]
    assert all("data" in each.totals for each in shows)


@settings(max_examples=60)
@given(histories)
def test_no_combination_of_shown_totals_speaks_of_fewer_than_three_rivals(history: list[dict[str, int]]) -> None:
    """The rival adds and subtracts all totals it was ever shown, with every small factor, and isolates nobody.

    It has put in no data itself: else its own share could give a total that is not shown, which the page would say.
    """
    knowledge, known = suppression.Knowledge("a"), []
    for held in history:
        run = told({**SEVEN, "data": held}, ONE, members="abcdefg")
        found = knowledge.learn(run, shows=True)
        assert "data" not in found.derivable
        if "data" in found.totals:
            known.append(held)
    columns = {each for held in known for each in held.items()}
    for factors in product(range(-3, 4), repeat=len(known)):
        left = {
            who
            for who, amount in columns
            if sum(factor for factor, held in zip(factors, known, strict=True) if held.get(who) == amount)
        }
        assert not left or len(left) >= 3, (factors, known)


# ---- the attack ----
amounts = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 5000), min_size=1)
runs = st.lists(
    st.tuples(
        st.fixed_dictionaries({"data": amounts, "compute": amounts, "cash": amounts}),
        st.lists(st.sampled_from([ONE, OTHER, SAME_RATIO | {"right": "derivative"}]), min_size=1, max_size=3,
                 unique_by=lambda row: row["right"]),
        st.sampled_from(["safe-totals/1", "own-lines/1"]),
    ),
    min_size=1,
    max_size=3,
)  # fmt: skip


@settings(max_examples=60)
@given(runs, st.booleans())
def test_no_hidden_total_follows_from_all_that_a_member_sees(history: list[Any], repeat: bool) -> None:
    """The rival writes down every share, own point, published weight and shown total of every right and run, solves
    exactly, and finds no total that the page did not say it could find."""
    history = [*history, history[-1]] if repeat else history
    told_runs = [told(table, *rights, disclosure=level) for table, rights, level in history]
    rows: list[dict[Any, Fraction]] = []
    open_totals: dict[Any, Fraction] = {}
    admitted: set[Any] = set()
    every: set[Any] = set()
    for place, run in enumerate(told_runs):
        views = [seen(run, *told_runs[:place], code=row["right"]) for row in run.document["rights"]]
        held = points_of(run.document)
        names = {code: (code, sum(row.values())) for code, row in held.items()}
        every |= set(names.values())
        for view in views:
            assert view.own is not None
            equation: dict[Any, Fraction] = {}
            for row, part in zip(view.categories, view.own.parts, strict=True):
                name = names[category_of(row.category)]
                if row.shown:
                    assert row.total == name[1]
                    open_totals[name] = row.total
                if row.derivable:
                    admitted.add(name)
                if part.points:
                    equation[name] = equation.get(name, Fraction(0)) + row.weight * part.points
            scaled = next(r for r in run.document["rights"] if r["right"] == view.right)["scale"] != "1"
            if scaled:
                equation["scale", place, view.right] = Fraction(-view.own.grid, view.grid or 1)
            rows.append(equation)
    found = equations.determined(rows, open_totals)
    betrayed = {name for name in found & every if name not in open_totals}
    unsaid = betrayed - admitted
    last = points_of(told_runs[-1].document)
    names = {(code, sum(row.values())) for code, row in last.items()}
    assert not unsaid & names


def test_a_shown_total_never_differs_from_an_earlier_one_by_what_one_rival_did() -> None:
    """Every rival in turn adds to every category between two runs; no pair of shown totals tells how much."""
    first = told(SAFE, ONE, OTHER)
    for code in SAFE:
        for rival in "bcde":
            later = told({**SAFE, code: {**EVEN, rival: EVEN[rival] + 37}}, ONE, OTHER)
            assert not {code} & shown(later, first)


# ---- what a proposal is told ----
@pytest.mark.parametrize(
    ("rights", "said"),
    [([ONE], 0), ([ONE, OTHER], 1), ([ONE, SAME_RATIO], 2), ([ONE, right("votes", {"name": "stakes/1"})], 0)],
)
def test_a_policy_whose_rights_betray_totals_is_warned_of(rights: list[dict[str, Any]], said: int) -> None:
    rule = policies.read(second(*rights))
    warned = caveats.warnings(policies.equations(rule), [category.code for category in rule.categories])
    assert len(warned) == said
    if said == 2:
        assert "Cash" in warned[1].en and "資金" in warned[1].ja


# ---- errors, and what is for the desk ----
def test_notes_and_leaving_coalitions_are_for_the_desk_unless_released() -> None:
    table = {"players": list("abcde"), "values": {}}
    for place in range(1, 32):
        names = [name for i, name in enumerate("abcde") if place >> i & 1]
        table["values"][",".join(names)] = str({1: 10, 2: 15, 3: 18, 4: 20, 5: 21}[len(names)])
    from contributions.core import canonical

    digest = canonical.digest(table)
    use = right("use", {"name": "shapley/1", "game": {"valuation": digest}})
    for released in ("desk", "released"):
        document = second(ONE, use, coalitions=released)
        result = allocations.allocate(document, beyond(points(SAFE), valuations={digest: table})).document()
        run = Told(result, document, {})
        member = seen(run, code="use")
        assert bool(member.leaving) == (released == "released")
        assert not any("10" in note.en for note in member.notes)
        assert any("not superadditive" in note.en for note in member.notes)
        desk = disclosure.view(
            result, policy=document, viewer=Viewer(user=None, name="d", home=None, acting=None, workplace="desk"),
            group_of={}, names={}, right="use",
        )  # fmt: skip
        assert desk.leaving and desk.leaving[0].gain > 0


def test_what_licensees_used_is_for_no_member_even_at_the_open_level() -> None:
    use = {"L1": "10", "L1/a": "1", "L1/b": "2"}
    document = second(right("revenue", {"name": "licensee-centric/1", "table": "table-use"}), disclosure="open/1")
    result = allocations.allocate(document, beyond(points(SAFE), tables={"table-use": use})).document()
    view = seen(Told(result, document, {}))
    assert all(part.points is None and part.part is None for share in view.shares for part in share.parts)
    assert all(row.total is None for row in view.categories)


def test_a_run_in_which_a_member_had_no_share_told_it_nothing() -> None:
    """Who joined later was never shown the first total, so the second alone tells it of nobody."""
    before = told({**SEVEN, "data": SEVEN["data"] | {"a": 0}}, ONE, members="bcdefg")
    grown = told({**SEVEN, "data": SEVEN["data"] | {"b": 150}}, ONE, members="abcdefg")
    assert "data" in shown(grown, before)
    assert "data" not in shown(grown, told(SEVEN, ONE, members="abcdefg"))
