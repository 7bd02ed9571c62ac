"""Which part counts, line by line: what is excluded adds up to what does not count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from contributions.core import eligibility
from contributions.core.words import Text


@pytest.mark.parametrize(
    ("faults", "state", "recovered", "part", "reasons"),
    [
        (set(), "0", "0", "1", ()),
        (set(), "1/2", "0", "1/2", ("state-paid",)),
        (set(), "1/2", "1/3", "1/6", ("recovered", "state-paid")),
        (set(), "2/3", "1/2", "0", ("recovered", "state-paid")),
        ({"not-accepted"}, "1/2", "0", "0", ("not-accepted", "state-paid")),
    ],
)
def test_the_part_that_counts(faults: set[str], state: str, recovered: str, part: str, reasons: tuple[str]) -> None:
    found = eligibility.counted(faults, state=Fraction(state), recovered=Fraction(recovered))
    assert (found.part, found.reasons) == (Fraction(part), reasons)


def test_every_line_says_what_it_takes_away_and_nothing_is_taken_twice() -> None:
    faults, state = {"no-terms", "before-grant"}, Fraction(1, 2)
    lines = eligibility.lines(faults, state=state, recovered=Fraction(1, 4), said={})
    assert sum((line.excluded for line in lines), Fraction(0)) == 1 - eligibility.counted(faults, state=state).part
    assert {line.code for line in lines if not line.is_met} == {"terms", "granted", "state", "recovered"}


def test_a_line_speaks_in_the_words_given() -> None:
    said = {"accepted": Text("2026-10-06 に受入済", "accepted on 2026-10-06")}
    (line,) = eligibility.lines(set(), said=said, asked=("accepted",))
    assert line.is_met and line.text == said["accepted"] and line.excluded == 0


def test_what_was_made_in_parts_has_the_lines_of_its_parts_by_weight() -> None:
    said = {"membership": Text("会員期間の外の日", "days outside the membership")}
    inside = eligibility.lines(set(), state=Fraction(1, 2), said={}, asked=("membership", "state"))
    outside = eligibility.lines({"outside-membership"}, state=Fraction(1, 2), said=said, asked=("membership", "state"))
    membership, state = eligibility.together([(3, inside), (1, outside)])
    assert (membership.excluded, membership.is_met, membership.text) == (Fraction(1, 4), False, said["membership"])
    assert state.excluded == Fraction(3, 8), "of the days outside nothing was left for the state's part to take"
    assert eligibility.left((membership, state)) == Fraction(3, 8)


def test_parts_that_weigh_nothing_count_alike() -> None:
    whole, nothing = (eligibility.lines(faults, said={}, asked=("accepted",)) for faults in (set(), {"refused"}))
    assert eligibility.left(eligibility.together([(0, whole), (0, nothing)])) == Fraction(1, 2)
