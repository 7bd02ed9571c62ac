"""Shapley, Banzhaf and Owen values of a table of worths: exact fractions.

All three weigh a coalition by its size. With the weights folded into the worths, what every player needs is one sum
over the coalitions it belongs to, and all these sums together come from halving the table n times. Weights are whole
numbers (scaled by a least common multiple), and worths too large for int64 under such weights are taken in limbs: the
values are linear in the game.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import comb, lcm
from operator import add

from contributions.core.errors import Refused
from licensing.core import arrays
from licensing.core.arrays import Column, np
from licensing.core.coalitions import Table, members

_BITS = 62  # of an int64, one kept for the sign and one for a last addition
_ROW_BITS = 13  # a row of the table that stays in the processor's cache
_SQUARE_FROM = 64  # places up to which a list is quicker than an array


class NobodySwings(Refused):
    code = "nobody-swings"
    ja = "バンザフ指数の合計が 0 のため、割合に直せません。banzhaf-absolute を使ってください。"
    en = "The Banzhaf values sum to 0, so they cannot be made shares. Ask for banzhaf-absolute."


def shapley(game: Table) -> list[Fraction]:
    """Each player's marginal worth, averaged over all orders in which the players could arrive.

    φ_i = Σ_{S∌i} |S|!·(n−|S|−1)!/n! · (v(S∪i) − v(S)), in the unit of the worths; Σ φ = v(N). Gathered by coalition:
    φ_i = v(N)/n + (U_i − ΣU/n)/L with U_i = Σ_{S∋i, S≠N} v(S)·L/((n−1)·C(n−2,|S|−1)). Source: Shapley 1953.

    Worked example (domain.md T7): 10, 20, 30 alone; 50, 60, 70 in pairs; 120 together → 30, 40, 50.
    """
    count = len(game.players)
    if count == 1:
        return [game.worth(1)]
    scale, weights = _shapley_weights(count)
    sums, _ = holder_sums(game, weights)
    total, whole = sum(sums), int(game.worths[game.everybody])
    under = count * scale * game.denominator
    return [Fraction(whole * scale + count * one - total, under) for one in sums]


def banzhaf_absolute(game: Table) -> list[Fraction]:
    """Each player's marginal worth, averaged over all coalitions of the others.

    β_i = Σ_{S∌i} (v(S∪i) − v(S)) / 2^(n−1), in the unit of the worths. They need not sum to v(N). Source: Banzhaf 1965;
    Dubey and Shapley 1979. [51; 50, 49, 1] → 3/4, 1/4, 1/4.
    """
    count = len(game.players)
    sums, total = holder_sums(game, (1,) * (count + 1))
    return [Fraction(2 * one - total, game.denominator << count - 1) for one in sums]


def normalised(values: Sequence[Fraction], whole: Fraction) -> list[Fraction]:
    """The values scaled so that they sum to `whole`: v(N)·β_i/Σβ. [51; 50, 49, 1] → 3/5, 1/5, 1/5."""
    total = sum(values, Fraction(0))
    if total == 0 and (whole or any(values)):
        raise NobodySwings()
    return [value * whole / total if total else value for value in values]


def owen(game: Table, unions: Sequence[int]) -> list[Fraction]:
    """Shapley's value where the players of a union arrive together: first unions are ordered, then each within.

    `unions` are disjoint coalitions; whoever is in none is a union alone. Within union B of m, the worth of T ⊆ B is
    its expected gain over the unions before: u(T) = Σ_R |R|!·(m−|R|−1)!/m! · (v(∪R ∪ T) − v(∪R)), and the value is
    Shapley's of u. Source: Owen 1977. Majority of three with {1, 2}, {3} → 1/2, 1/2, 0.
    """
    blocks = [*unions, *(1 << index for index in range(len(game.players)) if not sum(unions) >> index & 1)]
    scale = len(blocks) * _size_lcm(len(blocks) - 1)
    parts = _limbs(game, _BITS - (scale + 1).bit_length())
    values = [Fraction(0)] * len(game.players)
    for shift, part in parts:
        for place, block in enumerate(blocks):
            inside = list(members(block))
            expected = _expected(part, [*blocks[:place], *blocks[place + 1 :]], block)
            names = tuple(game.players[index] for index in inside)
            within = Table(names, expected, game.denominator * scale, arrays.magnitude(expected))
            for index, value in zip(inside, shapley(within), strict=True):
                values[index] += value * (1 << shift)
    return values


def holder_sums(game: Table, weights: tuple[int, ...]) -> tuple[list[int], int]:
    """For each player Σ over the coalitions S it belongs to of weights[|S|]·v(S), and the same over all coalitions.

    The worths are taken as the whole numbers they are stored as.
    """
    sums, total = [0] * len(game.players), 0
    for shift, part in _limbs(game, _BITS - _together(weights).bit_length()):
        ours, whole = (_plain_sums if arrays.is_list(part) else _array_sums)(part, weights)
        if part is game.worths:
            return ours, whole
        sums = [mine + (more << shift) for mine, more in zip(sums, ours, strict=True)]
        total += whole << shift
    return sums, total


@lru_cache(maxsize=32)
def _shapley_weights(count: int) -> tuple[int, tuple[int, ...]]:
    """L and, by size, L/((n−1)·C(n−2, size−1)), whole; 0 for nobody and everybody."""
    scale = _size_lcm(count - 2)
    return scale * (count - 1), (0, *(scale // comb(count - 2, size) for size in range(count - 1)), 0)


@lru_cache(maxsize=64)
def _together(weights: tuple[int, ...]) -> int:
    """Σ of the weights over all coalitions."""
    return sum(comb(len(weights) - 1, size) * weight for size, weight in enumerate(weights))


def _size_lcm(count: int) -> int:
    return lcm(*(comb(count, size) for size in range(count + 1)))


def _limbs(game: Table, bits: int) -> Iterator[tuple[int, Column]]:
    """The worths as they are, or as limbs of that many bits with their shifts, the last one signed."""
    if arrays.is_list(game.worths) or game.bound.bit_length() <= bits:
        yield 0, game.worths
        return
    assert bits > 0
    rest, shift, left = game.worths, 0, game.bound.bit_length()
    while left > bits:
        yield shift, rest & ((1 << bits) - 1)
        rest, shift, left = rest >> bits, shift + bits, left - bits
    yield shift, rest


# ---- the sums by halving ----
def _plain_sums(worths: list[int], weights: tuple[int, ...]) -> tuple[list[int], int]:
    return _halved([weights[coalition.bit_count()] * worth for coalition, worth in enumerate(worths)])


def _array_sums(worths: Column, weights: tuple[int, ...]) -> tuple[list[int], int]:
    """Row by row: the row's place says who of the high players is in, the place within the row who of the low ones.

    A row's weighted sum is the high players' table; the rows of equally many high players added up, and weighted once,
    are the low players' table.
    """
    count = len(worths).bit_length() - 1
    low = min(count, _ROW_BITS)
    rows, by_high = worths.reshape(-1, 1 << low), _weights_by_high(weights, low)
    if len(rows) == 1:
        return _halved(worths * by_high[0])
    if len(set(weights)) == 1:
        sums, total = _halved(rows.sum(axis=0) * weights[0])
        return sums + _halved(rows.sum(axis=1) * weights[0])[0], total
    gathered = np.zeros((count - low + 1, 1 << low), dtype=np.int64)
    across = np.empty(len(rows), dtype=np.int64)
    for place, row in enumerate(rows):
        high = place.bit_count()
        gathered[high] += row
        across[place] = row.dot(by_high[high])
    sums, total = _halved((gathered * by_high).sum(axis=0))
    return sums + _halved(across)[0], total


@lru_cache(maxsize=8)
def _weights_by_high(weights: tuple[int, ...], low: int) -> Column:
    """For each number of high players in, the weights of a row's places."""
    sizes = arrays.subset_sums([1] * low)
    table = np.array(weights, dtype=np.int64)
    return np.stack([table[sizes + high] for high in range(len(weights) - low)])


def _halved(folded: Column) -> tuple[list[int], int]:
    """For each player the sum over the half of the table it is in, and the sum of all.

    Adding the two halves takes the last player out. An array is first split into a square, whose column sums are the
    low players' table and whose row sums are the high players': as many additions, fewer calls.
    """
    if not arrays.is_list(folded):
        if len(folded) <= _SQUARE_FROM:
            return _halved(folded.tolist())
        square = folded.reshape(-1, 1 << len(folded).bit_length() // 2)
        sums, total = _halved(square.sum(axis=0))
        return sums + _halved(square.sum(axis=1))[0], total
    sums = []
    while len(folded) > 1:
        half = len(folded) // 2
        high = folded[half:]
        sums.append(sum(high))
        folded = list(map(add, folded, high))
    return sums[::-1], folded[0]


# ---- unions ----
def _expected(worths: Column, others: Sequence[int], block: int) -> Column:
    """For each T ⊆ block, Σ over sets R of the other unions of lcm/C(m−1,|R|) · (v(∪R ∪ T) − v(∪R)): over m·lcm."""
    scale = _size_lcm(len(others))
    outside = arrays.subset_sums(others)
    inside = arrays.subset_sums([1 << index for index in members(block)])
    weights = [scale // comb(len(others), place.bit_count()) for place in range(len(outside))]
    gather = _gather_plain if arrays.is_list(worths) else _gather_arrays
    found = gather(worths, outside, weights, inside)
    start = int(found[0])
    return arrays.mapped(found, lambda whole: whole - start, lambda one: one - start)


def _gather_plain(worths: list[int], outside: Column, weights: list[int], inside: Column) -> list[int]:
    pairs = [(int(base), weight) for base, weight in zip(outside, weights, strict=True)]
    return [sum(weight * worths[base | int(coalition)] for base, weight in pairs) for coalition in inside]


def _gather_arrays(worths: Column, outside: Column, weights: list[int], inside: Column) -> Column:
    if len(outside) <= len(inside):
        found = np.zeros(len(inside), dtype=np.int64)
        for base, weight in zip(outside.tolist(), weights, strict=True):
            found += worths[inside + base] * weight
        return found
    factors = np.array(weights, dtype=np.int64)
    return np.array([worths[outside + base].dot(factors) for base in inside.tolist()], dtype=np.int64)


# ---- by size of the coalition joined ----
def shapley_of_strata(gains: Sequence[int]) -> Fraction:
    """Shapley's value from gains[s], the sum over all coalitions of s others of what the player adds.

    φ = Σ_s gains[s]/(n·C(n−1,s)). In [51; 50, 49, 1] the first player turns both coalitions of one other, and that of
    two:

    >>> shapley_of_strata([0, 2, 1])
    Fraction(2, 3)
    """
    count = len(gains)
    scale = _size_lcm(count - 1)
    total = sum(gain * (scale // comb(count - 1, size)) for size, gain in enumerate(gains))
    return Fraction(total, scale * count)


def banzhaf_of_strata(gains: Sequence[int]) -> Fraction:
    """Banzhaf's absolute value from the same gains: Σ_s gains[s] / 2^(n−1)."""
    return Fraction(sum(gains), 1 << len(gains) - 1)
