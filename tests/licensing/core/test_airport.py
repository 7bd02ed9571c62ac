from __future__ import annotations

from fractions import Fraction

import naive_games as naive
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core import airport, semivalues
from licensing.core.named_games import Airport

NEEDS = st.lists(st.fractions(0, 50, max_denominator=3), min_size=1, max_size=7)


def test_a_runway_is_paid_section_by_section() -> None:
    assert airport.tiered([Fraction(need) for need in (8, 11, 13, 18)]) == [2, 3, 4, 9]
    assert airport.tiered([Fraction(18), Fraction(8), Fraction(13), Fraction(11)]) == [9, 2, 4, 3]


def test_who_needs_nothing_pays_nothing() -> None:
    assert airport.tiered([Fraction(0), Fraction(4), Fraction(4)]) == [0, 2, 2]
    assert airport.tiered([Fraction(0)]) == [0]


@given(NEEDS)
@settings(max_examples=30, deadline=None)
def test_tiered_cost_is_the_shapley_value_of_its_game(needs: list[Fraction]) -> None:
    game = Airport(tuple(naive.names(len(needs))), tuple(needs))
    paid = airport.tiered(needs)
    assert paid == semivalues.shapley(game.table()) and sum(paid) == max(needs)
    assert game.banzhaf() == semivalues.banzhaf_absolute(game.table())


@given(NEEDS)
@settings(max_examples=30, deadline=None)
def test_nobody_pays_more_than_alone_and_who_needs_more_pays_no_less(needs: list[Fraction]) -> None:
    paid = airport.tiered(sorted(needs))
    assert paid == sorted(paid)
    assert all(part <= need for part, need in zip(paid, sorted(needs), strict=True))
