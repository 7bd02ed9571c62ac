"""A game as the table of what each coalition is worth, and what can be said of it by looking at the table.

A coalition is a number: bit i says that player i belongs to it. Worths are whole numbers over one common denominator,
so everything computed from them is exact. Players are at most `PLAYERS_MAX`: beyond, a table would not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from contributions.core.errors import Refused
from licensing.core import arrays
from licensing.core.arrays import Column, np

PLAYERS_MAX = 25
PAIRS_PLAYERS_MAX = 15  # every pair of disjoint coalitions is 3^n looks
_LOW = 11


class TooManyPlayers(Refused):
    code = "too-many-players"
    ja = (
        "プレイヤーが {count} 人います。この計算を正確に行えるのは {most} 人までです。"
        "シャープレイ値とバンザフ指数（絶対値）は、乱数の種と標本数を指定して標本で近似できます。"
    )
    en = (
        "There are {count} players; exactly, this can be computed for at most {most}. Shapley and absolute Banzhaf can"
        " be sampled instead, with a seed and a number of samples."
    )


@dataclass(frozen=True, slots=True)
class Table:
    """What each coalition is worth: `worths[S]` over `denominator`. Nobody is worth 0; `bound` ≥ every |worths[S]|."""

    players: tuple[str, ...]
    worths: Column
    denominator: int
    bound: int

    @property
    def everybody(self) -> int:
        """The coalition of all players."""
        return (1 << len(self.players)) - 1

    def worth(self, coalition: int) -> Fraction:
        """What that coalition is worth."""
        return Fraction(int(self.worths[coalition]), self.denominator)

    def names(self, coalition: int) -> tuple[str, ...]:
        """Who is in that coalition."""
        return tuple(self.players[index] for index in members(coalition))

    def plain(self) -> Table:
        """The same table held in plain Python: the arithmetic without numpy."""
        return Table(self.players, [int(worth) for worth in self.worths], self.denominator, self.bound)

    def negated(self) -> Table:
        """The game of savings that belongs to a game of costs, and back."""
        worths = arrays.mapped(self.worths, lambda column: -column, lambda worth: -worth)
        return Table(self.players, worths, self.denominator, self.bound)


def table(players: Sequence[str], worths: Column, denominator: int = 1) -> Table:
    """A table from the worths of all 2^n coalitions, in order of their numbers, as whole numbers over `denominator`."""
    check_size(players)
    assert len(worths) == 1 << len(players) and worths[0] == 0 and denominator > 0
    return Table(tuple(players), worths, denominator, arrays.magnitude(worths))


def from_fractions(players: Sequence[str], worths: Sequence[Fraction]) -> Table:
    """A table from fractions, brought to their common denominator.

    >>> from_fractions(["A"], [Fraction(0), Fraction(1, 3)]).denominator
    3
    """
    check_size(players)
    denominator = lcm(*(worth.denominator for worth in worths))
    return table(players, arrays.column([int(worth * denominator) for worth in worths]), denominator)


def check_size(players: Sequence[str]) -> None:
    """Refuse more players than a table can hold."""
    if len(players) > PLAYERS_MAX:
        raise TooManyPlayers(count=len(players), most=PLAYERS_MAX)


def members(coalition: int) -> Iterator[int]:
    """The players of a coalition, by their places.

    >>> list(members(0b1101))
    [0, 2, 3]
    """
    index = 0
    while coalition:
        if coalition & 1:
            yield index
        coalition >>= 1
        index += 1


def has_imputation(game: Table) -> bool:
    """Whether v(N) ≥ Σ v({i}): whether everybody can get at least what each is worth alone."""
    alone = sum(int(game.worths[1 << index]) for index in range(len(game.players)))
    return int(game.worths[game.everybody]) >= alone


def breach(game: Table) -> tuple[int, int] | None:
    """Two coalitions without common player that are worth less together than apart; none if v is superadditive.

    Looks at all 3^n pairs, so the players may be `PAIRS_PLAYERS_MAX` at most. Of the pairs that lose most it is the one
    with the smallest numbers.
    """
    count = len(game.players)
    assert count <= PAIRS_PLAYERS_MAX
    if arrays.is_list(game.worths) or game.bound * 3 >= arrays.SAFE:
        return _breach_plain(game)
    low = min(count, _LOW)
    first, second = _pairs(low)
    worst, found = 1, 0
    for high_first, high_second in zip(*(half.tolist() for half in _pairs(count - low)), strict=True):
        one, other = high_first << low, high_second << low
        loss = game.worths[first + one] + game.worths[second + other] - game.worths[first + second + (one | other)]
        most = int(loss.max())
        if most >= worst:
            places = np.flatnonzero(loss == most)
            smallest = int((((first[places] + one) << count) + second[places] + other).min())
            worst, found = most, smallest if most > worst or not found else min(found, smallest)
    return (found >> count, found & game.everybody) if found else None


def small_breach(game: Table) -> tuple[int, int] | None:
    """As `breach`, but looks only at a coalition with its complement and with one player more: n·2^n looks."""
    if arrays.is_list(game.worths) or game.bound * 3 >= arrays.SAFE:
        return next((pair for pair in _near_pairs(game) if _loss(game, *pair) > 0), None)
    breached = game.worths + game.worths[::-1] > game.worths[game.everybody]
    if breached.any():
        place = int(breached.argmax())
        return place, game.everybody ^ place
    for index in range(len(game.players)):
        single = 1 << index
        halves = game.worths.reshape(-1, 2, single)
        breached = halves[:, 0] + game.worths[single] > halves[:, 1]
        if breached.any():
            place = int(breached.argmax())
            return place // single * 2 * single + place % single, single
    return None


def _near_pairs(game: Table) -> Iterator[tuple[int, int]]:
    for one in range(1, game.everybody):
        yield one, game.everybody ^ one
    for index in range(len(game.players)):
        yield from ((one, 1 << index) for one in range(1, game.everybody) if not one >> index & 1)


def _loss(game: Table, one: int, other: int) -> int:
    return int(game.worths[one]) + int(game.worths[other]) - int(game.worths[one | other])


def _breach_plain(game: Table) -> tuple[int, int] | None:
    worst, found = 0, None
    for one in range(1, game.everybody):
        rest = game.everybody ^ one
        other = rest & -rest
        while other:
            if (loss := _loss(game, one, other)) > worst:
                worst, found = loss, (one, other)
            other = (other - rest) & rest
    return found


def _pairs(count: int) -> tuple[Column, Column]:
    """All pairs of disjoint coalitions of that many players, as two columns."""
    first = second = np.zeros(1, dtype=np.int64)
    for index in range(count):
        bit = 1 << index
        first, second = np.concatenate([first, first | bit, first]), np.concatenate([second, second, second | bit])
    return first, second
