"""The picture of a count: for, against, abstaining and not voted as one bar to scale, with the marks that decide.

Drawn only from what its viewer may see. A table with the same figures stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from contributions.core.money import fraction
from contributions.core.shapes import box, line, picture, words
from contributions.core.words import Text
from licensing.core.ballots import CHOICES, Count
from licensing.core.bodies import BASES
from licensing.core.decimals import exact, percent

LEFT, BAR, ROW = 10, 760, 96
NOT_VOTED = Text("未投票", "not voted")
NOT_SHOWN = Text("投票済み（賛否は非公開）", "voted (how is not shown)")


def draw(
    counts: Sequence[Count], rule: Mapping[str, Any], *, voted: int, entitled: int, is_open: bool, language: str
) -> str:
    """One bar for each counting that may be shown; without any, how many have voted.

    While votes still come in, what a majority of them would be is not known, so its mark is drawn at the end.
    """
    shapes: list[str] = []
    if not counts:
        shapes += _bar(
            20, [("f1", NOT_SHOWN, Fraction(voted)), ("grid", NOT_VOTED, Fraction(entitled - voted))], language
        )
        return picture(800, 90, finding(counts, voted=voted, entitled=entitled).of(language), shapes)
    for place, count in enumerate(counts):
        top = 24 + ROW * place
        shapes.append(words(BASES[count.basis].of(language), LEFT, top - 8, kind="q"))
        left = count.electorate - count.votes_for - count.against - count.abstain
        parts = [("ok", CHOICES["for"], count.votes_for), ("stop", CHOICES["against"], count.against),
                 ("wait", CHOICES["abstain"], count.abstain), ("grid", NOT_VOTED, left)]  # fmt: skip
        shapes += _bar(top, parts, language)
        shapes += [] if is_open else _marks(top, count, rule, language)
    return picture(800, 10 + ROW * len(counts), finding(counts, voted=voted, entitled=entitled).of(language), shapes)


def finding(counts: Sequence[Count], *, voted: int, entitled: int) -> Text:
    """What the picture shows, in a sentence."""
    if not counts:
        return Text(
            f"議決権のある {entitled} 会員のうち {voted} 会員が投票しました。", f"{voted} of {entitled} have voted."
        )
    first = counts[0]
    figures = [exact(value) for value in (first.votes_for, first.against, first.abstain, first.electorate)]
    result = all(count.carried for count in counts)
    return Text(
        f"賛成 {figures[0]}、反対 {figures[1]}、棄権 {figures[2]}（総数 {figures[3]}）。"
        f"{'可決の要件を満たしています。' if result else '可決の要件を満たしていません。'}",
        f"{figures[0]} for, {figures[1]} against, {figures[2]} abstaining, of {figures[3]}."
        f" {'The requirements are met.' if result else 'The requirements are not met.'}",
    )


def _bar(top: int, parts: Sequence[tuple[str, Text, Fraction]], language: str) -> list[str]:
    whole = sum((amount for _, _, amount in parts), Fraction(0)) or Fraction(1)
    shapes, x = [], Fraction(LEFT)
    for kind, name, amount in parts:
        if not amount:
            continue
        wide = BAR * amount / whole
        said = f"{name.of(language)} {exact(amount)}"
        shapes.append(box(f"{kind} solid" if kind.startswith("f") else kind, x, top, wide, 26, said))
        if wide > 60:
            shapes.append(words(said, x, top + 44))
        x += wide
    return shapes


def _needed(needed: Fraction, *, strict: bool, by_member: bool) -> Text:
    """How many votes for carry it: whole votes by member, a part of the stakes otherwise."""
    if by_member:
        votes = needed.__floor__() + 1 if strict else needed.__ceil__()
        return Text(f"可決に必要な賛成 {votes}", f"{votes} for carry it")
    more = Text("超", "more than ") if strict else Text("以上", "at least ")
    return Text(f"可決 {percent(needed, 2)} {more.ja}", f"carried with {more.en}{percent(needed, 2)}")


def _marks(top: int, count: Count, rule: Mapping[str, Any], language: str) -> list[str]:
    """Where the votes for must reach, of what the threshold counts."""
    voted = count.votes_for + count.against + count.abstain
    of = {"decided": count.votes_for + count.against, "present": voted, "all": count.electorate}
    needed = fraction(rule["threshold"]) * of[rule.get("of", "decided")]
    if not count.electorate or not needed:
        return []
    x = LEFT + BAR * needed / count.electorate
    said = _needed(needed, strict=bool(rule.get("strict")), by_member=count.basis == "members").of(language)
    anchor = "end" if x > LEFT + BAR - 120 else "start"
    return [line("axis", [(x, top - 6), (x, top + 32)]), words(said, x, top + 62, kind="q", anchor=anchor)]
