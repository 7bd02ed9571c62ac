"""Between which bounds sums, all taken together, leave each of the amounts that they are made of.

Whoever knows the sums knows that no amount is below nothing, and so how large and how small each can be: the greatest
and the least value of a linear programme over everything that fits all sums. One sum with nobody behind more than half
of it leaves every amount room from nothing to twice what it is. Several sums must leave the same room. Exact: a tableau
of whole numbers, pivoted without fractions (Edmonds 1967), by Bland's rule, which cannot go in circles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

Held = Mapping[tuple[str, Any], Fraction]
Target = frozenset[tuple[str, Any]]


def narrow(
    sums: Sequence[Held], group_of: Callable[[str], str], *, known: Collection[tuple[str, Any]] = ()
) -> set[Target]:
    """The amounts, of a group in one of the sums, that the sums do not leave room from nothing to twice what they are.

    A sum gives each of its unknowns (a member and whatever tells this amount of it from another) its amount.

    Worked example: f + g + h = 17, b + c + g = 14, c + d + f + h = 19, each safe, and so is every difference of
    two. The third less the first, and the second added, leave b + 2c + d = 16: c is at most 8, less than twice 5.

    >>> worth = dict(b=4, c=5, d=2, f=4, g=5, h=8)
    >>> rows = [{(who, worth[who]): Fraction(worth[who]) for who in each} for each in ("fgh", "bcg", "cdfh")]
    >>> [sorted(each) for each in narrow(rows, str)]
    [[('c', 5)]]
    """
    amounts = {each: amount for held in sums for each, amount in held.items() if each not in known and amount}
    columns: dict[tuple[int, ...], list[tuple[str, Any]]] = defaultdict(list)
    for unknown in sorted(amounts, key=str):
        columns[tuple(place for place, held in enumerate(sums) if unknown in held)].append(unknown)
    patterns = list(columns)
    scale = lcm(*(amount.denominator for amount in amounts.values()), 1)
    totals = [int(scale * sum(amounts[each] for each in held if each in amounts)) for held in sums]
    programme = _Programme([[int(row in each) for each in patterns] for row in range(len(sums))], totals)
    found = set()
    for target in _targets(sums, amounts, group_of):
        worth = scale * sum(amounts[each] for each in target)
        some = [not target.isdisjoint(columns[each]) for each in patterns]
        whole = [target.issuperset(columns[each]) for each in patterns]
        if programme.most([int(one) for one in some]) < 2 * worth or programme.most([-int(one) for one in whole]) < 0:
            found.add(target)
    return found


def _targets(sums: Iterable[Held], amounts: Held, group_of: Callable[[str], str]) -> set[Target]:
    found = set()
    for held in sums:
        behind: dict[str, set[tuple[str, Any]]] = defaultdict(set)
        for each in held:
            if each in amounts:
                behind[group_of(each[0])].add(each)
        found |= {frozenset(each) for each in behind.values()}
    return found


class _Programme:
    """Rows A·p = s over p ≥ 0, of which some p is a solution; `most` is the greatest c·p over all of them."""

    def __init__(self, rows: list[list[int]], totals: list[int]) -> None:
        self.width, self.det = len(rows[0]) if rows else 0, 1
        size = len(rows)
        self.rows = [
            [*row, *(int(place == other) for other in range(size)), total]
            for place, (row, total) in enumerate(zip(rows, totals, strict=True))
        ]
        self.basis = [self.width + place for place in range(size)]
        self._climb([0] * self.width + [-1] * size, self.width + size)
        self._drop_helpers()

    def most(self, objective: Sequence[int]) -> Fraction:
        """The greatest value of the objective, from where the last one ended."""
        return self._climb(objective, self.width)

    def _climb(self, objective: Sequence[int], width: int) -> Fraction:
        while (column := self._entering(objective, width)) is not None:
            held = [place for place, row in enumerate(self.rows) if row[column] > 0]
            assert held, "amounts that add up to a sum are bounded by it"
            least = min(Fraction(self.rows[place][-1], self.rows[place][column]) for place in held)
            tied = [place for place in held if Fraction(self.rows[place][-1], self.rows[place][column]) == least]
            self._pivot(min(tied, key=lambda place: self.basis[place]), column)
        reached = sum(objective[each] * row[-1] for each, row in zip(self.basis, self.rows, strict=True))
        return Fraction(reached, self.det)

    def _entering(self, objective: Sequence[int], width: int) -> int | None:
        """The first column that would raise the objective."""
        priced = [(objective[each], row) for each, row in zip(self.basis, self.rows, strict=True) if objective[each]]
        held = set(self.basis)
        for column in range(width):
            if column not in held and objective[column] * self.det > sum(price * row[column] for price, row in priced):
                return column
        return None

    def _pivot(self, place: int, column: int) -> None:
        kept = self.rows[place]
        if kept[column] < 0:
            kept = self.rows[place] = [-one for one in kept]
        pivot = kept[column]
        for other, row in enumerate(self.rows):
            if other != place:
                factor = row[column]
                self.rows[other] = [(pivot * x - factor * y) // self.det for x, y in zip(row, kept, strict=True)]
        self.det, self.basis[place] = pivot, column

    def _drop_helpers(self) -> None:
        """Take the columns away that only served to begin with; a row that is left without others says nothing new."""
        for place in range(len(self.rows)):
            if self.basis[place] >= self.width:
                column = next((each for each in range(self.width) if self.rows[place][each]), None)
                if column is not None:
                    assert not self.rows[place][-1], "some p is a solution"
                    self._pivot(place, column)
        kept = [place for place, each in enumerate(self.basis) if each < self.width]
        self.rows = [[*self.rows[place][: self.width], self.rows[place][-1]] for place in kept]
        self.basis = [self.basis[place] for place in kept]
