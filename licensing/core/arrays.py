"""Tables over all coalitions, as whole numbers: int64 arrays where numpy is installed, lists of ints where it is not.

A coalition is a number whose bit i says that player i is in it, so a table over n players has 2^n places and the
coalition of nobody stands first. Every operation here is exact: an array is used only where no sum can leave int64.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

SAFE = 2**62  # whatever stays below in magnitude can be added once more without leaving int64


def _numpy() -> Any:
    try:
        return importlib.import_module("numpy")
    except ImportError:
        return None


np: Any = _numpy()
Column = Any  # an int64 array, or a list of ints


def is_list(column: Column) -> bool:
    """Whether the column is held in plain Python."""
    return isinstance(column, list)


def column(values: Sequence[int]) -> Column:
    """The values as an array if numpy is there and they fit, else as a list."""
    if np is None or any(not -SAFE < value < SAFE for value in values):
        return list(values)
    return np.array(values, dtype=np.int64)


def scattered(size: int, values: Mapping[int, int]) -> Column:
    """A column of zeros but for those places."""
    if np is None or any(not -SAFE < value < SAFE for value in values.values()):
        table = [0] * size
    else:
        table = np.zeros(size, dtype=np.int64)
    for place, value in values.items():
        table[place] = value
    return table


def subset_sums(weights: Sequence[int]) -> Column:
    """For each coalition the sum of its players' weights.

    >>> list(map(int, subset_sums([1, 10])))
    [0, 1, 10, 11]
    """
    if np is None or sum(map(abs, weights)) >= SAFE:
        sums = [0]
        for weight in weights:
            sums += [total + weight for total in sums]
        return sums
    table = np.zeros(1 << len(weights), dtype=np.int64)
    for index, weight in enumerate(weights):
        half = 1 << index
        np.add(table[:half], weight, out=table[half : 2 * half])
    return table


def subset_maxima(weights: Sequence[int]) -> Column:
    """For each coalition the largest of its players' weights, none of them negative; 0 for nobody.

    >>> list(map(int, subset_maxima([2, 1])))
    [0, 2, 1, 2]
    """
    if np is None or max(weights, default=0) >= SAFE:
        found = [0]
        for weight in weights:
            found += [max(most, weight) for most in found]
        return found
    table = np.zeros(1 << len(weights), dtype=np.int64)
    for index, weight in enumerate(weights):
        half = 1 << index
        np.maximum(table[:half], weight, out=table[half : 2 * half])
    return table


def mapped(table: Column, whole: Callable[[Any], Any], one: Callable[[int], int]) -> Column:
    """The table changed place by place: `whole` does it to an array at once, `one` to each number of a list."""
    return [one(value) for value in table] if is_list(table) else whole(table)


def magnitude(table: Column) -> int:
    """The largest absolute value in the table."""
    if is_list(table):
        return max(map(abs, table), default=0)
    return max(int(table.max()), -int(table.min()))
