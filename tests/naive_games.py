"""Cooperative games by their definitions, slowly: what the arithmetic of the core is compared with."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, permutations
from typing import Any

from licensing.core import coalitions
from licensing.core.coalitions import Table

Worth = Callable[[int], Fraction]


def shapley(count: int, worth: Worth) -> list[Fraction]:
    """The average over all orders, one by one."""
    return _over(count, worth, permutations(range(count)))


def banzhaf(count: int, worth: Worth) -> list[Fraction]:
    found = []
    for index in range(count):
        bit = 1 << index
        gains = [worth(one | bit) - worth(one) for one in range(1 << count) if not one & bit]
        found.append(sum(gains, Fraction(0)) / len(gains))
    return found


def owen(count: int, worth: Worth, unions: Sequence[Sequence[int]]) -> list[Fraction]:
    """The average over the orders in which each union arrives without a stranger in between."""
    place = {index: number for number, union in enumerate(unions) for index in union}

    def together(order: Sequence[int]) -> bool:
        seen = [place[index] for index in order]
        return sum(1 for before, after in pairwise(seen) if before != after) == len(unions) - 1

    return _over(count, worth, [order for order in permutations(range(count)) if together(order)])


def _over(count: int, worth: Worth, orders: Any) -> list[Fraction]:
    sums, seen = [Fraction(0)] * count, 0
    for order in orders:
        coalition, seen = 0, seen + 1
        for index in order:
            sums[index] += worth(coalition | 1 << index) - worth(coalition)
            coalition |= 1 << index
    return [total / seen for total in sums]


def complaints(game: Table, values: Sequence[Fraction]) -> list[Fraction]:
    """All complaints but those of nobody and everybody, the loudest first: what a nucleolus makes least."""
    found = []
    for coalition in range(1, game.everybody):
        paid = sum((values[index] for index in coalitions.members(coalition)), Fraction(0))
        found.append(game.worth(coalition) - paid)
    return sorted(found, reverse=True)


def breach(game: Table) -> Fraction:
    """The most that two coalitions without common player lose by joining; 0 if none loses."""
    most = Fraction(0)
    for one in range(1, game.everybody):
        for other in range(1, game.everybody):
            if not one & other:
                most = max(most, game.worth(one) + game.worth(other) - game.worth(one | other))
    return most


def is_balanced(coalition_list: Sequence[int], free: Sequence[int], count: int) -> bool:
    """Whether positive weights on the first, and none negative on the second, can give every player the same.

    Fourier and Motzkin's alternative, tried directly: no transfer y with y(N) = 0 leaves none of them worse off and one
    of the first better off. Transfers are looked for among those that make n−1 independent coalitions even.
    """
    everybody = (1 << count) - 1
    rows = [_row(one, count) for one in {*coalition_list, *free}]
    for transfer in _rays(rows, _row(everybody, count), count):
        gains = {one: sum(transfer[index] for index in coalitions.members(one)) for one in {*coalition_list, *free}}
        for sign in (1, -1):
            if all(sign * gain >= 0 for gain in gains.values()) and any(
                sign * gains[one] > 0 for one in coalition_list
            ):
                return False
    return True


def _rays(rows: list[list[int]], whole: list[int], count: int) -> list[list[Fraction]]:
    """Every transfer that is fixed, but for its size and what no row sees, by making some of the rows even."""
    unseen = _null([whole, *rows], count)
    found = []
    for size in range(count):
        for chosen in combinations(rows, size):
            null = _null([whole, *chosen], count)
            if len(null) == len(unseen) + 1:
                found += null
    return found


def _null(rows: Sequence[Sequence[int]], count: int) -> list[list[Fraction]]:
    reduced: list[list[Fraction]] = []
    leads: list[int] = []
    for row in rows:
        line = [Fraction(one) for one in row]
        for lead, other in zip(leads, reduced, strict=True):
            line = [one - line[lead] * two for one, two in zip(line, other, strict=True)]
        lead = next((place for place, one in enumerate(line) if one), None)
        if lead is None:
            continue
        line = [one / line[lead] for one in line]
        reduced = [[one - other[lead] * two for one, two in zip(other, line, strict=True)] for other in reduced] + [
            line
        ]
        leads.append(lead)
    vectors = []
    for place in set(range(count)) - set(leads):
        vector = [Fraction(int(index == place)) for index in range(count)]
        for lead, line in zip(leads, reduced, strict=True):
            vector[lead] = -line[place]
        vectors.append(vector)
    return vectors


def _row(coalition: int, count: int) -> list[int]:
    return [coalition >> index & 1 for index in range(count)]


def random_game(seed: int, count: int, *, least: int = -20, most: int = 40) -> Table:
    """A game of fractions without any structure, many of its worths equal."""
    draw = random.Random(f"{seed}/{count}")
    worths = [Fraction(draw.randint(least, most), draw.choice([1, 1, 2, 3])) for _ in range(1 << count)]
    worths[0] = Fraction(0)
    return coalitions.from_fractions(names(count), worths)


def names(count: int) -> list[str]:
    return [f"p{index}" for index in range(count)]
