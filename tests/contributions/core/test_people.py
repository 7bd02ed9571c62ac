"""Employers over time, places of work, and the terms of a clean-team grant."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import people as rules
from contributions.core.periods import EmptyPeriod

START, UNTIL = date(2026, 5, 1), date(2026, 6, 1)


def test_an_employer_holds_until_the_next_one_begins():
    spells = [rules.Spell("consortium", UNTIL), rules.Spell("tetsu", START)]
    assert rules.home_on(spells, START) == rules.home_on(spells, date(2026, 5, 31)) == "tetsu"
    assert rules.home_on(spells, UNTIL) == "consortium"
    assert rules.home_on(spells, date(2026, 4, 30)) is None


def test_of_two_employers_on_one_day_the_later_record_holds():
    assert rules.home_on([rules.Spell("a", START), rules.Spell("b", START)], START) == "b"


@pytest.mark.parametrize(
    ("workplace", "kind"), [("legal", "company"), ("member", "office"), ("auditor", "office"), ("director", "office")]
)
def test_a_workplace_is_refused_at_an_organization_of_another_kind(workplace, kind):
    with pytest.raises(rules.WrongPlace):
        rules.check_place(workplace, "x", kind=kind)


def test_every_place_fits_its_kind():
    for workplace, kind in rules.PLACES.items():
        rules.check_place(workplace, "x", kind=kind)


def clearance(**changes):
    stated = {
        "rival": "tetsu",
        "barred": {"tetsu"},
        "granter_barred": frozenset(),
        "is_self": False,
        "start": START,
        "until": UNTIL,
        "most_days": 31,
        "purpose": "受入れの確認",
    }
    rules.check_clearance(**(stated | changes))


def test_a_grant_of_exactly_the_longest_time_is_given():
    clearance()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"most_days": 30}, rules.TooLong),
        ({"purpose": "  "}, rules.PurposeNeeded),
        ({"is_self": True}, rules.OwnGrant),
        ({"barred": {"kuruma"}}, rules.NotARival),
        ({"granter_barred": {"tetsu"}}, rules.GranterBarred),
        ({"until": START}, EmptyPeriod),
    ],
)
def test_a_grant_is_refused_with_its_reason(change, refusal):
    with pytest.raises(refusal):
        clearance(**change)


def test_nothing_ends_before_it_began_or_twice():
    rules.check_end(start=START, day=START, is_ended=False)
    with pytest.raises(rules.BeforeItBegan):
        rules.check_end(start=START, day=date(2026, 4, 30), is_ended=False)
    with pytest.raises(rules.AlreadyRevoked):
        rules.check_end(start=START, day=UNTIL, is_ended=True)
