"""What sums, all taken together, tell of a few of those whose amounts they are made of.

Whoever is shown the total of some amounts, and later the total of others, may add and subtract them as it likes. A
combination that cancels everybody but one or two speaks of these alone. Which combinations there are is a question of
rank: the rows are the sums, the columns the amounts that somebody had, and a few are spoken of by themselves exactly if
the rank falls when their columns are taken away. Amounts that stayed the same are one column: it is assumed that the
reader knows who changed nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from itertools import combinations
from math import gcd

# Beyond, no further sum of a category is shown. With n sums and g unrelated contributors the cost of one judgement is
# at most g²/2 eliminations of n vectors of n whole numbers.
SUMS_MAX = 24
Unknown = tuple[str, Hashable]
Sum = frozenset[Unknown]


def telling(
    sums: Sequence[Sum], group_of: Callable[[str], str], *, few: int, known: Collection[Unknown] = ()
) -> dict[frozenset[str], int]:
    """The sets of `few` groups of which some combination of the sums speaks alone, with how many independent ones do.

    A sum is the set of its unknowns, each a member and its amount; what is `known` is none. Where fewer groups stand
    behind all sums together, they are the one set. Exact: the dimension of (row space ∩ span of the set's columns) is
    the rank of all columns less the rank of everybody else's.

    a+b+c+d+e+f, a+b+c and a+e+f: no two differ in fewer than three, and yet the last two less the first leave a − d.

    >>> rows = [frozenset((who, 1) for who in line) for line in ("abcdef", "abc", "aef")]
    >>> [sorted(each) for each in telling(rows, str, few=2)]
    [['a', 'd']]
    """
    columns: dict[int, set[str]] = defaultdict(set)
    for unknown in {each for one in sums for each in one} - set(known):
        pattern = sum(1 << place for place, one in enumerate(sums) if unknown in one)
        columns[pattern].add(group_of(unknown[0]))
    groups = sorted({group for held in columns.values() for group in held})
    whole = _rank(list(columns), len(sums))
    found = {}
    for chosen in combinations(groups, min(few, len(groups))):
        rest = [pattern for pattern, held in columns.items() if not held <= set(chosen)]
        if len(rest) < len(columns) and (lost := whole - _rank(rest, whole)):
            found[frozenset(chosen)] = lost
    return found


def _rank(columns: Sequence[int], enough: int) -> int:
    """The rank of vectors of zeros and ones, each as the bits of a number, over the rationals; at most `enough`.

    Elimination in whole numbers: rows are multiplied, and divided only by what divides all of a row.
    """
    width = max(columns, default=0).bit_length()
    found: list[tuple[int, list[int]]] = []
    for column in columns:
        row = [column >> place & 1 for place in range(width)]
        for pivot, other in found:
            if row[pivot]:
                ours, theirs = other[pivot], row[pivot]
                row = [ours * x - theirs * y for x, y in zip(row, other, strict=True)]
                common = gcd(*row)
                row = [x // common for x in row] if common > 1 else row
        first = next((place for place, value in enumerate(row) if value), None)
        if first is not None:
            found.append((first, row))
            if len(found) == enough:
                break
    return len(found)
