"""The exact part of a linear programme with few rows: a basis of whole numbers, its inverse, and null spaces.

The inverse is kept as the adjugate over the determinant, both whole numbers, and a change of basis divides exactly
(Edmonds 1967, Bareiss 1968). With columns of 0 and 1 all of them stay small, so exact costs no more than floating.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Label = tuple[str, int]
UNIT = "unit"


class Basis:
    """A square matrix B of whole numbers, column by column, kept as `inverse` = det·B⁻¹ and `det` > 0."""

    __slots__ = ("det", "inverse", "labels")

    def __init__(self, size: int) -> None:
        """The unit matrix; its columns are labelled as such."""
        self.inverse = [[int(row == column) for column in range(size)] for row in range(size)]
        self.det = 1
        self.labels: list[Label] = [(UNIT, row) for row in range(size)]

    def direction(self, ones: Iterable[int]) -> list[int]:
        """det·B⁻¹·a for the column a that holds 1 in those rows and 0 elsewhere."""
        rows = tuple(ones)
        return [sum([line[row] for row in rows]) for line in self.inverse]

    def replace(self, row: int, direction: Sequence[int], label: Label) -> None:
        """Put the column with that direction in the place of column `row`; direction[row] is not 0."""
        pivot, det, kept = direction[row], self.det, self.inverse[row]
        for index, line in enumerate(self.inverse):
            factor = direction[index]
            if index == row:
                continue
            if factor:
                self.inverse[index] = [(one * pivot - factor * other) // det for one, other in zip(line, kept)]  # noqa: B905
            elif pivot != det:
                self.inverse[index] = [one * pivot // det for one in line]
        self.det, self.labels[row] = pivot, label
        if pivot < 0:
            self.det = -pivot
            self.inverse = [[-one for one in line] for line in self.inverse]


def null_space(rows: Iterable[Sequence[int]], width: int) -> list[list[int]]:
    """Whole vectors that span what is orthogonal to all the rows.

    >>> null_space([[1, 1, 1]], 3)
    [[-1, 1, 0], [-1, 0, 1]]
    """
    reduced: list[list[int]] = []
    leads: list[int] = []
    scale = 1
    for row in rows:
        line = [scale * one for one in row]
        for lead, other in zip(leads, reduced, strict=True):
            if row[lead]:
                line = [one - row[lead] * two for one, two in zip(line, other, strict=True)]
        lead = next((place for place, one in enumerate(line) if one), width)
        if lead == width:
            continue
        pivot = line[lead]
        reduced = [
            [(pivot * one - other[lead] * two) // scale for one, two in zip(other, line, strict=True)]
            for other in reduced
        ]
        reduced, leads, scale = [*reduced, line], [*leads, lead], pivot
    free = [place for place in range(width) if place not in leads]
    return [_null_vector(reduced, leads, scale, place, width) for place in free]


def _null_vector(reduced: list[list[int]], leads: list[int], scale: int, place: int, width: int) -> list[int]:
    vector = [0] * width
    vector[place] = abs(scale)
    for lead, line in zip(leads, reduced, strict=True):
        vector[lead] = -line[place] if scale > 0 else line[place]
    return vector
