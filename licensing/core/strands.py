"""A member's own picture: which of its assets made which of its points, and in which right they ended.

Drawn from what the member may know and nothing else. Where every part behind its share is known, the height of a
category is that part. Where a total is withheld, a height by the part would give it away; then it is the category's
published weight, and only the division within a category, which is the member's own, is to scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.shapes import box as rect
from contributions.core.shapes import fitted, picture, words
from contributions.core.words import Text
from licensing.core.charts import HEIGHT, Band
from licensing.core.decimals import exact, percent, rounded
from licensing.core.drawing import FILLS, ribbon, spread

ASSETS_MAX = 6
GAP, GAP_ASSETS = 16, 4
NAME_WIDE = 224
OTHERS = Text("その他", "others")


@dataclass(frozen=True, slots=True)
class Strand:
    """One asset: its category and the points it earned there."""

    name: Text
    category: str
    points: Fraction


def strands(
    assets: Sequence[Strand],
    categories: Sequence[Band],
    right: Text,
    *,
    parts: dict[str, Fraction] | None,
    language: str,
) -> str:
    """Asset → category → right. `parts` by category where the viewer knows them all; `None` where it does not."""
    earning = [one for one in assets if one.points]
    bands = [band for band in categories if any(one.category == band.code for one in earning)]
    if not bands:
        said = Text("数えられる拠出がまだありません。", "Nothing that counts has been put in yet.").of(language)
        return picture(830, 40, said, [words(said, 8, 24, kind="q")])
    sizes = [parts[band.code] if parts is not None else band.weight for band in bands]
    groups = [_largest([one for one in earning if one.category == band.code]) for band in bands]
    height = max(HEIGHT - 90, 22 * sum(len(group) for group in groups))
    spans, whole = _stack(sizes, height, GAP), _stack(sizes, height, 0)
    shapes: list[str] = []
    labels: list[tuple[Fraction, str]] = []
    for index, band in enumerate(bands):
        kind = f"f{[one.code for one in categories].index(band.code) % FILLS + 1}"
        shapes += _group(groups[index], spans[index], kind, band, labels, language)
        shapes.append(rect(f"{kind} solid", 470, spans[index][0], 8, spans[index][1] - spans[index][0]))
        shapes.append(ribbon(kind, 612, 700, spans[index], whole[index]))
    for y, (_, said) in zip(spread([y for y, _ in labels], 15, height), labels, strict=True):
        shapes.append(words(said, 206, y, anchor="end"))
    shapes += _band_labels(bands, spans, parts, height, language)
    shapes.append(rect("bar", 700, 0, 8, height))
    shapes.append(words(right.of(language), 716, Fraction(height, 2)))
    if parts is not None:
        shapes.append(words(percent(sum(parts.values(), Fraction(0)), 4), 716, Fraction(height, 2) + 17, kind="q"))
    return picture(830, height + 4, finding(bands, groups).of(language), shapes)


def finding(bands: Sequence[Band], groups: Sequence[Sequence[Strand]]) -> Text:
    """What the picture shows, in a sentence."""
    largest = [(band, max(group, key=lambda one: one.points)) for band, group in zip(bands, groups, strict=True)]
    return Text(
        "。".join(f"{band.name.ja}の点数が最も多いのは{one.name.ja}" for band, one in largest) + "。",
        ". ".join(f"Most points in {band.name.en} come from {one.name.en}" for band, one in largest) + ".",
    )


def _largest(group: list[Strand]) -> list[Strand]:
    """The largest assets of a category, the rest as one."""
    merged: dict[Text, Fraction] = {}
    for one in group:
        merged[one.name] = merged.get(one.name, Fraction(0)) + one.points
    rows = [Strand(name, group[0].category, points) for name, points in merged.items()]
    rows.sort(key=lambda one: (-one.points, one.name.en))
    if len(rows) <= ASSETS_MAX:
        return rows
    rest = sum((one.points for one in rows[ASSETS_MAX - 1 :]), Fraction(0))
    return [*rows[: ASSETS_MAX - 1], Strand(OTHERS, rows[0].category, rest)]


def _group(
    group: list[Strand],
    span: tuple[Fraction, Fraction],
    kind: str,
    band: Band,
    labels: list[tuple[Fraction, str]],
    language: str,
) -> list[str]:
    """The assets of one category, beside the span of the category."""
    top, bottom = span
    gaps = min(Fraction(GAP_ASSETS * (len(group) - 1)), (bottom - top) / 4)
    total = sum((one.points for one in group), Fraction(0))
    shapes, left, right = [], top, top
    for one in group:
        near, far = (bottom - top - gaps) * one.points / total, (bottom - top) * one.points / total
        said = f"{one.name.of(language)} → {band.name.of(language)} {rounded(one.points, 2)}"
        shapes.append(rect("bar", 214, left, 6, near))
        shapes.append(ribbon(kind, 220, 470, (left, left + near), (right, right + far), said))
        labels.append((left + near / 2 + 4, fitted(one.name.of(language), NAME_WIDE)))
        left += near + (gaps / (len(group) - 1) if len(group) > 1 else 0)
        right += far
    return shapes


def _band_labels(
    bands: Sequence[Band],
    spans: Sequence[tuple[Fraction, Fraction]],
    parts: dict[str, Fraction] | None,
    height: int,
    language: str,
) -> list[str]:
    shapes = []
    heights = spread([(top + bottom) / 2 for top, bottom in spans], 34, height - 16)
    for band, y in zip(bands, heights, strict=True):
        weight = exact(band.weight * 100)
        said = Text(f"重み {weight} %", f"weight {weight} %").of(language)
        shapes.append(words(band.name.of(language), 486, y))
        shapes.append(words(said if parts is None else percent(parts[band.code], 4), 486, y + 16, kind="q"))
    return shapes


def _stack(sizes: Sequence[Fraction], height: int, gap: int) -> list[tuple[Fraction, Fraction]]:
    """Top and bottom of each size, in order, with gaps, filling the height exactly."""
    scale = (height - gap * (len(sizes) - 1)) / sum(sizes, Fraction(0))
    placed, y = [], Fraction(0)
    for size in sizes:
        placed.append((y, y + size * scale))
        y += size * scale + gap
    return placed
