from __future__ import annotations

from collections import Counter
from fractions import Fraction

import naive_games as naive
import pytest

from licensing.core import sampling, semivalues
from licensing.core.named_games import Voting

PLAYERS = tuple(naive.names(5))
GAME = Voting(PLAYERS, Fraction(4), tuple(Fraction(weight) for weight in (3, 1, 1, 1, 1)))


SEED_2026 = tuple(Fraction(twentieths, 20) for twentieths in (13, 2, 3, 1, 1))


def test_the_same_seed_draws_the_same_sample_on_every_machine() -> None:
    found = sampling.shapley(5, GAME.worth, seed="2026", samples=20)
    assert found == sampling.shapley(5, GAME.worth, seed="2026", samples=20)
    assert found != sampling.shapley(5, GAME.worth, seed="2027", samples=20)
    assert found.values == SEED_2026


def test_a_sampled_shapley_value_still_hands_out_everything() -> None:
    assert sum(sampling.shapley(5, GAME.worth, seed="x", samples=7).values) == 1


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_the_true_value_lies_within_a_few_standard_errors(seed: str) -> None:
    exact = semivalues.shapley(GAME.table()), semivalues.banzhaf_absolute(GAME.table())
    for true, draw in zip(exact, (sampling.shapley, sampling.banzhaf), strict=True):
        found = draw(5, GAME.worth, seed=seed, samples=1500)
        for value, estimate, error in zip(true, found.values, found.errors, strict=True):
            assert 0 < Fraction(error) < Fraction(2, 100)
            assert abs(estimate - value) < 4 * Fraction(error)


def test_every_order_is_as_likely() -> None:
    seen: Counter[int] = Counter()

    def worth(coalition: int) -> Fraction:
        seen[coalition] += 1
        return Fraction(0)

    sampling.shapley(3, worth, seed="orders", samples=3000)
    for coalition in (0b001, 0b010, 0b100, 0b011, 0b101, 0b110):
        assert 900 < seen[coalition] < 1100


def test_a_game_without_chance_has_no_error() -> None:
    found = sampling.shapley(3, lambda place: Fraction(place.bit_count(), 3), seed="s", samples=5)
    assert found.values == (Fraction(1, 3),) * 3 and found.errors == ("0.000000",) * 3


@pytest.mark.parametrize("samples", [0, 1, -5, 10**8])
def test_a_sample_too_small_or_too_large_is_refused(samples: int) -> None:
    with pytest.raises(sampling.BadSample) as refused:
        sampling.shapley(2, lambda place: Fraction(0), seed="s", samples=samples)
    assert str(samples) in refused.value.text("ja")
