"""The pictures: who put in what and what it became, a schedule's fee, compute by month, the review pipeline.

Drawn on the server, the same in page, print and PDF. Labels stand at what they name, units on the axes, and each
picture says its finding in a sentence for those who do not see it. Only what is passed in is drawn: what a viewer may
know is decided before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.shapes import box as rect
from contributions.core.shapes import coordinate as n
from contributions.core.shapes import line, picture, ticks, words
from contributions.core.words import Text
from licensing.core.cliffs import Point
from licensing.core.decimals import exact, percent, rounded
from licensing.core.drawing import FILLS, ribbon, short, spread

GAP = 5
HEIGHT = 330


@dataclass(frozen=True, slots=True)
class Source:
    """A member in the flow: its parts of the right, by category; their sum is its height."""

    name: Text
    parts: Mapping[str, Fraction]

    @property
    def whole(self) -> Fraction:
        return sum(self.parts.values(), Fraction(0))


@dataclass(frozen=True, slots=True)
class Band:
    """A category in the flow, with its weight as the policy states it."""

    code: str
    name: Text
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount in a month, by a facility."""

    month: str
    name: Text
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the review chain and how many versions stand in it."""

    name: Text
    passed: int
    waiting: int
    refused: int


def flow(members: Sequence[Source], categories: Sequence[Band], right: Text, *, language: str) -> str:
    """Member → category → right; the thickness of a band is its part of the right."""
    sources = sorted((one for one in members if one.whole), key=lambda one: (-one.whole, one.name.en))
    bands = [band for band in categories if any(one.parts.get(band.code) for one in sources)]
    if not sources:
        said = Text("配分できる拠出がまだありません。", "Nothing that counts has been put in yet.").of(language)
        return picture(840, 40, said, [words(said, 8, 24, kind="q")])
    total = sum((one.whole for one in sources), Fraction(0))
    height = max(HEIGHT, 18 * len(sources))
    left = _stack([one.whole for one in sources], height, GAP)
    sums = [sum((one.parts.get(band.code, Fraction(0)) for one in sources), Fraction(0)) for band in bands]
    middle, whole = _stack(sums, height, 14), _stack(sums, height, 0)
    # A category keeps its colour whichever others are drawn.
    fills = [f"f{[one.code for one in categories].index(band.code) % FILLS + 1}" for band in bands]
    shapes = _bands(sources, bands, left, middle, fills, language)
    shapes += _sources(sources, left, height, language)
    for index, kind in enumerate(fills):
        shapes.append(rect(f"{kind} solid", 480, middle[index][0], 8, _tall(middle[index])))
        shapes.append(ribbon(kind, 622, 704, middle[index], whole[index]))
    shapes += _band_labels(sources, bands, middle, height, language)
    shapes.append(rect("bar", 704, 0, 8, height))
    shapes.append(words(right.of(language), 720, Fraction(height, 2)))
    shapes.append(words(percent(total, 0), 720, Fraction(height, 2) + 17, kind="q"))
    return picture(840, height + 4, _flow_finding(sources, bands, language), shapes)


def tiers(points: Sequence[Point], unit: Text, *, language: str) -> str:
    """The fee against the volume, with each cliff marked: where one more unit costs less in all."""
    if not points:
        said = Text("料金の段階がありません。", "The schedule has no tiers.").of(language)
        return picture(800, 40, said, [words(said, 8, 24, kind="q")])
    across, up = ticks(max(point.units for point in points)), ticks(max(point.fee for point in points))

    def place(point: Point) -> tuple[Fraction, Fraction]:
        return 90 + 640 * point.units / across[-1], 270 - 240 * point.fee / up[-1]

    shapes = _axes(
        across, up, unit.of(language), Text("料金（円・税抜）", "fee (JPY before tax)").of(language), language
    )
    shapes.append(line("s1", [place(point) for point in points]))
    for index, point in enumerate(points):
        if point.cliff and index + 1 < len(points):
            x, y = place(point)
            drop = point.fee - points[index + 1].fee
            under = place(points[index + 1])[1]
            shapes.append(f'<circle class="stop" cx="{n(x)}" cy="{n(y)}" r="4"/>')
            label = Text(f"▼ {rounded(drop, 0)}円 下がる", f"▼ falls by JPY {rounded(drop, 0)}").of(language)
            shapes.append(words(label, x + 8, under + 16, kind="strong"))
    return picture(800, 320, _tiers_finding(points, unit, language), shapes)


def stacked_bars(rows: Sequence[Bar], unit: Text, *, language: str) -> str:
    """Amounts by month, stacked by facility; each facility is named beside the last month."""
    months = sorted({row.month for row in rows})
    names = sorted({row.name for row in rows}, key=lambda name: (-_sum(rows, name=name), name.en))
    if not months:
        said = Text("この期間の計算資源の記録はありません。", "There is no compute in this period.").of(language)
        return picture(800, 40, said, [words(said, 8, 24, kind="q")])
    up = ticks(max(_sum(rows, month=month) for month in months))
    step = Fraction(560, len(months))
    shapes = _scale(up, unit.of(language), language, 650)
    base: list[tuple[Fraction, Fraction]] = []
    for column, month in enumerate(months):
        x, y = 90 + step * column + step / 6, Fraction(270)
        base = []
        for index, name in enumerate(names):
            amount = _sum(rows, month=month, name=name)
            tall = 240 * amount / up[-1]
            y -= tall
            base.append((y, y + tall))
            if amount:
                said = f"{month} {name.of(language)} {rounded(amount, 0)} {unit.of(language)}"
                shapes.append(rect(f"f{index % FILLS + 1} solid", x, y, step * 2 / 3, tall, said))
        shapes.append(words(month, x + step / 3, 288, kind="q", anchor="middle"))
    order = sorted(range(len(names)), key=lambda index: base[index][0])
    heights = spread([(base[index][0] + base[index][1]) / 2 + 4 for index in order], 15, 270)
    for index, y in zip(order, heights, strict=True):
        shapes.append(rect(f"f{index % FILLS + 1} solid", 656, y - 9, 8, 10))
        shapes.append(words(names[index].of(language), 670, y))
    return picture(820, 300, _bars_finding(rows, months, names, unit, language), shapes)


def pipeline(stages: Sequence[Stage], *, language: str) -> str:
    """The review chain: at each step how many versions passed, wait, or were refused."""
    kinds = (
        ("ok", Text("合格", "passed"), [stage.passed for stage in stages]),
        ("wait", Text("審査中", "in review"), [stage.waiting for stage in stages]),
        ("stop", Text("不合格", "refused"), [stage.refused for stage in stages]),
    )
    most = max((stage.passed + stage.waiting + stage.refused for stage in stages), default=0)
    step = Fraction(780, max(1, len(stages)))
    shapes = []
    for column, stage in enumerate(stages):
        x, y = 10 + step * column, Fraction(190)
        for kind, name, counts in kinds:
            tall = Fraction(160 * counts[column], max(1, most))
            y -= tall
            if counts[column]:
                shapes.append(rect(kind, x, y, 16, tall))
                shapes.append(words(f"{name.of(language)} {counts[column]}", x + 24, y + tall / 2 + 4))
        shapes.append(line("axis", [(x, 190), (x + step - 16, 190)]))
        shapes.append(words(stage.name.of(language), x, 208, kind="strong"))
    return picture(800, 220, _pipeline_finding(stages, language), shapes)


def _stack(amounts: Sequence[Fraction], height: int, gap: int) -> list[tuple[Fraction, Fraction]]:
    """Top and bottom of each amount, in order, with gaps, filling the height exactly."""
    scale = (height - gap * (len(amounts) - 1)) / sum(amounts, Fraction(0))
    placed, y = [], Fraction(0)
    for amount in amounts:
        placed.append((y, y + amount * scale))
        y += amount * scale + gap
    return placed


def _tall(span: tuple[Fraction, Fraction]) -> Fraction:
    return span[1] - span[0]


def _bands(
    sources: Sequence[Source],
    bands: Sequence[Band],
    left: list[tuple[Fraction, Fraction]],
    middle: list[tuple[Fraction, Fraction]],
    fills: list[str],
    language: str,
) -> list[str]:
    """One ribbon for each part; a part takes its proportion of both ends."""
    shapes = []
    used = [top for top, _ in middle]
    sums = [sum((one.parts.get(band.code, Fraction(0)) for one in sources), Fraction(0)) for band in bands]
    for source, span in zip(sources, left, strict=True):
        y = span[0]
        for index, band in enumerate(bands):
            part = source.parts.get(band.code, Fraction(0))
            if not part:
                continue
            near, far = _tall(span) * part / source.whole, _tall(middle[index]) * part / sums[index]
            said = f"{source.name.of(language)} → {band.name.of(language)} {percent(part, 4)}"
            shapes.append(ribbon(fills[index], 210, 480, (y, y + near), (used[index], used[index] + far), said))
            y += near
            used[index] += far
    return shapes


def _sources(sources: Sequence[Source], left: list[tuple[Fraction, Fraction]], height: int, language: str) -> list[str]:
    labels = spread([(top + bottom) / 2 + 4 for top, bottom in left], 14, height)
    shapes = []
    for source, span, y in zip(sources, left, labels, strict=True):
        shapes.append(rect("bar", 204, span[0], 6, _tall(span)))
        shapes.append(words(source.name.of(language), 196, y, anchor="end"))
    return shapes


def _band_labels(
    sources: Sequence[Source],
    bands: Sequence[Band],
    middle: list[tuple[Fraction, Fraction]],
    height: int,
    language: str,
) -> list[str]:
    shapes = []
    heights = spread([(top + bottom) / 2 for top, bottom in middle], 34, height - 16)
    for band, y in zip(bands, heights, strict=True):
        count = sum(1 for one in sources if one.parts.get(band.code))
        weight = exact(band.weight * 100)
        said = Text(f"重み {weight} %・{count}社", f"{weight} % · {count} members")
        if len(sources) == 1:
            said = Text(f"重み {weight} %", f"weight {weight} %")
        shapes.append(words(band.name.of(language), 496, y))
        shapes.append(words(said.of(language), 496, y + 16, kind="q"))
    return shapes


def _axes(across: list[Fraction], up: list[Fraction], x_name: str, y_name: str, language: str) -> list[str]:
    shapes = _scale(up, y_name, language, 730)
    for tick in across:
        shapes.append(words(short(tick, language), 90 + 640 * tick / across[-1], 288, kind="q", anchor="middle"))
    shapes.append(words(x_name, 730, 308, kind="q", anchor="end"))
    return shapes


def _scale(up: list[Fraction], name: str, language: str, right: int) -> list[str]:
    shapes = [words(name, 8, 14, kind="q")]
    for tick in up:
        y = 270 - 240 * tick / up[-1]
        shapes.append(line("axis" if tick == 0 else "grid", [(90, y), (right, y)]))
        shapes.append(words(short(tick, language), 82, y + 4, kind="q", anchor="end"))
    return shapes


def _sum(rows: Sequence[Bar], *, month: str | None = None, name: Text | None = None) -> Fraction:
    chosen = (row.amount for row in rows if month in {None, row.month} and name in {None, row.name})
    return sum(chosen, Fraction(0))


def _flow_finding(sources: Sequence[Source], bands: Sequence[Band], language: str) -> str:
    first = sources[0]
    if len(sources) == 1:
        return Text(
            f"{first.name.ja}の配分のもとは、{'、'.join(band.name.ja for band in bands)}です。",
            f"What {first.name.en} has comes from {', '.join(band.name.en for band in bands)}.",
        ).of(language)
    counts = [(band, sum(1 for one in sources if one.parts.get(band.code))) for band in bands]
    return Text(
        f"{'、'.join(f'{band.name.ja}は{count}社' for band, count in counts)}。"
        f"最大は{first.name.ja}（{percent(first.whole, 4)}）。",
        f"{', '.join(f'{band.name.en}: {count} members' for band, count in counts)}."
        f" The largest is {first.name.en} with {percent(first.whole, 4)}.",
    ).of(language)


def _tiers_finding(points: Sequence[Point], unit: Text, language: str) -> str:
    last, cliffs = points[-1], sum(1 for point in points if point.cliff)
    amount, fee = rounded(last.units, 0), rounded(last.fee, 0)
    said = Text(f"{amount}{unit.ja}で料金は{fee}円。", f"{amount} {unit.en} cost JPY {fee}.")
    if cliffs:
        fall = Text(f"総額が下がる段差が{cliffs}か所あります。", f" At {cliffs} edge(s) the whole fee falls.")
        return said.of(language) + fall.of(language)
    return said.of(language)


def _bars_finding(rows: Sequence[Bar], months: list[str], names: list[Text], unit: Text, language: str) -> str:
    peak = max(months, key=lambda month: (_sum(rows, month=month), month))
    total = rounded(_sum(rows), 0)
    return Text(
        f"{months[0]}から{months[-1]}までの合計は{total}{unit.ja}。最大の月は{peak}、最大の拠点は{names[0].ja}。",
        f"{months[0]} to {months[-1]}: {total} {unit.en} in all. The largest month is {peak}, the largest facility"
        f" {names[0].en}.",
    ).of(language)


def _pipeline_finding(stages: Sequence[Stage], language: str) -> str:
    waiting, refused = sum(stage.waiting for stage in stages), sum(stage.refused for stage in stages)
    return Text(f"審査中は{waiting}件、不合格は{refused}件です。", f"{waiting} in review, {refused} refused.").of(
        language
    )
