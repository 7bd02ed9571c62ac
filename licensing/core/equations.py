"""Which unknowns a set of linear equations gives away: exact elimination, by fractions.

A member that knows its shares, its own points and the published weights has one equation for each right. What those
equations determine it can work out, whatever a page withholds. `disclosure` asks here before it shows a total.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

Unknown = Any
Row = Mapping[Unknown, Fraction]


def determined(rows: Sequence[Row], known: Collection[Unknown] = ()) -> set[Unknown]:
    """The unknowns that have one value in every solution of the equations; what is `known` is no unknown.

    The constant sides do not matter: an unknown is determined exactly if its unit vector lies in the span of the rows,
    which shows in the reduced echelon form as a row with that one entry.

    >>> determined([{"a": Fraction(1), "b": Fraction(1), "c": Fraction(1)}, {"a": Fraction(2), "b": Fraction(2)}])
    {'c'}
    """
    reduced = echelon([{name: value for name, value in row.items() if name not in known and value} for row in rows])
    return {name for row in reduced if len(row) == 1 for name in row}


def rank(rows: Sequence[Row]) -> int:
    """How many of the equations are independent."""
    return len(echelon(rows))


def echelon(rows: Sequence[Row]) -> list[dict[Unknown, Fraction]]:
    """The reduced echelon form: each row's pivot is 1 and stands in no other row. Rows of zeros fall out."""
    found: list[tuple[Unknown, dict[Unknown, Fraction]]] = []
    for row in rows:
        left = {name: value for name, value in row.items() if value}
        for pivot, other in found:
            _subtract(left, other, left.get(pivot, Fraction(0)))
        if not left:
            continue
        pivot = next(iter(left))
        scale = left[pivot]
        left = {name: value / scale for name, value in left.items()}
        for _, other in found:
            _subtract(other, left, other.get(pivot, Fraction(0)))
        found.append((pivot, left))
    return [row for _, row in found]


def generic(names: Collection[str]) -> dict[Unknown, Fraction]:
    """A row in place of a figure that depends on these unknowns in some way that is not linear.

    Near the truth such a figure is a linear equation with coefficients that nobody chose; distinct primes stand for
    them, so that the row is independent of all others except where nothing else is possible.
    """
    return {name: Fraction(prime) for name, prime in zip(sorted(names), _PRIMES, strict=False)}


_PRIMES = (1009, 2003, 3001, 4001, 5003, 6007, 7001, 8009, 9001, 10007)


def _subtract(row: dict[Unknown, Fraction], other: Mapping[Unknown, Fraction], factor: Fraction) -> None:
    if not factor:
        return
    for name, value in other.items():
        left = row.get(name, Fraction(0)) - factor * value
        if left:
            row[name] = left
        else:
            row.pop(name, None)
