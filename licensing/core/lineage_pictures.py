"""The tree of derivative models as a picture: releases at the left, each model right of all it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from contributions.core.shapes import box, fitted, line, picture, words
from contributions.core.words import Text
from licensing.core.derivatives import Model

WIDE, TALL, GAP, STEP, LANE = 190, 44, 16, 270, 18


def columns(models: Mapping[str, Model]) -> dict[str, int]:
    """How far right each model stands: one more than the furthest of its parents."""
    found: dict[str, int] = {}

    def place(number: str) -> int:
        if number not in found:
            found[number] = 0
            above = [place(parent.model) for parent in models[number].parents if parent.model in models]
            found[number] = 1 + max(above) if above else 0
        return found[number]

    for number in sorted(models):
        place(number)
    return found


def finding(models: Mapping[str, Model], language: str) -> str:
    """What the picture shows, in a sentence."""
    made = sum(1 for model in models.values() if model.parents)
    roots = len(models) - made
    deep = max(columns(models).values(), default=0)
    ja = f"{roots} のリリースから {made} の派生モデルが作られ、最も長い系譜は {deep} 世代です。"
    en = f"{made} derivative(s) of {roots} release(s); the longest line has {deep} generation(s)."
    return Text(ja, en).of(language)


def draw(models: Mapping[str, Model], names: Mapping[str, str], states: Mapping[str, str], *, language: str) -> str:
    """The tree as an SVG picture; `states` gives each box its look, the weight of a part stands on its edge."""
    column = columns(models)
    rows: dict[str, int] = {}
    for number in sorted(models, key=lambda each: (column[each], each)):
        rows[number] = sum(1 for other in rows if column[other] == column[number])
    place = {number: (8 + column[number] * STEP, 8 + rows[number] * (TALL + GAP)) for number in models}
    shapes, below = [], 8 + max((y for _, y in place.values()), default=0) + TALL
    for number, model in sorted(models.items()):
        for parent in model.parents:
            if parent.model in place:
                passes = column[number] - column[parent.model] > 1
                below += LANE if passes else 0
                shapes += _edge(place[parent.model], place[number], parent.weight, below if passes else None)
    for number, (x, y) in place.items():
        said = names.get(number, number)
        shapes.append(box(f"node {states.get(number, '')}".strip(), x, y, WIDE, TALL, f"{number} {said}"))
        shapes.append(words(number, x + 8, y + 18))
        shapes.append(words(fitted(said, WIDE - 8), x + 8, y + 35))
    width = 16 + max((x for x, _ in place.values()), default=0) + WIDE
    height = below + 12
    return picture(width, height, finding(models, language), shapes)


def _edge(start: tuple[int, int], end: tuple[int, int], weight: Fraction, lane: int | None) -> list[str]:
    """A line from a model to what was made of it; past the boxes between them where there are any."""
    (x1, y1), (x2, y2) = (start[0] + WIDE, start[1] + TALL // 2), (end[0], end[1] + TALL // 2)
    bend = [(x1 + 20, lane), (x2 - 20, lane)] if lane is not None else []
    shapes = [line("edge", [(x1, y1), *bend, (x2, y2)])]
    if weight != 1:
        at = (x2 - 60, lane) if lane is not None else (Fraction(x1 + x2, 2), Fraction(y1 + y2, 2))
        shapes.append(words(str(weight), at[0], at[1] - 4, "q", "middle"))
    return shapes
