from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import naive_games as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core import arrays, coalitions, nucleolus
from licensing.core.coalitions import Table
from licensing.core.nucleolus import Level, Point

SEEDS = range(25)


def essential(seed: int, count: int) -> Table:
    """A random game that has imputations: everybody together is worth enough."""
    game = naive.random_game(seed, count, least=0)
    worths = [game.worth(place) for place in range(1 << count)]
    worths[-1] = sum((worths[1 << index] for index in range(count)), Fraction(seed % 7))
    return coalitions.from_fractions(game.players, worths)


def monotone(seed: int, count: int) -> Table:
    """A random game of small whole numbers where more players are never worth less: many ties."""
    draw = random.Random(seed)
    worths = [0] * (1 << count)
    for place in range(1, 1 << count):
        worths[place] = max(worths[place ^ 1 << index] for index in coalitions.members(place)) + draw.choice([0, 0, 1])
    return coalitions.table(naive.names(count), arrays.column(worths))


@pytest.mark.parametrize(("count", "seed"), [*((3, seed) for seed in SEEDS), *((4, seed) for seed in range(4))])
def test_at_every_level_those_who_complain_most_are_balanced(seed: int, count: int) -> None:
    """Kohlberg's criterion by its definition, for all coalitions at every level."""
    for game in (essential(seed, count), monotone(seed, count)):
        within = nucleolus.nucleolus(game) if coalitions.has_imputation(game) else None
        for point, bounded in ((within, True), (nucleolus.prenucleolus(game), False)):
            if point is None:
                continue
            excess = {place: game.worth(place) - paid(point.values, place) for place in range(1, game.everybody)}
            alone = [1 << index for index in range(count) if bounded and excess[1 << index] == 0]
            for level in set(excess.values()):
                loudest = [place for place, complaint in excess.items() if complaint >= level]
                assert naive.is_balanced(loudest, alone, count)


def paid(values: tuple[Fraction, ...], coalition: int) -> Fraction:
    return sum((values[index] for index in coalitions.members(coalition)), Fraction(0))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [3, 5, 7])
def test_no_other_division_makes_the_complaints_less(seed: int, count: int) -> None:
    game, draw = essential(seed, count), random.Random(seed)
    point = nucleolus.nucleolus(game)
    ours = naive.complaints(game, point.values)
    for _ in range(30):
        values = list(point.values)
        giver, taker = draw.sample(range(count), 2)
        room = values[giver] - game.worth(1 << giver)
        moved = min(room, Fraction(draw.randint(1, 20), draw.choice([1, 7, 100])))
        values[giver], values[taker] = values[giver] - moved, values[taker] + moved
        assert ours < naive.complaints(game, values) or moved == 0


@given(st.integers(0, 10**6), st.integers(2, 6))
@settings(max_examples=60, deadline=None)
def test_arrays_and_plain_python_find_the_same_point(seed: int, count: int) -> None:
    for game in (naive.random_game(seed, count), monotone(seed, count)):
        assert nucleolus.prenucleolus(game) == nucleolus.prenucleolus(game.plain())


@given(st.integers(0, 10**6), st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_the_nucleolus_divides_what_all_are_worth_and_leaves_nobody_below_its_own(seed: int, count: int) -> None:
    game = essential(seed, count)
    values = nucleolus.nucleolus(game).values
    assert sum(values) == game.worth(game.everybody)
    assert all(value >= game.worth(1 << index) for index, value in enumerate(values))


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_scaling_a_game_and_adding_to_its_players_moves_the_nucleolus_along(seed: int) -> None:
    game, factor, gifts = essential(seed, 5), Fraction(3, 7), [Fraction(seed % 5), Fraction(-1, 3), *[Fraction(0)] * 3]
    worths = [game.worth(place) * factor + paid(tuple(gifts), place) for place in range(32)]
    moved = nucleolus.nucleolus(coalitions.from_fractions(game.players, worths))
    expected = [value * factor + gift for value, gift in zip(nucleolus.nucleolus(game).values, gifts, strict=True)]
    assert list(moved.values) == expected


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_where_the_core_is_not_empty_the_point_lies_in_it(seed: int) -> None:
    game = monotone(seed, 5)
    found = nucleolus.core(game)
    if found.point is None:
        assert sum(weight * game.worth(place) for place, weight in found.blocking.items()) > game.worth(game.everybody)
        for index in range(5):
            assert sum(weight for place, weight in found.blocking.items() if place >> index & 1) == 1
    else:
        assert naive.complaints(game, found.point)[0] <= 0
        assert found.excess == naive.complaints(game, found.point)[0]


def test_the_certificate_of_another_point_does_not_hold() -> None:
    game = essential(4, 5)
    point = nucleolus.nucleolus(game)
    assert nucleolus.certified(game, point, imputations=True)
    first, second, *rest = point.values
    moved = (first + Fraction(1, 1000), second - Fraction(1, 1000), *rest)
    assert not nucleolus.certified(game, replace(point, values=moved), imputations=True)
    assert not nucleolus.certified(game, replace(point, values=(first + 1, second, *rest)), imputations=True)


def test_a_certificate_that_is_cut_short_or_changed_does_not_hold() -> None:
    game = coalitions.table(
        naive.names(4), arrays.column([place.bit_count() ** 2 * (1 + (place & 1)) for place in range(16)])
    )
    point = nucleolus.prenucleolus(game)
    *most, last = point.levels
    assert nucleolus.certified(game, point, imputations=False)
    assert not nucleolus.certified(game, Point(point.values, tuple(most)), imputations=False)
    place, weight = next(iter(last.weights.items()))
    for changed in ({**last.weights, place: weight + 1}, {**last.weights, place: -weight}):
        levels = (*most, Level(last.excess, changed))
        assert not nucleolus.certified(game, Point(point.values, levels), imputations=False)
    lower = (*most, Level(last.excess - 1, last.weights))
    assert not nucleolus.certified(game, Point(point.values, lower), imputations=False)


def test_the_certificate_of_the_centre_of_a_game_that_is_not_even_does_not_hold() -> None:
    """Weights that balance, on coalitions that do not complain most."""
    game = coalitions.table(naive.names(3), arrays.column([0, 0, 0, 6, 0, 3, 0, 9]))
    pairs = {0b011: Fraction(1, 2), 0b101: Fraction(1, 2), 0b110: Fraction(1, 2)}
    even = Point((Fraction(3),) * 3, (Level(Fraction(0), pairs),))
    assert not nucleolus.certified(game, even, imputations=False)


def test_a_game_without_imputation_has_a_prenucleolus_only() -> None:
    game = coalitions.table(["A", "B"], arrays.column([0, 3, 3, 4]))
    assert nucleolus.prenucleolus(game).values == (2, 2)
    with pytest.raises(nucleolus.NoImputation) as refused:
        nucleolus.nucleolus(game)
    assert "prenucleolus" in refused.value.text("en") and "準仁" in refused.value.text("ja")


def test_nucleolus_and_prenucleolus_part_where_a_player_would_get_less_than_alone() -> None:
    """Two strong pairs that share player 1; player 3 alone is worth 2."""
    game = coalitions.table(["1", "2", "3"], arrays.column([0, 0, 0, 10, 2, 0, 0, 6]))
    before, within = nucleolus.prenucleolus(game).values, nucleolus.nucleolus(game).values
    assert before[2] < 2 and within[2] == 2
    assert sum(before) == sum(within) == 6


def test_a_game_of_one_player_gives_all_to_that_player() -> None:
    game = coalitions.table(["A"], arrays.column([0, 7]))
    assert nucleolus.nucleolus(game).values == nucleolus.prenucleolus(game).values == (7,)
    assert nucleolus.core(game).point == (7,)


@pytest.mark.parametrize("scale", [10**6, 10**18, 10**30])
def test_large_worths_are_exact(scale: int) -> None:
    game = essential(8, 6)
    worths = [game.worth(place) * scale + (place % 7 if place < 63 else 0) for place in range(64)]
    worths[0] = Fraction(0)
    large = coalitions.from_fractions(game.players, worths)
    assert nucleolus.prenucleolus(large).values == nucleolus.prenucleolus(large.plain()).values


def test_a_span_holds_the_combinations_and_nothing_else() -> None:
    assert list(map(int, nucleolus.span([0b1111, 0b0011], 4))) == [0, 0b0011, 0b1100, 0b1111]
    assert list(map(int, nucleolus.span([0b1111, 0b0011, 0b0110], 4))) == [0, 3, 6, 9, 12, 15]
