"""Two figures a row, before and after, as bars side by side: what a what-if changes, in one picture.

Shares stand as per cent; points as they are, and each row to a scale of its own, since points of several kinds do not
compare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.shapes import box, picture, words
from contributions.core.words import Text
from licensing.core.decimals import rounded

TALL, WIDE, LEFT = 34, 480, 200


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: a name and its two shares, or points."""

    name: Text
    before: Fraction
    after: Fraction


def pairs(rows: Sequence[Pair], *, language: str) -> str:
    """Bars of shares, the upper as it is, the lower as it would be, each with its figure."""
    most = max((max(row.before, row.after) for row in rows), default=Fraction(0))
    return _drawn(rows, finding(rows), language, lambda _: most, _percent)


def points(rows: Sequence[Pair], *, language: str) -> str:
    """Bars of points by category, each pair as long as the greater of the two."""
    return _drawn(rows, changes(rows), language, lambda row: max(row.before, row.after), _points)


def _drawn(
    rows: Sequence[Pair],
    said: Text,
    language: str,
    most: Callable[[Pair], Fraction],
    figure: Callable[[Fraction], str],
) -> str:
    shapes = []
    for place, row in enumerate(rows):
        y = 8 + TALL * place
        shapes.append(words(row.name.of(language), LEFT - 10, y + 17, anchor="end"))
        for offset, value, kind in ((2, row.before, "f1 solid"), (15, row.after, "f2 solid")):
            long = WIDE * value / (most(row) or Fraction(1))
            shapes.append(box(kind, LEFT, y + offset, long, 11, f"{row.name.of(language)} {figure(value)}"))
            shapes.append(words(figure(value), LEFT + long + 6, y + offset + 10, kind="q"))
    return picture(LEFT + WIDE + 90, 12 + TALL * len(rows), said.of(language), shapes)


def finding(rows: Sequence[Pair]) -> Text:
    """The sentence for those who do not see the picture: who gains and who loses most."""
    moved = [row for row in rows if row.before != row.after]
    if not moved:
        return Text("配分比率は変わりません。", "No share changes.")
    up, down = (choose(moved, key=lambda row: row.after - row.before) for choose in (max, min))
    return Text(
        f"最も増えるのは{up.name.ja}（{_signed(up)}）、最も減るのは{down.name.ja}（{_signed(down)}）です。",
        f"{up.name.en} gains most ({_signed(up)}), {down.name.en} loses most ({_signed(down)}).",
    )


def changes(rows: Sequence[Pair]) -> Text:
    """The sentence for those who do not see the picture of points: what becomes more, and what less."""
    more = [row.name for row in rows if row.after > row.before]
    less = [row.name for row in rows if row.after < row.before]
    if not more and not less:
        return Text("点数は変わりません。", "No points change.")
    ja = [
        f"{'・'.join(name.ja for name in each)}の点数が{how}" for each, how in ((more, "増え"), (less, "減り")) if each
    ]
    en = [f"{how} in {', '.join(name.en for name in each)}" for each, how in ((more, "more"), (less, "less")) if each]
    return Text(f"{'、'.join(ja)}ます。", f"Points: {'; '.join(en)}.")


def _points(value: Fraction) -> str:
    return rounded(value, 1)


def _percent(share: Fraction) -> str:
    return f"{rounded(share * 100, 2)} %"


def _signed(row: Pair) -> str:
    moved = row.after - row.before
    return f"{'+' if moved > 0 else ''}{rounded(moved * 100, 2)} %"
