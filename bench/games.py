"""Games: exact Shapley, Banzhaf and nucleolus beside one pass over the table of worths, and beside peers' floats.

The peers, coopgame-py and pyDVL, are optional: a row of theirs stands where the package is installed. They answer in
floats, so their answers are compared to within a millionth. Tables of worths are made beforehand. The goals are P13,
P14 and P15 of our list; the title of 25 players says how much memory a process of its own took at most.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from bench import memory
from bench.case import Case
from licensing.core import coalitions, nucleolus, semivalues
from licensing.core.arrays import np
from licensing.core.coalitions import Table

SEED = 20261122
NEAR = Fraction(1, 10**6)
MOST, MIB_MAX = 25, 1536
SMALL = 16  # below, a call's own cost counts, and the goal is another
EXACT_PEER_MAX = 8  # beyond, its rationals take minutes
PYDVL_PLAYERS = 10  # beyond, it takes minutes


class Floats(list[float]):
    """A peer's answer: as good as ours if it is near."""

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Sequence)
        return all(abs(Fraction(one) - two) <= NEAR * (1 + abs(two)) for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def random_table(count: int) -> Table:
    """Worths from 0 to a million for each member a coalition has, so that together is mostly worth more."""
    drawn = np.random.default_rng(SEED + count).integers(0, 10**6, 1 << count, dtype=np.int64)
    worths = (
        drawn * np.array([place.bit_count() for place in range(1 << min(count, 16))])[np.arange(1 << count) % 2**16]
    )
    worths[0] = 0
    return coalitions.table([f"p{place}" for place in range(count)], worths)


def coopgame_rows(game: Table, *functions: str) -> dict[str, Callable[[], object]]:
    package = peer("coopgame")
    if package is None:
        return {}
    worths = [float(worth) for worth in game.worths[1:]]
    theirs = package.Game(worths)

    def row(function: str) -> Callable[[], object]:
        if function == "nucleolus_exact":
            return lambda: allocation(package.nucleolus_exact([int(worth) for worth in worths], domain="preimputation"))
        return lambda: allocation(getattr(package, function)(theirs))

    return {f"coopgame-py {function}": row(function) for function in functions}


def peak(count: int) -> int:
    """MiB that a process of its own needs for that many players, the table included."""
    return memory.needed(f"from bench import games; games.semivalues.shapley(games.random_table({count}))")


def allocation(found: Any) -> Floats:
    return Floats(found["allocation"] if isinstance(found, dict) else found)


def pydvl_rows(game: Table) -> dict[str, Callable[[], object]]:
    """pyDVL's exact Shapley value of a game of its own kind, scored by looking in our table."""
    games, valuation = peer("pydvl.valuation.games"), peer("pydvl.valuation")
    if games is None:
        return {}
    worths, count = game.worths.tolist(), len(game.players)

    class TableGame(games.Game):  # type: ignore[misc, name-defined]
        def _score(self, players: Any) -> float:
            return worths[sum(1 << int(place) for place in players.ravel())]

    theirs = TableGame(count)

    def row() -> Floats:
        sampler = peer("pydvl.valuation.samplers").DeterministicUniformSampler()
        method = valuation.ShapleyValuation(theirs.u, sampler, valuation.NoStopping(), progress=False)
        found = method.fit(theirs.data).result
        return Floats([found.get(place).value for place in range(count)])

    return {"pyDVL, all coalitions": row}


def cases() -> Iterator[Case]:
    if np is None:
        print("games: numpy is not installed, so there is nothing to measure", file=sys.stderr)
        return
    for count in (10, 16, 20, 24, MOST):
        yield from semivalue_cases(random_table(count))
    game = random_table(PYDVL_PLAYERS)
    if rows := pydvl_rows(game):
        yield Case(
            f"Shapley of {PYDVL_PLAYERS} players again",
            ours=lambda: semivalues.shapley(game),
            others=rows,
            goals=dict.fromkeys(rows, 0.01),
        )
    for count in (8, 10, 12, 16):
        table = random_table(count)
        functions = ("prenucleolus", "nucleolus_exact") if count <= EXACT_PEER_MAX else ("prenucleolus",)
        yield Case(
            f"prenucleolus of {count} players, exact and certified",
            ours=lambda table=table: list(nucleolus.prenucleolus(table).values),
            others={"limit: one pass over the table": table.worths.sum, **coopgame_rows(table, *functions)},
            goals={"coopgame-py prenucleolus": 1.5, "coopgame-py nucleolus_exact": 0.05},
        )


def semivalue_cases(game: Table) -> Iterator[Case]:
    count = len(game.players)
    limit = {"limit: one pass over the table": game.worths.sum}
    floats = coopgame_rows if count <= 24 else lambda *_: {}
    memory = f"; peak {peak(count):,} MiB, goal {MIB_MAX:,}" if count == MOST else ""
    yield Case(
        f"Shapley of {count} players, exact fractions{memory}",
        ours=lambda: semivalues.shapley(game),
        others={**limit, **floats(game, "shapley")},
        goals={"coopgame-py shapley": 2.5 if count < SMALL else 0.35},
    )
    yield Case(
        f"Banzhaf of {count} players, exact fractions",
        ours=lambda: semivalues.banzhaf_absolute(game),
        others={**limit, **floats(game, "banzhaf")},
        goals={} if count < SMALL else {"coopgame-py banzhaf": 0.3},
    )
