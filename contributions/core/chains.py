"""A version's chain of reviews as a picture: its links in order, each with its state, its opinions and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contributions.core import reviews
from contributions.core.periods import last_day
from contributions.core.shapes import box, line, picture, words
from contributions.core.words import Text

WIDE, STEP, TALL = 128, 142, 106

STATES = {
    reviews.PASSED: ("ok", Text("適合", "passed")),
    reviews.REFUSAL: ("stop", Text("不適合", "refused")),
    reviews.EXPIRED: ("f6", Text("期限切れ", "expired")),
    reviews.CONDITION: ("stop", Text("条件未履行", "condition not kept")),
    reviews.MISSING: ("wait", Text("審査中", "in review")),
    "not-opened": ("tile", Text("未開始", "not opened")),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One review of the chain; `state` as the chain tells it, or not-opened."""

    review: str
    state: str
    opinions: int = 0
    quota: int = 1
    start: date | None = None
    until: date | None = None
    conditions: int = 0


def finding(links: Sequence[Link]) -> Text:
    """What the picture shows, in a sentence."""
    passed = sum(link.state == reviews.PASSED for link in links)
    held = [link for link in links if link.state != reviews.PASSED]
    if not held:
        return Text(
            f"必要な審査 {passed} 件は、すべて適合し有効です。", f"All {passed} reviews have passed and are in force."
        )
    ja = "、".join(f"{reviews.REVIEWS[link.review].ja}（{STATES[link.state][1].ja}）" for link in held)
    en = ", ".join(f"{reviews.REVIEWS[link.review].en} ({STATES[link.state][1].en})" for link in held)
    return Text(
        f"審査 {len(links)} 件のうち {passed} 件が適合。残り：{ja}。",
        f"{passed} of {len(links)} reviews have passed. Not so: {en}.",
    )


def draw(links: Sequence[Link], *, language: str) -> str:
    """The chain as SVG, from the first review to the last."""
    shapes: list[str] = []
    for place, link in enumerate(links):
        x = 4 + place * STEP
        kind, state = STATES[link.state]
        name = reviews.REVIEWS[link.review].of(language)
        if place:
            shapes.append(line("axis", [(x - STEP + WIDE, 46), (x, 46)]))
        shapes.append(box("box", x, 8, WIDE, TALL - 12, f"{name} {state.of(language)}"))
        shapes.append(box(f"{kind} solid", x, 8, WIDE, 5))
        shapes += [words(part, x + 8, 30 + 14 * row, "strong") for row, part in enumerate(_parts(name))]
        shapes.append(words(_told(link, state, language), x + 8, 62))
        shapes += [words(day, x + 8, 76 + 14 * row, "q") for row, day in enumerate(_days(link))]
    return picture(max(8 + STEP * len(links), 400), TALL, finding(links).of(language), shapes)


def _parts(name: str) -> list[str]:
    """A long name on two lines, broken at a bracket or between words."""
    head, bracket, tail = name.partition("（")
    if bracket:
        return [head, bracket + tail]
    if len(name) <= 17:
        return [name]
    middle = name.rfind(" ", 0, 18)
    return [name[:middle], name[middle + 1 :]] if middle > 0 else [name]


def _told(link: Link, state: Text, language: str) -> str:
    words_ = state.of(language)
    if link.quota > 1:
        words_ += f" {link.opinions}/{link.quota}"
    if link.conditions:
        words_ += Text(f"（条件{link.conditions}）", f" ({link.conditions} cond.)").of(language)
    return words_


def _days(link: Link) -> list[str]:
    """From when until when; a refusal has no end."""
    if link.start is None:
        return ["–"]
    return [f"{link.start} –", f"{last_day(link.until)}"] if link.until else [f"{link.start} –"]
