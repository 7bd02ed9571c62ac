"""Balances on two time axes: what had been put in with effect by some day, as the log knew at some size.

The log is cut into complete blocks of 4^level entries, level 5 (1,024) and up, as the tree is cut into subtrees. Each
block keeps, for each line (member, kind, unit), running totals over the effective days of its own movements. The first
n entries are at most three blocks of each level and a tail of under 1,024 entries; in each block one row a line answers
for any day. An entry that takes effect long before its record costs nothing more: its block is that of its place in
the log. A block is never changed; each movement passes into a few of them, one a level, as the log grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

LEVEL_MIN = 5
FAN = 4
BLOCK = FAN**LEVEL_MIN
HALF = 2**32

Line = tuple[str, str, str]
"""Member, kind, unit."""
Place = tuple[int, int]
"""Level and index of a block."""
Days = Mapping[tuple[Line, str], int]
"""What moved on a line with effect from a day (an ISO text)."""


@dataclass(frozen=True, slots=True, order=True)
class Balance:
    """What a member has put in of one kind, as an exact number of the unit's smallest parts."""

    member: str
    kind: str
    unit: str
    amount: int


def pieces(size: int) -> tuple[list[Place], int]:
    """The blocks that the first `size` entries are made of, largest first, and where the tail begins.

    >>> pieces(6 * 1024 + 10)
    ([(6, 0), (5, 4), (5, 5)], 6144)
    """
    found: list[Place] = []
    start, level = 0, LEVEL_MIN
    while FAN ** (level + 1) <= size:
        level += 1
    for at in range(level, LEVEL_MIN - 1, -1):
        while start + FAN**at <= size:
            found.append((at, start // FAN**at))
            start += FAN**at
    return found, start


def completed_by(index: int) -> Iterator[Place]:
    """The larger blocks that block `index` of the lowest level completes, smallest first.

    >>> list(completed_by(15))
    [(6, 3), (7, 0)]
    """
    level = LEVEL_MIN
    while index % FAN == FAN - 1:
        index, level = index // FAN, level + 1
        yield level, index


def running(days: Days) -> list[tuple[Line, str, int]]:
    """Each line's running total, day by day; what the rows of a block hold."""
    totals: dict[Line, int] = {}
    rows = []
    for (line, day), amount in sorted(days.items(), key=lambda item: item[0]):
        totals[line] = totals.get(line, 0) + amount
        rows.append((line, day, totals[line]))
    return rows


def merged(parts: Iterable[Days]) -> dict[tuple[Line, str], int]:
    """What a larger block moved: the sum of its parts."""
    total: dict[tuple[Line, str], int] = {}
    for part in parts:
        for key, amount in part.items():
            total[key] = total.get(key, 0) + amount
    return total


def halves(amount: int) -> tuple[int, int]:
    """An amount as high · 2^32 + low, each of which a database sums without overflow.

    >>> halves(-1)
    (-1, 4294967295)
    """
    return amount // HALF, amount % HALF


def whole(high: int, low: int) -> int:
    """The amount of which these are the halves, or sums of halves."""
    return int(high) * HALF + int(low)
