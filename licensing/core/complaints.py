"""What every coalition complains of at a division: v(S) − x(S), for all 2^n at once and exact.

Held as whole numbers over one `unit`, in an array as long as nothing computed from it can leave int64, else in a list.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from licensing.core import arrays
from licensing.core.arrays import SAFE, Column, np
from licensing.core.coalitions import Table

_NONE = -(2**63)  # less than any complaint an array holds


def complaints(game: Table, values: Sequence[Fraction]) -> Complaints:
    """The complaints at that division."""
    unit = lcm(game.denominator, *(value.denominator for value in values))
    times, given = unit // game.denominator, [int(value * unit) for value in values]
    bound = game.bound * times + sum(map(abs, given))
    if arrays.is_list(game.worths) or bound >= SAFE:
        sums = arrays.subset_sums(given)
        table: Column = [int(worth) * times - int(one) for worth, one in zip(game.worths, sums, strict=True)]
    else:
        table = game.worths * times
        table -= arrays.subset_sums(given)
    return Complaints(table, unit, len(given))


class Complaints:
    """A table of complaints, some of them left out as settled."""

    def __init__(self, table: Column, unit: int, count: int) -> None:
        self.unit, self.count = unit, count
        self._table = table
        self._scratch: Any = None
        self._out: Column = []
        self._bound = arrays.magnitude(table)

    def of(self, coalition: int) -> Fraction:
        """That coalition's complaint."""
        return Fraction(self.at(coalition), self.unit)

    def at(self, coalition: int) -> int:
        """The same, in whole units."""
        return int(self._table[coalition])

    def leave_out(self, coalitions: Column) -> None:
        """From here on look past these, given in order of their numbers."""
        self._out = [int(one) for one in coalitions] if arrays.is_list(self._table) else coalitions

    def is_left_out(self, coalition: int) -> bool:
        """Whether that coalition is settled."""
        place = bisect_left(self._out, coalition)
        return place < len(self._out) and int(self._out[place]) == coalition

    def greatest(self, without: Column) -> Fraction:
        """The greatest complaint but for those of some coalitions; −1 over the unit below all if there is no other."""
        if arrays.is_list(self._table):
            gone = set(map(int, without))
            most = max((one for place, one in enumerate(self._table) if place not in gone), default=None)
        else:
            table = self._table.copy()
            table[without] = _NONE
            most = int(table.max())
            most = None if most == _NONE else most
        return Fraction(-arrays.magnitude(self._table) - 1 if most is None else most, self.unit)

    def worst_pair(self) -> tuple[int, int]:
        """A coalition and its complement, neither left out, whose complaints sum to most."""
        everybody = (1 << self.count) - 1
        if arrays.is_list(self._table):
            gone = set(self._out)
            kept = (place for place in range(everybody) if place not in gone)
            one = max(kept, key=lambda place: (self._table[place] + self._table[everybody ^ place], -place))
        else:
            both = self._table + self._table[::-1]
            both[self._out] = _NONE
            one = int(both.argmax())
        return one, everybody ^ one

    def worst(self) -> list[int]:
        """Some of those that complain most, none left out, the loudest first."""
        wanted = 3 * self.count
        if arrays.is_list(self._table):
            gone = set(self._out)
            kept = (place for place in range(len(self._table)) if place not in gone)
            return sorted(kept, key=lambda place: (-self._table[place], place))[:wanted]
        table = self._table.copy()
        table[self._out] = _NONE
        wanted = min(wanted, len(table) - len(self._out))
        least = np.partition(table, len(table) - wanted)[len(table) - wanted]
        louder = np.flatnonzero(table > least).tolist()
        equal = np.flatnonzero(table == least)[:wanted].tolist()
        return [*sorted(louder, key=lambda place: (-int(table[place]), place)), *equal][:wanted]

    def after(self, det: int, change: Sequence[int], *, above: int, first: bool) -> tuple[int, int]:
        """The greatest det·complaint − change(S) of those not left out, and whose it is; or, if `first`, that of the
        first coalition where it is greater than `above`."""
        if arrays.is_list(self._table) or self._bound * det + sum(map(abs, change)) >= SAFE:
            return self._after_plain(det, change, above=above, first=first)
        if self._scratch is None:
            self._scratch = np.zeros(len(self._table), dtype=np.int64), np.empty(len(self._table), dtype=np.int64)
        given, found = self._scratch
        for index, one in enumerate(change):
            half = 1 << index
            np.add(given[:half], one, out=given[half : 2 * half])
        np.multiply(self._table, det, out=found)
        found -= given
        found[self._out] = _NONE
        place = int((found > above).argmax()) if first else int(found.argmax())
        return place, int(found[place])

    def _after_plain(self, det: int, change: Sequence[int], *, above: int, first: bool) -> tuple[int, int]:
        given = [0]
        for one in change:
            given += [total + one for total in given]
        best, found, gone = -1, above, set(map(int, self._out))
        for place, (worth, one) in enumerate(zip(self._table, given, strict=True)):
            value = det * int(worth) - one
            if (best < 0 or value > found) and place not in gone:
                best, found = place, value
                if first and value > above:
                    break
        return best, found
