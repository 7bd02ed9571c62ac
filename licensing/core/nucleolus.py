"""Nucleolus, prenucleolus and core, exact, each nucleolus with a certificate that others can check.

The excess of coalition S at x is v(S) − x(S): its complaint. The nucleolus makes the greatest complaint as small as it
can be, then the next, and so on (Schmeidler 1969); over imputations (x_i ≥ v({i})), or, for the prenucleolus, over all
divisions of v(N). It is found by linear programmes, one after the other (Maschler, Peleg, Shapley 1979), each solved in
its dual: weights on coalitions, one row a player. A step looks at all 2^n complaints and changes one of n+1 columns.

What shows that the point is right is Kohlberg's criterion (1971): the coalitions that complain most, at each level, are
balanced: positive weights on them cover every player alike. `certified` checks it from the game alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.errors import Refused
from licensing.core import arrays
from licensing.core.arrays import Column, np
from licensing.core.coalitions import Table, has_imputation, members
from licensing.core.complaints import Complaints, complaints
from licensing.core.simplex import UNIT, Basis, Label, null_space

_PATIENCE = 6  # steps without progress, a row, before the cautious rule takes over
_PRIME = 7919  # spreads the nudges


class NoImputation(Refused):
    code = "no-imputation"
    ja = (
        "各人が単独で得る値の合計が全員の値を上回るため、個人合理的な分け方がなく、仁（nucleolus）は存在しません。"
        "準仁（prenucleolus）を使ってください。"
    )
    en = (
        "What the players are worth alone sums to more than all are worth together, so there is no imputation and no"
        " nucleolus. Ask for the prenucleolus."
    )


@dataclass(frozen=True, slots=True)
class Level:
    """A level of complaint, and weights on coalitions, all positive, that together give every player exactly 1."""

    excess: Fraction
    weights: Mapping[int, Fraction]


@dataclass(frozen=True, slots=True)
class Point:
    """A division of v(N), and the levels that certify it."""

    values: tuple[Fraction, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Core:
    """The core: a point of it, or the coalitions that block every division, with balanced weights.

    `excess` is the least greatest complaint; the core is empty if it is positive. Then Σ weights·v(S) > v(N), while
    the weights give every player 1: whatever the division, one of these coalitions would gain by leaving.
    """

    excess: Fraction | None
    point: tuple[Fraction, ...] | None
    blocking: Mapping[int, Fraction]


def nucleolus(game: Table) -> Point:
    """The nucleolus over the imputations, in the unit of the worths.

    Worked example (Aumann and Maschler 1985): estate 200, claims 100, 200, 300 → 50, 75, 75.
    """
    if not has_imputation(game):
        raise NoImputation()
    alone = [int(game.worths[1 << index]) for index in range(len(game.players))]
    return _solved(game, alone)


def prenucleolus(game: Table) -> Point:
    """The nucleolus over all divisions of v(N): it always exists, and may give a player less than it is worth alone."""
    return _solved(game, None)


def core(game: Table) -> Core:
    """A point of the core (the nucleolus, which lies in it whenever it is not empty), or what blocks it.

    Majority of three → empty, least excess 1/3, blocked by the three pairs at 1/2 each.
    """
    if len(game.players) == 1:
        return Core(None, (game.worth(1),), {})
    first = least_excess(game)
    if first.excess > 0:
        return Core(first.excess, None, first.weights)
    return Core(first.excess, prenucleolus(game).values, {})


def least_excess(game: Table) -> Level:
    """The least ε such that some division leaves no complaint above it, and the balanced weights that show it."""
    assert len(game.players) > 1
    return next(iter(_stages(game, None)))[1]


def certified(game: Table, point: Point, *, imputations: bool) -> bool:
    """Kohlberg's criterion, checked from the game and the point alone, in exact arithmetic.

    At each level: the weights are positive and give every player 1; each weighted coalition complains by at least that
    level (or, over imputations, is a player who gets just what it is worth alone); and no coalition outside what the
    weighted ones span complains more than the level. In the end they span everything, so the point is unique.
    """
    count, everybody = len(game.players), game.everybody
    excesses = complaints(game, point.values)
    alone = {1 << index for index in range(count) if imputations and excesses.of(1 << index) == 0}
    spanned, levels = [everybody], iter(point.levels)
    if sum(point.values, Fraction(0)) != game.worth(everybody):
        return False
    if imputations and any(excesses.of(1 << index) > 0 for index in range(count)):
        return False
    previous: Fraction | None = None
    for level in levels:
        if previous is not None and level.excess > previous:
            return False
        if excesses.greatest(span(spanned, count)) > level.excess or not _balanced(level.weights, count):
            return False
        if any(coalition not in alone and excesses.of(coalition) < level.excess for coalition in level.weights):
            return False
        if previous is not None and not set(spanned[1:]) <= set(level.weights):
            return False
        spanned, previous = [everybody, *level.weights], level.excess
    return not null_space((_row(coalition, count) for coalition in spanned), count)


def span(coalitions: Sequence[int], count: int) -> Column:
    """All coalitions whose rows of 0 and 1 are combinations of those given: the places where no complaint can change.

    A coalition is spanned if every null vector of the given ones sums to 0 over it. Several null vectors are looked at
    in one pass, as digits of one number in a base too large for a carry.
    """
    vectors = null_space((_row(coalition, count) for coalition in coalitions), count)
    most = max((sum(map(abs, vector)) for vector in vectors), default=0)
    base = 2 * most + 1
    together = max(1, 61 // base.bit_length())
    kept: Column = range(1 << count) if np is None else np.arange(1 << count)
    for start in range(0, len(vectors), together):
        chunk = vectors[start : start + together]
        digits = [sum(vector[place] * base**power for power, vector in enumerate(chunk)) for place in range(count)]
        sums = arrays.subset_sums(digits)
        kept = [place for place in kept if not sums[place]] if arrays.is_list(sums) else kept[sums[kept] == 0]
    return kept


def _row(coalition: int, count: int) -> list[int]:
    return [coalition >> index & 1 for index in range(count)]


def _balanced(weights: Mapping[int, Fraction], count: int) -> bool:
    given = [Fraction(0)] * count
    for coalition, weight in weights.items():
        for index in members(coalition):
            given[index] += weight
    return all(weight > 0 for weight in weights.values()) and all(one == 1 for one in given)


# ---- the programmes, one after the other ----
def _solved(game: Table, alone: Sequence[int] | None) -> Point:
    stages = list(_stages(game, alone))
    values = stages[-1][0] if stages else _start(game, alone)
    point = Point(tuple(values), tuple(level for _, level in stages))
    assert certified(game, point, imputations=alone is not None), "a nucleolus must pass Kohlberg's criterion"
    return point


def _start(game: Table, alone: Sequence[int] | None) -> list[Fraction]:
    """A division to begin with: what each is worth alone, and the rest in equal parts."""
    count, whole = len(game.players), int(game.worths[game.everybody])
    least = list(alone) if alone is not None else [0] * count
    rest = Fraction(whole - sum(least), count)
    return [(one + rest) / game.denominator for one in least]


def _stages(game: Table, alone: Sequence[int] | None) -> Iterator[tuple[list[Fraction], Level]]:
    """Each programme's point and certificate, until only one point is left.

    Complaints are measured from the point reached, so that what is settled costs nothing and the correction is all that
    is solved for.
    """
    count = len(game.players)
    settled, values = [game.everybody], _start(game, alone)
    weights: dict[int, Fraction] = {}
    while len(settled) < count:
        excesses = complaints(game, values)
        excesses.leave_out(span(settled, count))
        stage = _Stage(excesses, settled, bounded=alone is not None)
        stage.solve()
        values = stage.corrected(values)
        weights = stage.balanced(weights)
        settled += stage.newly_settled()
        yield values, Level(stage.excess(), weights)


class _Stage:
    """One programme: the least t with v(S) − x(S) ≤ t for all S not settled, x(S) unchanged for the settled ones.

    Its dual has a column [1_S; 1] for each coalition not settled, [1_S; 0] for each settled one (of either sign), and
    [e_i; 0] for each player who may not get less than it is worth alone. `gain` is the multipliers over `det`: the
    correction of x, and t, both in the complaints' unit. Most weights are 0 for long; `nudges` are what they would be
    beside that if the right-hand side were moved by less than any number, so that ties between them are broken and
    steps that change nothing stay few (Charnes 1952). The answer is that of the programme as it stands.
    """

    def __init__(self, excesses: Complaints, settled: Sequence[int], *, bounded: bool) -> None:
        self.excesses, self.settled, self.count = excesses, settled, excesses.count
        self.rooms = [-excesses.at(1 << index) for index in range(self.count)] if bounded else []
        self.basis = Basis(self.count + 1)
        self.gain = [0] * (self.count + 1)
        self._begin()

    def _begin(self) -> None:
        """A feasible basis: the settled coalitions, a pair that complains most together, and enough others."""
        for coalition in self.settled:
            self._add(("settled", coalition), list(members(coalition)))
        pair = self.excesses.worst_pair()
        for coalition in (*pair, *self.excesses.worst(), *(1 << index for index in range(self.count))):
            if self._is_open() and not self.excesses.is_left_out(coalition):
                self._add(("open", coalition), [*members(coalition), self.count])
        assert not self._is_open()
        idle = [not line[-1] and kind != "settled" for (kind, _), line in self._rows()]
        self.nudges = [self.basis.det * (1 + _PRIME * row % 97) * one for row, one in enumerate(idle)]
        costs = [self._cost(label) for label in self.basis.labels]
        self.gain = [
            sum([cost * one for cost, one in zip(costs, line, strict=True) if cost])
            for line in zip(*self.basis.inverse, strict=True)
        ]

    def _is_open(self) -> bool:
        return any(kind == UNIT for kind, _ in self.basis.labels)

    def _add(self, label: Label, ones: list[int]) -> None:
        direction = self.basis.direction(ones)
        for row, (kind, _) in enumerate(self.basis.labels):
            if kind == UNIT and direction[row]:
                self.basis.replace(row, direction, label)
                return

    def _cost(self, label: Label) -> int:
        kind, coalition = label
        return self.excesses.at(coalition) if kind == "open" else 0

    def solve(self) -> None:
        """Simplex steps by the largest gain; without progress for long, by the first, which never goes in circles."""
        waited, patience = 0, _PATIENCE * (self.count + 1)
        while (found := self._entering(first=waited > patience)) is not None:
            label, gain = found
            kind, place = label
            ones = [place] if kind == "least" else [*members(place), self.count]
            direction = self.basis.direction(ones)
            row = self._leaving(direction)
            waited = 0 if self.basis.inverse[row][-1] or self.nudges[row] else waited + 1
            pivot, det, kept, nudge = direction[row], self.basis.det, self.basis.inverse[row], self.nudges[row]
            self.gain = [(one * pivot + gain * other) // det for one, other in zip(self.gain, kept, strict=True)]
            self.nudges = [
                (one * pivot - step * nudge) // det for one, step in zip(self.nudges, direction, strict=True)
            ]
            self.nudges[row] = nudge
            self.basis.replace(row, direction, label)

    def _entering(self, *, first: bool) -> tuple[Label, int] | None:
        """The column whose weight would raise the dual's value most, and by how much for each unit, over det."""
        *change, level = self.gain
        shorts = [-room * self.basis.det - lost for room, lost in zip(self.rooms, change, strict=False)]
        short = next((one for one in shorts if one > 0), 0) if first else max(shorts, default=0)
        if first and short:
            return ("least", shorts.index(short)), short
        coalition, most = self.excesses.after(self.basis.det, change, above=level, first=first)
        if most - level > max(short, 0):
            return ("open", coalition), most - level
        return (("least", shorts.index(short)), short) if short > 0 else None

    def _leaving(self, direction: Sequence[int]) -> int:
        """The column whose weight falls to 0 first; among equals the one with the smallest label."""
        chosen = -1
        for row, step in enumerate(direction):
            kind, _ = self.basis.labels[row]
            if step <= 0 or kind == "settled":
                continue
            if chosen >= 0:
                here, there = self._height(row, direction[chosen]), self._height(chosen, step)
                if here > there or (here == there and self.basis.labels[row] > self.basis.labels[chosen]):
                    continue
            chosen = row
        assert chosen >= 0, "a programme that has a point cannot be without bound"
        return chosen

    def _height(self, row: int, times: int) -> tuple[int, int]:
        """A column's weight, and what it would be beside that after a nudge too small to count."""
        return self.basis.inverse[row][-1] * times, self.nudges[row] * times

    # ---- what a solved programme says ----
    def excess(self) -> Fraction:
        """t: the greatest complaint of those not settled before."""
        return Fraction(self.gain[-1], self.basis.det * self.excesses.unit)

    def corrected(self, values: Sequence[Fraction]) -> list[Fraction]:
        """The point that the multipliers stand for."""
        under = self.basis.det * self.excesses.unit
        return [value + Fraction(change, under) for value, change in zip(values, self.gain, strict=False)]

    def _positive(self) -> list[tuple[str, int, int]]:
        return [(kind, place, line[-1]) for (kind, place), line in self._rows() if line[-1]]

    def _rows(self) -> Iterator[tuple[Label, list[int]]]:
        return zip(self.basis.labels, self.basis.inverse, strict=True)

    def newly_settled(self) -> list[int]:
        """The coalitions whose complaint can change no more, independent of each other and of those settled before.

        Those with positive weight are settled; the weights are one relation among them, so one is left out.
        """
        opened = [place for kind, place, _ in self._positive() if kind == "open"]
        return opened[1:] + [1 << place for kind, place, _ in self._positive() if kind == "least"]

    def balanced(self, before: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Positive weights on everything settled so far that give every player 1: this programme's weights, in which a
        coalition settled before may count negatively, plus enough of the weights of the programme before."""
        everybody = (1 << self.count) - 1
        found: dict[int, Fraction] = {}
        for kind, place, part in self._positive():
            coalition = 1 << place if kind == "least" else place
            found[coalition] = found.get(coalition, Fraction(0)) + part
        whole = -found.pop(everybody, Fraction(0))
        short = (-weight // before[coalition] for coalition, weight in found.items() if weight < 0)
        times = 1 + max(short, default=0)
        for coalition, weight in before.items():
            found[coalition] = found.get(coalition, Fraction(0)) + times * weight
        whole += times if before else 0
        return {coalition: weight / whole for coalition, weight in sorted(found.items()) if weight}
