from __future__ import annotations

import naive_games as naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.core import arrays, coalitions


@given(st.integers(0, 10**6), st.integers(1, 5), st.sampled_from([0, -20]))
@settings(max_examples=80, deadline=None)
def test_a_breach_is_found_exactly_if_there_is_one(seed: int, count: int, least: int) -> None:
    game = naive.random_game(seed, count, least=least)
    found, most = coalitions.breach(game), naive.breach(game)
    assert found == coalitions.breach(game.plain())
    if found is None:
        assert most == 0
    else:
        one, other = found
        assert not one & other and game.worth(one) + game.worth(other) - game.worth(one | other) == most > 0


@given(st.integers(0, 10**6), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_the_short_look_finds_only_true_breaches(seed: int, count: int) -> None:
    game = naive.random_game(seed, count)
    found = coalitions.small_breach(game)
    assert found == coalitions.small_breach(game.plain())
    if found is not None:
        assert not found[0] & found[1]
        assert game.worth(found[0]) + game.worth(found[1]) > game.worth(found[0] | found[1])


def test_a_convex_game_of_thirteen_players_has_no_breach_and_a_spoilt_one_has() -> None:
    sums = arrays.subset_sums(range(1, 14))
    worths = [int(one) ** 2 for one in sums]
    game = coalitions.table(naive.names(13), arrays.column(worths))
    assert coalitions.breach(game) is None and coalitions.small_breach(game) is None
    worths[0b1_1000_0000_0011] = 0
    spoilt = coalitions.table(naive.names(13), arrays.column(worths))
    one, other = coalitions.breach(spoilt) or (0, 0)
    assert one | other == 0b1_1000_0000_0011 and not one & other


def test_more_players_than_a_table_holds_are_refused() -> None:
    with pytest.raises(coalitions.TooManyPlayers) as refused:
        coalitions.check_size(naive.names(26))
    assert "25" in refused.value.text("ja")


def test_numbers_of_any_size_are_kept() -> None:
    assert arrays.is_list(arrays.column([0, 2**70]))
    assert arrays.is_list(arrays.subset_sums([2**61, 2**61]))
    assert arrays.scattered(4, {3: 2**70})[3] == 2**70
    assert list(arrays.subset_sums([2**61, 2**61])) == [0, 2**61, 2**61, 2**62]
    assert list(arrays.subset_maxima([2**70, 3])) == [0, 2**70, 3, 2**70]
