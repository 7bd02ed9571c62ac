"""Pictures of what came in, as SVG: compute by month and facility, reviews by kind and standing, a proof’s path.

Exact coordinates, and classes of the one style sheet instead of colours, so that a picture follows light, dark and
print by itself. Each says its finding in a sentence. It draws only figures its caller may show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from contributions.core.shapes import Number, ticks
from contributions.core.shapes import box as _box
from contributions.core.shapes import line as _line
from contributions.core.shapes import picture as _picture
from contributions.core.shapes import words as _words
from contributions.core.words import Text

FILLS = 6
LEFT, WIDTH, FLOOR, TALL = 80, 480, 250, 220
NUMBERED_MAX = 12  # above more columns than this their numbers would run into one another
FACILITY, MONTH = Text("施設", "facility"), Text("月", "month")


@dataclass(frozen=True, slots=True)
class Bar:
    """What one facility gave in one month (2026-05)."""

    month: str
    name: Text
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Column:
    """One kind of review: how many passed, wait, were refused, and have expired."""

    name: Text
    passed: int
    waiting: int
    refused: int
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One hash of an inclusion proof: the entries that it stands for, from `start` up to not including `until`."""

    start: int
    until: int
    digest: str


# Kind of box, word beside it, which count: from the floor upwards.
_STANDINGS = (
    ("ok", Text("適合", "passed"), "passed"),
    ("wait", Text("審査中", "in review"), "waiting"),
    ("stop", Text("不適合", "refused"), "refused"),
    ("f6", Text("期限切れ", "expired"), "expired"),
)


def compute_by_month(bars: Sequence[Bar], unit: Text, *, language: str, of: Text = FACILITY, per: Text = MONTH) -> str:
    """Amounts by month, stacked by facility; each facility is named beside the last column, the largest first.

    `of` is what the bars are stacked by, `per` what stands along the axis, where they are something else.
    """
    finding = compute_finding(bars, unit, of=of, per=per).of(language)
    if not bars:
        return _picture(800, 40, finding, [_words(finding, 8, 24, "q")])
    months = sorted({bar.month for bar in bars})
    names = sorted({bar.name for bar in bars}, key=lambda name: (-_sum(bars, name=name), name.en))
    top = ticks(max(_sum(bars, month=month) for month in months))
    shapes = _scale(top, unit.of(language))
    step = Fraction(WIDTH, len(months))
    wide = min(step * 2 / 3, Fraction(72))
    every = ceil(Fraction(8 * len(months[0]) + 6) / step)  # as many months are named as have room for their name
    for place, month in enumerate(months):
        x, y = LEFT + step * place + (step - wide) / 2, Fraction(FLOOR)
        for index, name in enumerate(names):
            amount = _sum(bars, month=month, name=name)
            tall = TALL * amount / top[-1]
            y -= tall
            if amount:
                said = f"{month} {name.of(language)} {_whole(amount)} {unit.of(language)}"
                shapes.append(_box(f"f{index % FILLS + 1} solid", x, y, wide, tall, said))
        if len(months) <= NUMBERED_MAX:
            shapes.append(_words(_whole(_sum(bars, month=month)), x + wide / 2, y - 6, "", "middle"))
        if place % every == 0:
            shapes.append(_words(month, x + wide / 2, FLOOR + 18, "q", "middle"))
    return _picture(800, FLOOR + 26, finding, shapes + _names(bars, names, unit, language))


def compute_finding(bars: Sequence[Bar], unit: Text, *, of: Text = FACILITY, per: Text = MONTH) -> Text:
    """What the picture shows, in a sentence."""
    if not bars:
        return Text("計算資源の記録はまだありません。", "No compute has been recorded yet.")
    months = sorted({bar.month for bar in bars})
    peak = max(months, key=lambda month: (_sum(bars, month=month), month))
    first = max({bar.name for bar in bars}, key=lambda name: (_sum(bars, name=name), name.en))
    total = _whole(_sum(bars))
    return Text(
        f"{months[0]} から {months[-1]} までの合計は {total} {unit.ja}。"
        f"最も多い{per.ja}は {peak}、最も多い{of.ja}は{first.ja}です。",
        f"{total} {unit.en} from {months[0]} to {months[-1]}. The largest {per.en} is {peak}, the largest {of.en}"
        f" {first.en}.",
    )


def review_columns(columns: Sequence[Column], *, language: str) -> str:
    """The review chain in its order: at each kind how many versions passed, wait, were refused or have expired."""
    finding = review_finding(columns).of(language)
    most = max((sum(_counts(column)) for column in columns), default=0)
    if not most:
        return _picture(800, 40, finding, [_words(finding, 8, 24, "q")])
    step = Fraction(790, len(columns))
    shapes = []
    for place, column in enumerate(columns):
        x, y = 5 + step * place, Fraction(150)
        for (kind, word, _), count in zip(_STANDINGS, _counts(column), strict=True):
            tall = Fraction(130 * count, most)
            y -= tall
            if count:
                shapes.append(_box(f"{kind} solid", x, y, 14, tall - 1, f"{word.of(language)} {count}"))
                shapes.append(_words(f"{word.of(language)} {count}", x + 20, y + tall / 2 + 4))
        shapes.append(_line("axis", [(x, Fraction(150)), (x + step - 14, Fraction(150))]))
        shapes += _label(column.name.of(language), x)
    return _picture(800, 208, finding, shapes)


def review_finding(columns: Sequence[Column]) -> Text:
    """What the picture shows, in a sentence."""
    if not any(sum(_counts(column)) for column in columns):
        return Text("データ審査はまだありません。", "There is no data review yet.")
    passed, waiting, refused, expired = (sum(counts) for counts in zip(*map(_counts, columns), strict=True))
    lapsed = Text(f"、期限切れ {expired} 件", f", {expired} expired") if expired else Text("", "")
    return Text(
        f"適合 {passed} 件、審査中 {waiting} 件、不適合 {refused} 件{lapsed.ja}です。",
        f"{passed} passed, {waiting} in review, {refused} refused{lapsed.en}.",
    )


def proof_path(seq: int, path: Sequence[Step], *, size: int, root: str, language: str) -> str:
    """From an entry up to the signed root: in the middle what one computes, at the sides what the proof gives."""
    finding = proof_finding(seq, path, size=size).of(language)
    middle, tall, wide, gap = 300, 34, 190, 20
    floor = Fraction(20 + 62 * len(path))
    shapes = _node(seq, seq + 1, Text("台帳記録", "entry"), middle, floor, wide, language, "f1 solid")
    start, until = seq, seq + 1
    for number, step in enumerate(path, start=1):
        y = floor - 62 * number
        left = step.start < seq
        x = middle - wide - gap if left else middle + wide + gap
        below = y + 62
        start, until = min(start, step.start), max(until, step.until)
        top = (Fraction(middle + Fraction(wide, 2)), y + tall)
        shapes.insert(0, _line("axis", [(Fraction(middle + Fraction(wide, 2)), below), top]))
        shapes.insert(0, _line("grid", [(Fraction(x + Fraction(wide, 2)), below), top]))
        shapes += _node(
            step.start, step.until, Text(step.digest[:8], step.digest[:8]), x, below, wide, language, "f6 solid"
        )
        last = number == len(path)
        said = Text(f"ルート {root[:8]}", f"root {root[:8]}") if last else Text("計算する値", "computed")
        shapes += _node(start, until, said, middle, y, wide, language, "ok solid" if last else "f1 solid")
    return _picture(800, floor + tall + 6, finding, shapes)


def proof_finding(seq: int, path: Sequence[Step], *, size: int) -> Text:
    """What the picture shows, in a sentence."""
    return Text(
        f"台帳記録 第 {seq:,} 号と {len(path)} 個のハッシュから、{size:,} 件の時点証明のルートハッシュが求まります。",
        f"Entry {seq:,} and {len(path)} hashes lead to the root that the checkpoint of {size:,} entries signs.",
    )


def _node(start: int, until: int, said: Text, x: Number, y: Number, wide: int, language: str, kind: str) -> list[str]:
    """A subtree as a box: a bar that tells what kind it is, its entries, and what it is."""
    span = f"{start:,}" if until == start + 1 else f"{start:,} – {until - 1:,}"
    return [
        _box("box", x, y, wide, 34),
        _box(kind, x, y, 5, 34),
        _words(span, x + 14, y + 14, "strong"),
        _words(said.of(language), x + 14, y + 28, "q"),
    ]


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of contribution through the months: how much of it in each, and the figure as it reads."""

    name: Text
    unit: Text
    amounts: tuple[tuple[str, Fraction, str], ...]


def timeline(lanes: Sequence[Lane], *, language: str) -> str:
    """A lane for each kind, a column for each month; a bar is as tall as its share of its lane's largest month."""
    finding = timeline_finding(lanes).of(language)
    months = _months(lanes)
    if not months:
        return _picture(800, 40, finding, [_words(finding, 8, 24, "q")])
    step, tall = Fraction(660, len(months)), Fraction(44)
    wide = min(step * 3 / 5, Fraction(56))
    shapes = []
    for row, lane in enumerate(lanes):
        ground = Fraction(64 + 78 * row)
        most = max((amount for _, amount, _ in lane.amounts), default=Fraction(1)) or Fraction(1)
        shapes.append(_words(lane.name.of(language), 4, ground - 18, "strong"))
        shapes.append(_words(lane.unit.of(language), 4, ground - 2, "q"))
        shapes.append(_line("axis", [(Fraction(128), ground), (Fraction(796), ground)]))
        for month, amount, label in lane.amounts:
            x = 136 + step * months.index(month) + (step - wide) / 2
            height = max(tall * amount / most, Fraction(1)) if amount else Fraction(0)
            if amount:
                said = f"{month} {lane.name.of(language)} {label}"
                shapes.append(_box(f"f{row % FILLS + 1} solid", x, ground - height, wide, height, said))
                shapes.append(_words(label, x + wide / 2, ground - height - 5, "", "middle"))
    floor = Fraction(64 + 78 * (len(lanes) - 1))
    for place, month in enumerate(months):
        shapes.append(_words(month, 136 + step * place + step / 2, floor + 18, "q", "middle"))
    return _picture(800, floor + 26, finding, shapes)


def timeline_finding(lanes: Sequence[Lane]) -> Text:
    """What the picture shows, in a sentence."""
    months = _months(lanes)
    if not months:
        return Text("拠出の記録はまだありません。", "Nothing has been put in yet.")
    held = [lane for lane in lanes if lane.amounts]
    ja = "、".join(f"{lane.name.ja} {len(lane.amounts)} か月" for lane in held)
    en = ", ".join(f"{lane.name.en} in {len(lane.amounts)}" for lane in held)
    return Text(
        f"{months[0]} から {months[-1]} までの {len(months)} か月の拠出：{ja}。",
        f"Contributions in {len(months)} months from {months[0]} to {months[-1]}: {en}.",
    )


def _months(lanes: Sequence[Lane]) -> list[str]:
    return sorted({month for lane in lanes for month, _, _ in lane.amounts})


def _names(bars: Sequence[Bar], names: Sequence[Text], unit: Text, language: str) -> list[str]:
    shapes = []
    for index, name in enumerate(names[:12]):
        y = 40 + 34 * index
        shapes.append(_box(f"f{index % FILLS + 1} solid", LEFT + WIDTH + 16, y - 9, 8, 10))
        shapes.append(_words(name.of(language), LEFT + WIDTH + 30, y))
        shapes.append(_words(f"{_whole(_sum(bars, name=name))} {unit.of(language)}", LEFT + WIDTH + 30, y + 15, "q"))
    return shapes


def _label(text: str, x: Number) -> list[str]:
    """A column's name below its axis, on several lines where it is long: broken at a bracket or between words."""
    head, bracket, tail = text.partition("（")
    lines = [head, bracket + tail] if bracket else [""]
    for word in [] if bracket else text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= 17:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [_words(line, x, 168 + 16 * row, "strong") for row, line in enumerate(lines) if line]


def _scale(top: Sequence[Fraction], unit: str) -> list[str]:
    shapes = [_words(unit, 4, 12, "q")]
    for step in top:
        y = FLOOR - TALL * step / top[-1]
        shapes.append(_line("axis" if step == 0 else "grid", [(Fraction(LEFT), y), (Fraction(LEFT + WIDTH), y)]))
        shapes.append(_words(_whole(step), LEFT - 8, y + 4, "q", "end"))
    return shapes


def _counts(column: Column) -> tuple[int, ...]:
    return tuple(getattr(column, name) for _, _, name in _STANDINGS)


def _sum(bars: Sequence[Bar], *, month: str | None = None, name: Text | None = None) -> Fraction:
    return sum((b.amount for b in bars if month in {None, b.month} and name in {None, b.name}), Fraction(0))


def _whole(value: Fraction) -> str:
    """To the nearest integer, thousands grouped; below ten with one decimal."""
    if 0 < value < 10 and value.denominator != 1:
        tenths = (value * 20 + 1) // 2
        return f"{tenths // 10}.{tenths % 10}"
    return f"{(value * 2 + 1) // 2:,}"
