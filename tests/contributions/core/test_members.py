"""Stakes over time with their corrections, and leaving."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from contributions.core import members as rules

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)


def holding(number, share, start=APRIL, *, member="a", restates=None):
    return rules.Holding(member, Fraction(share), start, number, restates)


def test_a_correction_takes_the_place_of_what_it_corrects_also_on_another_day():
    rows = [holding(1, "1/4"), holding(2, "1/5", JULY, restates=1)]
    assert rules.held_on(rows, date(2026, 5, 1)) == {}
    assert rules.held_on(rows, JULY)["a"].share == Fraction(1, 5)


def test_a_correction_of_an_older_record_leaves_the_newer_in_force():
    rows = [holding(1, "1/4"), holding(2, "1/3", JULY), holding(3, "1/5", restates=1)]
    assert rules.held_on(rows, APRIL)["a"].number == 3
    assert rules.held_on(rows, JULY)["a"].number == 2


def test_a_chain_of_corrections_ends_at_its_last():
    rows = [holding(1, "1/4"), holding(2, "1/5", restates=1), holding(3, "1/6", restates=2)]
    assert [one.number for one in rules.standing(rows)] == [3]


def test_stakes_may_close_to_the_whole_and_not_beyond():
    rules.check_stake(Fraction(1, 4), others=Fraction(3, 4), day=APRIL)
    with pytest.raises(rules.OverWhole, match=r"\d\d\d\.\d\d %"):
        rules.check_stake(Fraction(1, 4) + Fraction(1, 10**9), others=Fraction(3, 4), day=APRIL)
    for share in (Fraction(-1, 100), Fraction(101, 100)):
        with pytest.raises(rules.BadStake):
            rules.check_stake(share, others=Fraction(0), day=APRIL)


def test_a_member_leaves_once_and_after_it_joined():
    rules.check_leaving("a", admitted_on=APRIL, withdrawn_on=None, day=date(2026, 4, 2))
    with pytest.raises(rules.LeavesBeforeJoining):
        rules.check_leaving("a", admitted_on=APRIL, withdrawn_on=None, day=APRIL)
    with pytest.raises(rules.AlreadyWithdrawn):
        rules.check_leaving("a", admitted_on=APRIL, withdrawn_on=JULY, day=JULY)
