from __future__ import annotations

import random
from fractions import Fraction

import naive_games as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core import coalitions, named_games, nucleolus, semivalues
from licensing.core.named_games import Airport, Bankruptcy, Game, Gloves, Voting, Worths


def drawn(seed: int) -> list[Game]:
    """One game of each form, small, with ties, zeros and fractions."""
    draw = random.Random(seed)
    count = draw.randint(2, 7)
    players = tuple(naive.names(count))
    sizes = tuple(Fraction(draw.choice([0, 1, 1, 2, 3, 5, 8]), draw.choice([1, 1, 2])) for _ in players)
    quota = Fraction(draw.randint(1, 2 * int(sum(sizes)) + 2), 2)
    sides = [draw.randrange(3) for _ in players]
    left, right = (sum(1 << place for place, side in enumerate(sides) if side == one) for one in (1, 2))
    listed = {draw.randrange(1, 1 << count): Fraction(draw.randint(-5, 9), 2) for _ in range(2)}
    estate = Fraction(draw.randint(0, int(sum(sizes))))
    return [
        Voting(players, quota, sizes),
        Bankruptcy(players, estate, sizes),
        Airport(players, sizes),
        Gloves(players, left, right),
        Worths(players, listed),
    ]


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_table_holds_what_each_coalition_is_worth(seed: int) -> None:
    for game in drawn(seed):
        table = game.table()
        assert [table.worth(place) for place in range(table.everybody + 1)] == [
            game.worth(place) for place in range(table.everybody + 1)
        ]


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_counting_without_a_table_gives_the_same_values(seed: int) -> None:
    for game in drawn(seed):
        table = game.table()
        for counted, by_table in ((game.shapley(), semivalues.shapley), (game.banzhaf(), semivalues.banzhaf_absolute)):
            assert counted is None or counted == by_table(table), game


def test_all_forms_are_counted_somewhere_in_these_games(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_games, "_is_long", lambda count, limit: limit < 1)
    for seed in range(60):
        for game in drawn(seed)[:2]:
            table = game.table()
            assert game.shapley() in (None, semivalues.shapley(table))
            assert game.banzhaf() in (None, semivalues.banzhaf_absolute(table))


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_what_is_known_of_a_form_is_true_of_its_table(seed: int) -> None:
    for game in drawn(seed)[:4]:
        table = game.table().negated() if game.costs else game.table()
        assert game.is_superadditive() == (coalitions.breach(table) is None)
        assert game.has_core() == (nucleolus.least_excess(table).excess <= 0)


def test_too_many_sums_are_left_to_a_table() -> None:
    players = tuple(naive.names(30))
    game = Voting(players, Fraction(10**9), tuple(Fraction(10**8 + place) for place in range(30)))
    assert game.shapley() is None and game.is_superadditive() is None
    with pytest.raises(coalitions.TooManyPlayers):
        game.table()


def test_forty_voters_sum_to_one_and_a_heavier_vote_is_never_worth_less() -> None:
    weights = tuple(Fraction(1 + place % 9) for place in range(40))
    values = Voting(tuple(naive.names(40)), Fraction(101), weights).shapley() or []
    assert sum(values) == 1
    by_weight = sorted(zip(weights, values, strict=True))
    assert [value for _, value in by_weight] == sorted(values)
