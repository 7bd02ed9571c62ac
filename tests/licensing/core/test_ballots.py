"""The count: quorum and majority by member, by stake and by both, inclusive or strict; and who sees what of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from contributions.core.roles import Viewer
from licensing.core import ballots

HEADS = dict.fromkeys("abcd", "1")
STAKES = {"a": "1/2", "b": "1/4", "c": "1/8", "d": "1/8"}


def rule(**changes):
    return {"basis": "members", "quorum": "1/2", "threshold": "1/2", "strict": False, "of": "decided"} | changes


@pytest.mark.parametrize(
    ("votes", "changes", "carried"),
    [
        ({"a": "for", "b": "against"}, {}, True),
        ({"a": "for", "b": "against"}, {"strict": True}, False),
        ({"a": "for", "b": "abstain"}, {"of": "present", "strict": True}, False),
        ({"a": "for", "b": "abstain"}, {"of": "decided", "strict": True}, True),
        ({"a": "for", "b": "for", "c": "abstain"}, {"of": "all"}, True),
        ({"a": "for", "b": "for", "c": "abstain"}, {"of": "all", "strict": True}, False),
        ({"a": "for"}, {}, False),
        ({"a": "abstain", "b": "abstain"}, {}, False),
        (dict.fromkeys("abcd", "for"), {"threshold": "1", "quorum": "1"}, True),
        ({}, {"quorum": "0", "threshold": "0"}, False),
    ],
)
def test_a_majority_is_what_the_rule_says(votes, changes, carried):
    assert ballots.count(HEADS, rule(**changes), votes).carried is carried


def test_by_both_each_count_must_carry():
    both = rule(basis="both", strict=True)
    large, small = {"a": "for", "b": "against", "c": "against"}, {"a": "against", "b": "for", "c": "for", "d": "for"}
    for votes in (large, small):
        outcome = ballots.count(HEADS, both, votes, STAKES)
        assert [count.basis for count in outcome.counts] == ["members", "stakes"] and not outcome.carried
    assert ballots.count(HEADS, both, {"a": "for", "b": "for", "c": "against"}, STAKES).carried


def test_by_stake_each_vote_weighs_its_stake():
    (count,) = ballots.count(HEADS, rule(basis="stakes"), {"a": "for", "b": "against"}, STAKES).counts
    assert (count.votes_for, count.against, count.electorate) == (Fraction(1, 2), Fraction(1, 4), 1)


def viewer(workplace, barred=()):
    return Viewer(None, "x", "a", "a", workplace, barred=frozenset(barred))


@pytest.mark.parametrize(
    ("visibility", "is_open", "sees"),
    [
        ("open", True, {"member", "legal", "auditor"}),
        ("until-closed", True, {"auditor"}),
        ("until-closed", False, {"member", "legal", "auditor"}),
        ("secret", True, {"auditor"}),
        ("secret", False, {"auditor"}),
    ],
)
def test_how_others_voted_is_shown_by_the_bodys_rule(visibility, is_open, sees):
    shown = {
        workplace
        for workplace in ("member", "legal", "auditor")
        if ballots.shows_votes(visibility, is_open=is_open, viewer=viewer(workplace))
    }
    assert shown == sees


def test_stakes_are_shown_to_no_member_and_to_nobody_who_is_barred():
    assert {w for w in ("member", "legal", "desk", "auditor", "finance") if ballots.shows_stakes(viewer(w))} == {
        "legal", "desk", "auditor",
    }  # fmt: skip
    assert not ballots.shows_stakes(viewer("legal", barred={"b"}))
