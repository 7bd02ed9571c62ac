"""Two figures a row, before and after, as bars side by side: what a what-if changes, in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.shapes import box, picture, words
from contributions.core.words import Text
from licensing.core.decimals import rounded

TALL, WIDE, LEFT = 34, 480, 200


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: a name and its two shares."""

    name: Text
    before: Fraction
    after: Fraction


def pairs(rows: Sequence[Pair], *, language: str) -> str:
    """Bars of shares, the upper as it is, the lower as it would be, each with its figure."""
    most = max((max(row.before, row.after) for row in rows), default=Fraction(0)) or Fraction(1)
    shapes = []
    for place, row in enumerate(rows):
        y = 8 + TALL * place
        shapes.append(words(row.name.of(language), LEFT - 10, y + 17, anchor="end"))
        for offset, share, kind in ((2, row.before, "f1 solid"), (15, row.after, "f2 solid")):
            long = WIDE * share / most
            said = f"{row.name.of(language)} {_percent(share)}"
            shapes.append(box(kind, LEFT, y + offset, long, 11, said))
            shapes.append(words(_percent(share), LEFT + long + 6, y + offset + 10, kind="q"))
    return picture(LEFT + WIDE + 90, 12 + TALL * len(rows), finding(rows).of(language), shapes)


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


def _percent(share: Fraction) -> str:
    return f"{rounded(share * 100, 2)} %"


def _signed(row: Pair) -> str:
    moved = row.after - row.before
    return f"{'+' if moved > 0 else ''}{rounded(moved * 100, 2)} %"
