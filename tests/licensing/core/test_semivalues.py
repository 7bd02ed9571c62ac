from __future__ import annotations

import random
from fractions import Fraction

import naive_games as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core import arrays, coalitions, semivalues
from licensing.core.coalitions import Table

FEW = settings(max_examples=30, deadline=None)
VALUES = [semivalues.shapley, semivalues.banzhaf_absolute, lambda game: semivalues.owen(game, [0b11])]


@st.composite
def games(draw: st.DrawFn, least: int = 2, most: int = 6) -> Table:
    count = draw(st.integers(least, most))
    number = st.fractions(min_value=-50, max_value=50, max_denominator=6)
    worths = draw(st.lists(number, min_size=(1 << count) - 1, max_size=(1 << count) - 1))
    return coalitions.from_fractions(naive.names(count), [Fraction(0), *worths])


@pytest.mark.parametrize("count", range(1, 8))
def test_shapley_is_the_average_over_all_orders(count: int) -> None:
    game = naive.random_game(1, count)
    assert semivalues.shapley(game) == naive.shapley(count, game.worth)
    assert semivalues.shapley(game.plain()) == naive.shapley(count, game.worth)


@pytest.mark.parametrize("count", range(1, 9))
def test_banzhaf_is_the_average_over_all_coalitions(count: int) -> None:
    game = naive.random_game(2, count)
    assert semivalues.banzhaf_absolute(game) == naive.banzhaf(count, game.worth)
    assert semivalues.banzhaf_absolute(game.plain()) == naive.banzhaf(count, game.worth)


@pytest.mark.parametrize(
    "unions", [[[0, 1], [2], [3, 4, 5]], [[0, 5], [1, 4], [2, 3]], [[0, 1, 2, 3, 4], [5]], [[0], [1], [2], [3, 4], [5]]]
)
def test_owen_is_the_average_over_the_orders_that_keep_unions_together(unions: list[list[int]]) -> None:
    game = naive.random_game(3, 6)
    masks = [sum(1 << index for index in union) for union in unions if len(union) > 1]
    expected = naive.owen(6, game.worth, unions)
    assert semivalues.owen(game, masks) == expected
    assert semivalues.owen(game.plain(), masks) == expected


@FEW
@given(games())
def test_shapley_and_owen_hand_out_exactly_what_all_are_worth(game: Table) -> None:
    assert sum(semivalues.shapley(game)) == game.worth(game.everybody)
    assert sum(semivalues.owen(game, [0b11])) == game.worth(game.everybody)


@FEW
@given(games(), st.randoms(use_true_random=False))
def test_a_new_order_of_the_players_only_moves_their_values(game: Table, draw: random.Random) -> None:
    count = len(game.players)
    order = draw.sample(range(count), count)
    place = {old: new for new, old in enumerate(order)}

    def moved(coalition: int) -> int:
        return sum(1 << place[index] for index in coalitions.members(coalition))

    worths = [Fraction(0)] * (1 << count)
    for coalition in range(1 << count):
        worths[moved(coalition)] = game.worth(coalition)
    other = coalitions.from_fractions(game.players, worths)
    assert semivalues.shapley(other) == [semivalues.shapley(game)[old] for old in order]
    assert semivalues.banzhaf_absolute(other) == [semivalues.banzhaf_absolute(game)[old] for old in order]
    again = semivalues.owen(other, [moved(0b11)])
    assert again == [semivalues.owen(game, [0b11])[old] for old in order]


@FEW
@given(games(least=3, most=3), games(least=3, most=3))
def test_the_value_of_two_games_together_is_the_sum_of_both(one: Table, other: Table) -> None:
    both = coalitions.from_fractions(one.players, [one.worth(place) + other.worth(place) for place in range(8)])
    for value in VALUES:
        assert value(both) == [mine + yours for mine, yours in zip(value(one), value(other), strict=True)]


@FEW
@given(games(most=5))
def test_a_player_who_adds_nothing_gets_nothing_and_changes_nothing(game: Table) -> None:
    count = len(game.players)
    worths = [game.worth(place % (1 << count)) for place in range(2 << count)]
    wider = coalitions.from_fractions([*game.players, "nobody"], worths)
    for value in VALUES:
        assert value(wider) == [*value(game), 0]


@FEW
@given(games(most=5))
def test_players_who_add_the_same_get_the_same(game: Table) -> None:
    def swapped(place: int) -> int:
        return place & ~3 | place >> 1 & 1 | (place & 1) << 1

    size = 1 << len(game.players)
    even = coalitions.from_fractions(
        game.players, [game.worth(place) + game.worth(swapped(place)) for place in range(size)]
    )
    for value in VALUES:
        assert value(even)[0] == value(even)[1]


@FEW
@given(games(least=4, most=6))
def test_what_a_union_gets_is_its_shapley_value_among_unions(game: Table) -> None:
    """Owen's quotient property."""
    count = len(game.players)
    unions = [0b11, 0b1100, *(1 << index for index in range(4, count))]
    merged = [
        game.worth(sum(union for place, union in enumerate(unions) if chosen >> place & 1))
        for chosen in range(1 << len(unions))
    ]
    among = semivalues.shapley(coalitions.from_fractions(naive.names(len(unions)), merged))
    within = semivalues.owen(game, unions)
    for union, value in zip(unions, among, strict=True):
        assert sum(within[index] for index in coalitions.members(union)) == value


@FEW
@given(games())
def test_one_union_of_all_or_none_at_all_is_shapley(game: Table) -> None:
    assert semivalues.owen(game, []) == semivalues.owen(game, [game.everybody]) == semivalues.shapley(game)


@pytest.mark.parametrize("bits", [20, 40, 62, 90])
def test_worths_of_any_size_stay_exact(bits: int) -> None:
    """Beyond int64 the table is held in plain Python; below, in limbs."""
    draw = random.Random(bits)
    worths = [0, *(draw.randint(-(2**bits) + 1, 2**bits - 1) for _ in range(2**15 - 1))]
    game = coalitions.table(naive.names(15), arrays.column(worths))
    plain = coalitions.table(naive.names(15), worths)
    assert semivalues.shapley(game) == semivalues.shapley(plain)
    assert semivalues.banzhaf_absolute(game) == semivalues.banzhaf_absolute(plain)
    assert semivalues.owen(game, [0b111, 0b11000]) == semivalues.owen(plain, [0b111, 0b11000])


def test_banzhaf_shares_are_refused_where_nobody_swings() -> None:
    with pytest.raises(semivalues.NobodySwings) as refused:
        semivalues.normalised([Fraction(1), Fraction(-1)], Fraction(1))
    assert "banzhaf-absolute" in refused.value.text("ja")
    assert semivalues.normalised([Fraction(0)] * 2, Fraction(0)) == [0, 0]
