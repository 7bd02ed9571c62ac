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
