"""What if: side by side, from the pool for those who see all, from its own view for a member."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from allocation_cases import between, beyond, points, right, second, weighted

from contributions.core.errors import Refused
from contributions.core.roles import Viewer
from licensing.core import allocations, disclosure, explanations, pairs, policies, what_ifs
from licensing.core.views import AllocationView
from licensing.core.what_ifs import Change

EVEN = {"a": 100, "b": 110, "c": 120, "d": 130, "e": 140}
TABLE = {"data": EVEN, "compute": EVEN, "cash": EVEN}
METHOD = weighted(data="1/2", compute="3/10", cash="1/5")


def pool(table: Any = None, *rights: dict[str, Any], **carried: Any) -> Any:
    document = second(*(rights or (right("revenue", METHOD),)))
    return allocations.pooled(document, beyond(points(table or TABLE), **carried))


def after(change: Change, table: Any = None) -> dict[str, Fraction]:
    rule, held = pool(table)
    return {share.member: share.exact for share in what_ifs.changed(rule.main, held, change).members}


def seen(table: dict[str, dict[str, int]], *rights: dict[str, Any]) -> tuple[AllocationView, policies.Right]:
    document = second(*(rights or (right("revenue", METHOD),)))
    result = allocations.allocate(document, beyond(points(table)))
    viewer = Viewer(user=None, name="a", home="a", acting="a", workplace="member")
    view = disclosure.view(result.document(), policy=document, viewer=viewer, group_of={}, names={})
    return view, policies.read(document).main


def test_other_weights_another_method_more_points_and_one_member_less() -> None:
    two = {"data": {"a": 3, "b": 1}, "compute": {"b": 1}, "cash": {"a": 1}}
    assert after(Change(), two) == {"a": Fraction(23, 40), "b": Fraction(17, 40)}
    only_data = {"data": Fraction(1), "compute": Fraction(0)}
    assert after(Change(weights=only_data), two) == {"a": Fraction(3, 4), "b": Fraction(1, 4)}
    more = Change(weights=only_data, added={("a", "data"): Fraction(4)})
    assert after(more, two) == {"a": Fraction(7, 8), "b": Fraction(1, 8)}
    assert after(Change(method="equal/1"), two) == {"a": Fraction(1, 2), "b": Fraction(1, 2)}
    assert after(Change(without="b"), two) == {"a": Fraction(1)}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Change(weights={"data": Fraction(1, 2)}), "weights-not-one"),
        (Change(method="stakes/1"), "nothing-to-share-by"),
    ],
)
def test_an_assumption_that_cannot_be_is_refused(change: Change, code: str) -> None:
    with pytest.raises(Refused) as wrong:
        after(change)
    assert wrong.value.code == code


def test_weights_of_a_right_that_has_none_cannot_be_changed() -> None:
    rule, held = pool(None, right("revenue", {"name": "equal/1"}))
    with pytest.raises(what_ifs.NoWeights):
        what_ifs.changed(rule.main, held, Change(weights={"data": Fraction(1)}))


def test_both_stand_side_by_side_and_in_a_picture() -> None:
    rule, held = pool()
    before, later = (what_ifs.changed(rule.main, held, change) for change in (Change(), Change(without="e")))
    rows = what_ifs.beside(before, later)
    assert [(row.member, row.after is None) for row in rows] == [(m, m == "e") for m in "abcde"]
    assert sum(row.difference for row in rows) == 0
    drawn = [pairs.Pair(disclosure.Text(row.member, row.member), row.before or 0, row.after or 0) for row in rows]
    svg = pairs.pairs(drawn, language="en")
    assert "e loses most" in svg and svg.count("<rect") == 10
    assert pairs.finding([pairs.Pair(drawn[0].name, Fraction(1), Fraction(1))]).en == "No share changes."


def test_a_member_is_answered_from_its_own_view_alone() -> None:
    view, _ = seen(TABLE)
    before, later = what_ifs.own(view, Change(added={("a", "data"): Fraction(100)}), "a")
    assert before == Fraction(1, 6)
    assert later == Fraction(1, 2) * Fraction(200, 700) + Fraction(1, 2) * Fraction(1, 6)
    flat = {code: Fraction(1, 3) for code in TABLE}
    assert what_ifs.own(view, Change(weights=flat), "a")[1] == Fraction(1, 6)


def test_a_member_gets_no_answer_that_would_need_a_hidden_total() -> None:
    view, _ = seen({**TABLE, "cash": {"a": 10, "b": 90}})
    for change in (Change(), Change(added={("a", "cash"): Fraction(1)})):
        with pytest.raises(what_ifs.TotalHidden):
            what_ifs.own(view, change, "a")
    by_stakes, _ = seen(TABLE, right("revenue", {"name": "equal/1"}))
    with pytest.raises(what_ifs.NoWeights):
        what_ifs.own(by_stakes, Change(weights={"data": Fraction(1)}), "a")


def test_methods_are_compared_with_concentration_and_stability() -> None:
    table = {"players": ["a", "b", "c"], "values": {}}
    for key, worth in {"a": 0, "b": 0, "c": 0, "a,b": 60, "a,c": 60, "b,c": 60, "a,b,c": 90}.items():
        table["values"][key] = str(worth)
    from contributions.core import canonical

    digest = canonical.digest(table)
    three = {"data": {"a": 1, "b": 1, "c": 8}, "compute": {}, "cash": {}}
    use = right("use", {"name": "shapley/1", "game": {"valuation": digest}})
    rule, held = pool(three, right("revenue", weighted(data="1")), use, valuations={digest: table})
    game = what_ifs.game_of(rule.main, rule.shared)
    rows = {row.name: row for row in what_ifs.compared(rule.main, held, game)}
    assert {"category-weighted/1", "equal/1", "proportional/1", "shapley/1", "owen/1", "nucleolus/1"} <= set(rows)
    assert rows["equal/1"].concentration == Fraction(1, 3) and rows["category-weighted/1"].largest == Fraction(4, 5)
    assert rows["shapley/1"].complaint == 0 and rows["shapley/1"].shares == rows["nucleolus/1"].shares
    by_points = rows["category-weighted/1"]
    assert by_points.complaint == Fraction(60 - 18, 90) and by_points.leaving == ["a", "b"], "rules are judged as well"
    assert rows["stakes/1"].refusal is not None
    assert what_ifs.game_of(rule.main, [rule.main]) is None
    assert {row.complaint for row in what_ifs.compared(rule.main, held, None)} == {None}


def test_of_votes_the_greatest_complaint_is_told_and_nobody_is_named() -> None:
    """Majority of three: whoever has nothing sees two who could have all; equal parts leave two a third short."""
    votes = right("use", {"name": "banzhaf/1", "game": {"quota": "1/2", "weights": {"of": "equal"}}})
    three = {"data": {"a": 1, "b": 1, "c": 8}, "compute": {}, "cash": {}}
    rule, held = pool(three, right("revenue", weighted(data="1")), votes)
    rows = {row.name: row for row in what_ifs.compared(rule.main, held, what_ifs.game_of(rule.main, rule.shared))}
    assert rows["equal/1"].complaint == Fraction(1, 3)
    assert rows["category-weighted/1"].complaint == Fraction(4, 5)
    assert not any(row.leaving for row in rows.values())


def test_a_plain_statement_says_why_and_what_would_raise_it() -> None:
    view, rule = seen({**TABLE, "data": {**EVEN, "a": 700}, "cash": {**EVEN, "a": 0}})
    assert view.own is not None
    why = " ".join(text.en for text in explanations.why(view, view.own, rule))
    assert "The share of a in licence revenue is" in why and "comes from data" in why
    assert "Nothing that counts was put in as cash" in why
    raising = explanations.raising(view, view.own, rule)
    assert raising[0].ja.startswith("データ提供の点数が1割増えると")
    assert all(text.ja.endswith("。") for text in (*explanations.why(view, view.own, rule), *raising))


def test_a_statement_names_what_does_not_count_yet_the_cap_and_a_hidden_total() -> None:
    document = points({**TABLE, "cash": {"a": 10, "b": 90}})
    document["lines"].append({**document["lines"][0], "member": "a", "asset": "D-9@1", "counted": "0",
                              "reasons": ["review-missing"]})  # fmt: skip
    policy = second(right("revenue", METHOD, **between("0", "1/5")))
    viewer = Viewer(user=None, name="a", home="a", acting="a", workplace="member")
    result = allocations.allocate(policy, beyond(document)).document()
    view = disclosure.view(result, policy=policy, viewer=viewer, group_of={}, names={})
    assert view.own is not None
    rule = policies.read(policy).main
    raising = " ".join(text.en for text in explanations.raising(view, view.own, rule))
    assert "D-9@1 (data) earns points once its reviews have passed" in raising
    assert "is not shown, since the total is not" in " ".join(
        text.en for text in explanations.why(view, view.own, rule)
    )


def test_a_share_by_stakes_is_not_raised_by_contributions() -> None:
    view, rule = seen(TABLE, right("revenue", {"name": "equal/1"}))
    assert view.own is not None
    (said,) = explanations.raising(view, view.own, rule)
    assert "does not change the share" in said.en
