from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import pytest
from allocation_cases import inputs, line, points, weights

from contributions.core import committed
from contributions.core.roles import Viewer
from contributions.core.words import Text
from licensing.core import allocations, disclosure

WEIGHTS = {"data": "1/2", "compute": "3/10", "cash": "1/5"}
EVEN = {"a": 100, "b": 110, "c": 120, "d": 130, "e": 140}
NAMES = {"a": Text("甲社", "Company A")}


def at(workplace: str, acting: str | None = None) -> Viewer:
    return Viewer(user=None, name="somebody", home=acting, acting=acting, workplace=workplace)


def seen(
    table: dict[str, dict[str, int]],
    viewer: Viewer,
    *,
    groups: dict[str, str] | None = None,
    level: str = "safe-totals/1",
    **changes: Any,
) -> disclosure.AllocationView:
    document = {**weights(**WEIGHTS), "disclosure": level, **changes}
    result = allocations.allocate(document, points(table))
    commitments = committed.commitments(allocations.rows(result, lambda name: f"salt {name}"))
    return disclosure.view(
        result.document(), policy=document, viewer=viewer, group_of=groups or {}, names=NAMES, commitments=commitments
    )


def totals(view: disclosure.AllocationView) -> dict[str, Fraction | None]:
    return {category.category: category.total for category in view.categories}


SAFE = {"data": EVEN, "compute": EVEN, "cash": EVEN}


@pytest.mark.parametrize("workplace", ["desk", "auditor", "system"])
def test_desk_and_auditor_recompute_everything(workplace: str) -> None:
    view = seen({"data": {"a": 1, "b": 9}, "compute": EVEN, "cash": EVEN}, at(workplace))
    assert (view.audience, view.recomputed, len(view.shares)) == ("full", True, 5)
    assert all(category.total is not None and category.contributors for category in view.categories)
    assert all(share.exact is not None and share.parts for share in view.shares)
    assert all(share.lines for share in view.shares)


def test_a_member_recomputes_its_share_when_every_total_is_safe() -> None:
    view = seen(SAFE, at("member", "a"))
    assert totals(view) == {"data": 600, "compute": 600, "cash": 600}
    assert view.own is not None
    assert view.own.exact == Fraction(1, 6)
    assert view.recomputed
    assert [share.member for share in view.shares] == ["a"]
    assert view.own.name == NAMES["a"]


def test_a_total_with_fewer_than_three_others_behind_it_is_hidden() -> None:
    view = seen(
        {**SAFE, "data": {"a": 100, "b": 110, "c": 120}, "compute": {"a": 5, "b": 5, "c": 6}}, at("member", "a")
    )
    assert totals(view) == {"data": None, "compute": None, "cash": 600}


def test_a_total_that_one_other_dominates_is_hidden() -> None:
    most = {"a": 100, "b": 51, "c": 25, "d": 24}
    half = {"a": 100, "b": 50, "c": 25, "d": 25}
    assert totals(seen({"data": most, "compute": most, "cash": EVEN}, at("member", "a")))["data"] is None
    assert totals(seen({"data": half, "compute": half, "cash": EVEN}, at("member", "a")))["data"] == 200


def test_affiliates_count_as_one_and_ones_own_group_not_at_all() -> None:
    row = {"a": 100, "b": 100, "c": 100, "d": 100}
    table = {"data": row, "compute": row, "cash": row}
    assert totals(seen(table, at("member", "a")))["data"] == 400
    assert totals(seen(table, at("member", "a"), groups={"c": "c", "d": "c"}))["data"] is None
    assert totals(seen(table, at("member", "a"), groups={"a": "a", "b": "a"}))["data"] is None


def test_where_one_total_would_be_hidden_alone_a_second_is_hidden_too() -> None:
    view = seen({**SAFE, "cash": {"a": 10, "b": 90}}, at("member", "a"))
    assert totals(view) == {"data": None, "compute": 600, "cash": None}
    assert view.own is not None
    parts = {part.category: part for part in view.own.parts}
    assert parts["compute"].part == Fraction(3, 10) / 6
    assert parts["data"].part is None
    assert parts["data"].points == 100


def test_a_hidden_total_in_which_one_has_no_points_hides_nothing_else() -> None:
    view = seen({**SAFE, "cash": {"b": 90}}, at("member", "a"))
    assert totals(view) == {"data": 600, "compute": 600, "cash": None}
    assert view.recomputed


def test_floor_and_cap_that_moved_a_rival_hide_one_total_more() -> None:
    table = {code: {**EVEN, "z": 2} for code in SAFE}
    view = seen(table, at("member", "a"), floor="5/100")
    assert sum(total is None for total in totals(view).values()) == 1
    assert view.scale is None
    assert view.own is not None
    assert view.own.exact is None


def test_an_empty_category_is_itself_a_figure_and_hides_the_totals() -> None:
    assert set(totals(seen({**SAFE, "cash": {}}, at("member", "a"))).values()) == {None}


def test_where_a_total_is_hidden_no_exact_fraction_and_no_remainder_shows() -> None:
    view = seen({**SAFE, "cash": {"a": 10, "b": 90}}, at("member", "a"))
    assert view.own is not None
    assert (view.own.raw, view.own.exact, view.own.delta, view.scale, view.held) == (None,) * 5
    hidden = [category for category in view.categories if not category.shown]
    assert all(category.commitment and len(category.commitment) == 64 for category in hidden)
    assert all(category.effective is None and category.contributors is None for category in hidden)
    assert "検算・署名済み" in hidden[0].state.ja


def test_the_page_says_what_was_not_checked_and_what_payouts_reveal() -> None:
    said = " ".join(text.en for text in seen({**SAFE, "cash": {"a": 10, "b": 90}}, at("member", "a")).sentences)
    assert "cannot be checked here" in said
    assert "your payments" in said
    assert "cannot be checked" not in " ".join(text.en for text in seen(SAFE, at("member", "a")).sentences)


def test_a_member_with_one_category_is_told_that_its_share_gives_the_total_away() -> None:
    view = seen({"data": {"b": 5, "c": 5}, "compute": {"b": 5, "c": 5}, "cash": {"a": 10, "b": 90}}, at("member", "a"))
    assert any("one category only" in text.en for text in view.sentences)


def test_own_lines_level_shows_no_total_at_all() -> None:
    view = seen(SAFE, at("member", "a"), level="own-lines/1")
    assert set(totals(view).values()) == {None}
    assert view.own is not None
    assert [line.points for line in view.own.lines] == [100, 100, 100]


def test_the_open_level_shows_every_share_but_only_ones_own_lines() -> None:
    view = seen(SAFE, at("member", "a"), level="open/1")
    assert len(view.shares) == 5
    assert [share.member for share in view.shares if share.lines] == ["a"]
    assert all(share.exact is not None for share in view.shares)


@pytest.mark.parametrize("workplace", ["legal", "finance"])
def test_legal_and_finance_see_shares_and_not_what_made_them(workplace: str) -> None:
    view = seen(SAFE, at(workplace))
    assert (view.audience, len(view.shares)) == ("shares", 5)
    assert all(share.exact is None and not share.parts and not share.lines for share in view.shares)
    assert set(totals(view).values()) == {None}


@pytest.mark.parametrize("viewer", [at("licensee", "a"), at("member", "stranger"), at("reviewer"), at("operator")])
@pytest.mark.parametrize("level", ["safe-totals/1", "open/1"])
def test_everybody_else_learns_only_that_it_exists(viewer: Viewer, level: str) -> None:
    view = seen(SAFE, viewer, level=level)
    assert (view.audience, view.shares, view.categories, view.grid) == ("existence", (), (), None)


def test_no_view_below_open_names_another_member() -> None:
    for table in (SAFE, {**SAFE, "cash": {"a": 10, "b": 90}}):
        view = seen(table, at("member", "a"))
        assert {share.member for share in view.shares} == {"a"}


def test_groups_come_from_the_inputs() -> None:
    document = inputs([line("a", "cash", 1), line("b", "cash", 1)], groups=[["a", "b"]])
    assert disclosure.groups_of(document) == {"a": "a", "b": "a"}


def visible(view: disclosure.AllocationView) -> str:
    """Every field of the view but the salted commitments, which a rival cannot open."""
    bare = [dataclasses.replace(category, commitment=None) for category in view.categories]
    return repr(dataclasses.replace(view, categories=tuple(bare)))


def test_a_rival_cannot_derive_a_hidden_total_from_all_it_sees() -> None:
    """Search by brute force: the same view must fit worlds whose hidden totals differ widely."""
    world = {"data": {"a": 40, "b": 60}, "compute": {"a": 30, "b": 70}, "cash": {"a": 25, **dict.fromkeys("bcd", 25)}}
    own = visible(
        seen(world, at("member", "a"), rounding={"method": "largest-remainder/1", "grid": 1000, "tie": "member-code"})
    )
    fitting = set()
    for data in range(10, 400, 10):
        for compute in range(10, 400, 10):
            other = {**world, "data": {"a": 40, "b": data}, "compute": {"a": 30, "b": compute}}
            grid = {"method": "largest-remainder/1", "grid": 1000, "tie": "member-code"}
            if _share(other) == _share(world) and visible(seen(other, at("member", "a"), rounding=grid)) == own:
                fitting.add((40 + data, 30 + compute))
    assert len({data for data, _ in fitting}) >= 2
    assert len({compute for _, compute in fitting}) >= 2
    assert max(data for data, _ in fitting) > Fraction(11, 10) * min(data for data, _ in fitting)


def _share(table: dict[str, dict[str, int]]) -> int:
    """The member's share in thousandths, worked out by hand to keep the search quick."""
    own = sum(Fraction(w) * Fraction(table[c]["a"], sum(table[c].values())) for c, w in WEIGHTS.items())
    return round(own * 1000)


def test_suppression_is_what_keeps_the_hidden_total_hidden() -> None:
    """Without the second hidden total, share − shown parts would give the first one away."""
    table = {**SAFE, "cash": {"a": 10, "b": 90}}
    view = seen(table, at("member", "a"))
    assert view.own is not None
    known = sum((part.part for part in view.own.parts if part.part is not None), Fraction(0))
    rest = Fraction(view.own.grid, 1_000_000) - known
    guess = Fraction(1, 5) * 10 / rest  # as if the whole rest came from the one hidden category
    assert abs(guess - 100) > 50


def test_finance_and_legal_see_totals_only_at_the_open_level() -> None:
    view = seen(SAFE, at("finance"), level="open/1")
    assert totals(view) == {"data": 600, "compute": 600, "cash": 600}
    assert not any(share.lines or share.own for share in view.shares)
