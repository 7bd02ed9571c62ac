"""Pictures of who holds whom, and of shares of equity over time, as SVG in the style sheet's own classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from contributions.core.money import floor, percent
from contributions.core.organizations import Branch
from contributions.core.shapes import line, picture, words
from contributions.core.words import Text

ROW, INDENT, WIDTH = 44, 36, 800
Step = tuple[date, Fraction]


def tree(branches: Sequence[Branch], names: Mapping[str, Text], *, me: str, language: str) -> str:
    """The tree from its head down, one line an entity: solid where a majority runs, dashed where a minority does."""
    said = finding(branches, names).of(language)
    if len(branches) < 2:
        return ""
    shapes: list[str] = []
    last_of: dict[int, int] = {}
    for place, branch in enumerate(branches):
        x, y = 8 + INDENT * branch.depth, 28 + ROW * place
        if branch.depth:
            above = last_of[branch.depth - 1]
            kind = "s1" if branch.is_controlled else "axis"
            shapes.append(line(kind, [(x - 20, above + 22), (x - 20, y - 5), (x - 4, y - 5)]))
        last_of[branch.depth] = y
        shapes.append(words(names[branch.code].of(language), x, y, "strong" if branch.code == me else ""))
        if branch.depth:
            shapes.append(words(_held(branch).of(language), x, y + 16, "q"))
    return picture(WIDTH, 28 + ROW * len(branches), said, shapes)


def finding(branches: Sequence[Branch], names: Mapping[str, Text]) -> Text:
    """What the picture of a tree shows, in a sentence."""
    if len(branches) < 2:
        return Text("資本関係は登録されていません。", "No group relation is on record.")
    head, below = names[branches[0].code], len({one.code for one in branches[1:]})
    controlled = len({one.code for one in branches[1:] if one.is_controlled})
    ja = f"{head.ja} の下に {below} 社があり、うち {controlled} 社を過半数の連鎖で支配しています。"
    en = f"{below} below {head.en}, of which it controls {controlled} by a chain of majorities."
    return Text(ja, en)


def stakes(steps: Mapping[str, Sequence[Step]], names: Mapping[str, Text], *, until: date, language: str) -> str:
    """Each member's share of equity over time as a step line, named at its end; none without a share."""
    drawn = {code: sorted(held) for code, held in steps.items() if held}
    if not drawn:
        return ""
    first = min(held[0][0] for held in drawn.values())
    days = max((until - first).days, 1)
    top = max(share for held in drawn.values() for _, share in held) or Fraction(1)

    def across(day: date) -> Fraction:
        return 60 + 480 * Fraction((min(day, until) - first).days, days)

    def up(share: Fraction) -> Fraction:
        return 220 - 200 * share / top

    shapes = [line("axis", [(60, 220), (540, 220)]), words(first.isoformat(), 60, 238, "q")]
    shapes.append(words(until.isoformat(), 540, 238, "q", "end"))
    shapes.append(words(percent(top), 54, up(top) + 4, "q", "end"))
    ends = sorted(drawn, key=lambda code: (-drawn[code][-1][1], code))
    for place, code in enumerate(ends):
        taken = [step for step in drawn[code] if step[0] <= until]
        path = [(across(taken[0][0]), up(taken[0][1]))]
        for (_, before), (day, share) in pairwise(taken):
            path += [(across(day), up(before)), (across(day), up(share))]
        shapes.append(line(f"s{place % 6 + 1}", [*path, (540, up(taken[-1][1]))]))
    labels, lowest = _ends(ends, drawn, names, up, language)
    shapes += labels
    return picture(WIDTH, max(246, floor(lowest) + 10), stakes_finding(drawn, names, until).of(language), shapes)


def stakes_finding(steps: Mapping[str, Sequence[Step]], names: Mapping[str, Text], until: date) -> Text:
    """What the picture of stakes shows, in a sentence."""
    held = {code: [share for day, share in taken if day <= until] for code, taken in steps.items()}
    last = {code: shares[-1] for code, shares in held.items() if shares}
    if not last:
        return Text("出資比率の登録はまだありません。", "No stake is on record yet.")
    first = max(sorted(last), key=lambda code: last[code])
    total = percent(sum(last.values(), Fraction(0)))
    if len(last) == 1:
        return Text(f"{until} の出資比率は {total} です。", f"The stake on {until} is {total}.")
    ja = f"{until} の出資比率は {len(last)} 社の合計で {total}、最大は{names[first].ja}の {percent(last[first])} です。"
    en = f"On {until}, {len(last)} stakes sum to {total}; the largest is {names[first].en}, {percent(last[first])}."
    return Text(ja, en)


def _ends(
    ends: Sequence[str],
    drawn: Mapping[str, Sequence[Step]],
    names: Mapping[str, Text],
    up: Callable[[Fraction], Fraction],
    language: str,
) -> tuple[list[str], Fraction]:
    """Names beside the ends of the lines, at least 15 apart, downwards from the top; and how low the last one is."""
    shapes, lowest = [], Fraction(-100)
    for code in ends:
        share = drawn[code][-1][1]
        lowest = max(up(share) + 4, lowest + 15)
        said = f"{names[code].of(language)} {percent(share)}"
        shapes.append(words(said, 550, lowest))
    return shapes, lowest


def _held(branch: Branch) -> Text:
    direct, effective = percent(branch.direct), percent(branch.effective)
    kind = Text("支配", "controlled") if branch.is_controlled else Text("支配なし", "not controlled")
    if branch.depth == 1:
        return Text(f"{direct}（{kind.ja}）", f"{direct} ({kind.en})")
    return Text(
        f"直接 {direct}・実質 {effective}（{kind.ja}）", f"{direct} directly, {effective} in effect ({kind.en})"
    )
