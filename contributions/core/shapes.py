"""The pieces that pictures are made of: exact coordinates, and classes of the one style sheet instead of colours."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

Number = Fraction | int


def coordinate(value: Number) -> str:
    """A length to a tenth, as short as it can be written."""
    tenths = (abs(Fraction(value)) * 20 + 1) // 2
    sign = "-" if value < 0 and tenths else ""
    whole, tenth = divmod(tenths, 10)
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def picture(width: Number, height: Number, finding: str, shapes: Sequence[str]) -> str:
    """A drawing that says its finding to whoever does not see it."""
    box = f"0 0 {coordinate(width)} {coordinate(height)}"
    return f'<svg class="chart" viewBox="{box}" role="img" aria-label={quoteattr(finding)}>{"".join(shapes)}</svg>'


def box(kind: str, x: Number, y: Number, width: Number, height: Number, said: str = "") -> str:
    """A rectangle; what it says shows when it is pointed at."""
    place = f'x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(width)}" height="{coordinate(height)}"'
    return (
        f'<rect class="{kind}" {place}><title>{escape(said)}</title></rect>'
        if said
        else f'<rect class="{kind}" {place}/>'
    )


def words(said: str, x: Number, y: Number, kind: str = "", anchor: str = "") -> str:
    """A text with its anchor."""
    style = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text{style} x="{coordinate(x)}" y="{coordinate(y)}">{escape(said)}</text>'


def fitted(name: str, width: int) -> str:
    """A name cut to a width, of which a Japanese character of the pictures' face takes 13 and a Latin one at most 8.

    >>> fitted("高炉の操業センサー系列", 84)
    '高炉の操業…'
    """
    room = 0
    for index, character in enumerate(name):
        room += 8 if character.isascii() else 13
        if room > width:
            return f"{name[: index - 1].rstrip()}…"
    return name


def line(kind: str, points: Sequence[tuple[Number, Number]]) -> str:
    """A path through points."""
    path = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in points)
    return f'<path class="{kind}" d="M{path}"/>'


def ticks(highest: Number, most: int = 5) -> list[Fraction]:
    """Round numbers from 0 up to just past the highest: steps of 1, 2 or 5 times a power of ten.

    >>> [int(tick) for tick in ticks(1_080_000)]
    [0, 500000, 1000000, 1500000]
    """
    top = Fraction(highest) if highest > 0 else Fraction(1)
    step = Fraction(1)
    while step * most < top:
        step *= 10
    while step * most >= top * 10:
        step /= 10
    step = next(step * part for part in (Fraction(1, 5), Fraction(1, 2), Fraction(1)) if step * part * most >= top)
    return [step * count for count in range(int(-(-top // step)) + 1)]
