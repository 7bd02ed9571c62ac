"""What the pictures of rights and money need beyond `shapes`: ribbons that flow, and labels that keep apart.

Colours and weights are classes of the one style sheet (f1 … f6 fills, s1 … s6 strokes, `bar`, `q`), so that a picture
follows light, dark and print by itself, and needs no inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from contributions.core.shapes import Number
from contributions.core.shapes import coordinate as n
from licensing.core.decimals import exact

FILLS = 6


def ribbon(
    kind: str, left: Number, right: Number, start: tuple[Number, Number], end: tuple[Number, Number], title: str = ""
) -> str:
    """A band that flows from `start` (top, bottom) at `left` to `end` at `right`."""
    middle = Fraction(left + right, 2)
    upper = f"M{n(left)} {n(start[0])}C{n(middle)} {n(start[0])} {n(middle)} {n(end[0])} {n(right)} {n(end[0])}"
    lower = f"L{n(right)} {n(end[1])}C{n(middle)} {n(end[1])} {n(middle)} {n(start[1])} {n(left)} {n(start[1])}Z"
    inside = f"<title>{escape(title)}</title>" if title else ""
    return f'<path class="flow {kind}" d="{upper}{lower}">{inside}</path>'


def spread(centres: Sequence[Number], apart: Number, lowest: Number) -> list[Fraction]:
    """Label positions near their centres, in order, at least `apart`, none below `lowest`."""
    placed: list[Fraction] = []
    for centre in centres:
        placed.append(max(Fraction(centre), placed[-1] + apart) if placed else Fraction(centre))
    limit = Fraction(lowest)
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], limit)
        limit = placed[index] - apart
    return placed


def short(value: Fraction, language: str) -> str:
    """A round number as an axis writes it: 500万 or 5M."""
    steps = ((10**8, "億"), (10**4, "万")) if language.startswith("ja") else ((10**9, "bn"), (10**6, "M"), (10**3, "k"))
    for size, name in steps:
        if value >= size:
            return exact(value / size) + name
    return exact(value)
