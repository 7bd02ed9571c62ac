"""Games that are given by a few numbers: voting, bankruptcy, airport, gloves; and the list of worths.

Each knows its table, what one coalition is worth, and, where its form allows, what every player adds to the coalitions
of each size without any table, so that these games stay exact far beyond the players a table can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm

from licensing.core import airport, arrays, semivalues
from licensing.core.coalitions import Table, check_size, members, table

SUMS_MAX = 2_000_000  # players × sums that a count by sums may visit
SUMS_BITS_MAX = 100_000_000  # sums that a mere look at which of them occur may visit


@dataclass(frozen=True, slots=True)
class Worths:
    """A game given by the worths of some coalitions; every other coalition is worth 0."""

    players: tuple[str, ...]
    values: Mapping[int, Fraction]
    costs = False

    def worth(self, coalition: int) -> Fraction:
        """What that coalition is worth."""
        return self.values.get(coalition, Fraction(0))

    def table(self) -> Table:
        """All 2^n worths."""
        check_size(self.players)
        scale = lcm(*(worth.denominator for worth in self.values.values()))
        whole = {coalition: int(worth * scale) for coalition, worth in self.values.items()}
        return table(self.players, arrays.scattered(1 << len(self.players), whole), scale)

    def is_superadditive(self) -> bool | None:
        """Only the worths themselves can tell."""
        return None

    def has_core(self) -> bool | None:
        """Only the worths themselves can tell."""
        return None

    def is_sparse(self) -> bool:
        """Whether going through the worths given is less work than a table."""
        return len(self.values) * len(self.players) < 1 << len(self.players)

    def shapley(self) -> list[Fraction] | None:
        """Σ_{S∋i} (s−1)!(n−s)!/n!·v(S) − Σ_{S∌i} s!(n−s−1)!/n!·v(S) over the worths given; none if they are many."""
        count = len(self.players)
        inside = [Fraction(0), *(Fraction(1, count * comb(count - 1, size)) for size in range(count))]
        outside = [*(Fraction(1, count * comb(count - 1, size)) for size in range(count)), Fraction(0)]
        return self._weighed(inside, outside) if self.is_sparse() else None

    def banzhaf(self) -> list[Fraction] | None:
        """(Σ_{S∋i} v(S) − Σ_{S∌i} v(S)) / 2^(n−1) over the worths given; none if they are many."""
        equal = [Fraction(1, 1 << len(self.players) - 1)] * (len(self.players) + 1)
        return self._weighed(equal, equal) if self.is_sparse() else None

    def _weighed(self, inside: Sequence[Fraction], outside: Sequence[Fraction]) -> list[Fraction]:
        given = [Fraction(0)] * len(self.players)
        for coalition, worth in self.values.items():
            size = coalition.bit_count()
            for index in range(len(self.players)):
                given[index] += worth * (inside[size] if coalition >> index & 1 else -outside[size])
        return given


@dataclass(frozen=True, slots=True)
class Voting:
    """A coalition is worth 1 if its weights reach the quota, else 0."""

    players: tuple[str, ...]
    quota: Fraction
    weights: tuple[Fraction, ...]
    costs = False

    def worth(self, coalition: int) -> Fraction:
        """1 or 0."""
        return Fraction(sum(self.weights[index] for index in members(coalition)) >= self.quota)

    def table(self) -> Table:
        """All 2^n worths."""
        check_size(self.players)
        _, (quota, *weights) = _whole((self.quota, *self.weights))
        sums = arrays.subset_sums(weights)
        wins = arrays.mapped(sums, lambda whole: (whole >= quota).astype(whole.dtype), lambda one: int(one >= quota))
        return table(self.players, wins)

    def is_superadditive(self) -> bool | None:
        """Whether no coalition wins together with its complement; none where the sums are too many to look at."""
        _, (quota, *weights) = _whole((self.quota, *self.weights))
        total, reached = sum(weights), 1
        if total > SUMS_BITS_MAX:
            return None
        for weight in weights:
            reached |= reached << weight
        return total < 2 * quota or not reached >> quota & ((1 << total - 2 * quota + 1) - 1)

    def has_core(self) -> bool:
        """Whether somebody is in every winning coalition, or nobody wins at all."""
        total = sum(self.weights)
        return total < self.quota or any(total - weight < self.quota for weight in self.weights)

    def shapley(self) -> list[Fraction] | None:
        """Shapley and Shubik's index, counting coalitions by their sums of weights; none if a table is better."""
        return self._by_sums(semivalues.shapley_of_strata)

    def banzhaf(self) -> list[Fraction] | None:
        """Banzhaf's absolute index by the same count."""
        return self._by_sums(semivalues.banzhaf_of_strata)

    def _by_sums(self, value: Callable[[Sequence[int]], Fraction]) -> list[Fraction] | None:
        """A player turns the coalitions of others whose sum is below the quota, but by its weight at most."""
        _, (quota, *weights) = _whole((self.quota, *self.weights))
        if _is_long(len(weights), quota):
            return None
        turns = {weight: [int(total >= quota - weight) for total in range(quota)] for weight in set(weights)}
        by_weight = {weight: value(gains) for weight, gains in _counted(weights, quota, turns).items()}
        return [by_weight[weight] for weight in weights]


@dataclass(frozen=True, slots=True)
class Bankruptcy:
    """A coalition is worth what is left of the estate when all others have had their claims: max(0, E − C(N∖S))."""

    players: tuple[str, ...]
    estate: Fraction
    claims: tuple[Fraction, ...]
    costs = False

    def worth(self, coalition: int) -> Fraction:
        """What the others' claims leave."""
        others = sum((claim for index, claim in enumerate(self.claims) if not coalition >> index & 1), Fraction(0))
        return max(Fraction(0), self.estate - others)

    def table(self) -> Table:
        """All 2^n worths."""
        check_size(self.players)
        scale, (estate, *claims) = _whole((self.estate, *self.claims))
        short = estate - sum(claims)
        left = arrays.mapped(
            arrays.subset_sums(claims),
            lambda whole: arrays.np.maximum(whole + short, 0),
            lambda one: max(one + short, 0),
        )
        return table(self.players, left, scale)

    def is_superadditive(self) -> bool:
        """The game is convex (Curiel, Maschler, Tijs 1987), so yes."""
        return True

    def has_core(self) -> bool:
        """A convex game has a core."""
        return True

    def shapley(self) -> list[Fraction] | None:
        """Shapley's value, counting the coalitions left outside by their claims; none if a table is better."""
        return self._by_sums(semivalues.shapley_of_strata)

    def banzhaf(self) -> list[Fraction] | None:
        """Banzhaf's absolute value by the same count."""
        return self._by_sums(semivalues.banzhaf_of_strata)

    def _by_sums(self, value: Callable[[Sequence[int]], Fraction]) -> list[Fraction] | None:
        """A player adds its claim to those who join it, or what the claims of those outside leave of the estate."""
        scale, (estate, *claims) = _whole((self.estate, *self.claims))
        if _is_long(len(claims), estate):
            return None
        adds = {claim: [min(claim, estate - outside) for outside in range(estate)] for claim in set(claims)}
        by_claim = {claim: value(gains[::-1]) / scale for claim, gains in _counted(claims, estate, adds).items()}
        return [by_claim[claim] for claim in claims]


@dataclass(frozen=True, slots=True)
class Airport:
    """A game of costs: a coalition pays for the longest runway that one of its members needs."""

    players: tuple[str, ...]
    needs: tuple[Fraction, ...]
    costs = True

    def worth(self, coalition: int) -> Fraction:
        """What the coalition would pay alone."""
        return max((self.needs[index] for index in members(coalition)), default=Fraction(0))

    def table(self) -> Table:
        """All 2^n costs."""
        check_size(self.players)
        scale, needs = _whole(self.needs)
        return table(self.players, arrays.subset_maxima(needs), scale)

    def is_superadditive(self) -> bool:
        """As a game of costs it is concave: together is never dearer."""
        return True

    def has_core(self) -> bool:
        """A concave game of costs has a core."""
        return True

    def shapley(self) -> list[Fraction]:
        """Each section of the runway is paid in equal parts by those who need it: the tiered cost."""
        return airport.tiered(self.needs)

    def banzhaf(self) -> list[Fraction]:
        """A player adds a section to a coalition exactly if nobody else in it needs the section: 1 of 2^(users−1)."""
        return airport.by_section(self.needs, lambda users: Fraction(1, 1 << users - 1))


@dataclass(frozen=True, slots=True)
class Gloves:
    """A coalition is worth the pairs it can make: min of its left and its right gloves, one a player."""

    players: tuple[str, ...]
    left: int
    right: int
    costs = False

    def worth(self, coalition: int) -> Fraction:
        """The number of pairs."""
        return Fraction(min((coalition & self.left).bit_count(), (coalition & self.right).bit_count()))

    def table(self) -> Table:
        """All 2^n worths."""
        check_size(self.players)
        lefts, rights = (
            arrays.subset_sums([side >> index & 1 for index in range(len(self.players))])
            for side in (self.left, self.right)
        )
        if arrays.is_list(lefts):
            return table(self.players, [min(pair) for pair in zip(lefts, rights, strict=True)])
        return table(self.players, arrays.np.minimum(lefts, rights))

    def is_superadditive(self) -> bool:
        """Two coalitions keep their pairs when they meet."""
        return True

    def has_core(self) -> bool:
        """The scarcer side may take all (Shapley and Shubik 1969)."""
        return True

    def shapley(self) -> list[Fraction]:
        """By counting the coalitions of each size that hold fewer gloves of the player's own side."""
        return self._by_side(semivalues.shapley_of_strata)

    def banzhaf(self) -> list[Fraction]:
        """By the same count."""
        return self._by_side(semivalues.banzhaf_of_strata)

    def _by_side(self, value: Callable[[Sequence[int]], Fraction]) -> list[Fraction]:
        lefts, rights = self.left.bit_count(), self.right.bit_count()
        ours = value(_pairs_made(lefts, rights)) if lefts else Fraction(0)
        theirs = value(_pairs_made(rights, lefts)) if rights else Fraction(0)
        held = ((self.left >> index & 1, self.right >> index & 1) for index in range(len(self.players)))
        return [ours if left else theirs if right else Fraction(0) for left, right in held]


Game = Worths | Voting | Bankruptcy | Airport | Gloves


def _pairs_made(own: int, other: int) -> list[int]:
    """By size, the coalitions of others to which one more glove of the own side makes one more pair."""
    gains = [0] * (own + other)
    for same in range(own):
        for opposite in range(same + 1, other + 1):
            gains[same + opposite] += comb(own - 1, same) * comb(other, opposite)
    return gains


def _counted(weights: Sequence[int], limit: int, gains: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """For a player of each weight, by size, Σ over the coalitions of others with sum < limit of gains[weight][sum].

    One number for each sum holds, in slots of `bits`, how many coalitions of each size have that sum. A player is put
    in by adding the shifted counts, and taken out by undoing that.
    """
    count = len(weights)
    bits = count + 1 + max((max(row) for row in gains.values() if row), default=0).bit_length()
    counts = [1, *(0 for _ in range(limit - 1))]
    for weight in weights:
        for total in range(limit - 1, weight - 1, -1):
            counts[total] += counts[total - weight] << bits
    slot = (1 << bits) - 1
    found = {}
    for weight, row in gains.items():
        others = _without(counts, weight, bits)
        packed = sum(one * gain for one, gain in zip(others, row, strict=True) if gain)
        found[weight] = [packed >> bits * size & slot for size in range(count)]
    return found


def _without(counts: Sequence[int], weight: int, bits: int) -> list[int]:
    """The counts as they were before a player of that weight was put in."""
    if weight == 0:
        return [one // ((1 << bits) + 1) for one in counts]
    others = list(counts)
    for total in range(weight, len(others)):
        others[total] -= others[total - weight] << bits
    return others


def _is_long(count: int, limit: int) -> bool:
    """Whether counting by sums is more work than a table, or too much where there can be none."""
    return limit < 1 or count * limit > min(SUMS_MAX, 1 << count)


def _whole(values: Sequence[Fraction]) -> tuple[int, list[int]]:
    scale = lcm(*(value.denominator for value in values))
    return scale, [int(value * scale) for value in values]
