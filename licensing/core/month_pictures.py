"""A month of days to keep, drawn as a grid of weeks: a mark for each, late ones apart, shut days shaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contributions.core.periods import next_month
from contributions.core.shapes import box, fitted, picture, words
from contributions.core.words import Text
from licensing.core.deadlines import IsBusinessDay

CELL_WIDTH, CELL_HEIGHT, HEAD, SHOWN_MAX = 120, 84, 28, 3
WEEKDAYS = (
    Text("月", "Mon"), Text("火", "Tue"), Text("水", "Wed"), Text("木", "Thu"),
    Text("金", "Fri"), Text("土", "Sat"), Text("日", "Sun"),
)  # fmt: skip
FILLS = {"late": "stop", "due": "wait", "future": "f1", "done": "ok", "waived": "f6", "date": "f2"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a day: its state gives its look, its words stand in the cell."""

    day: date
    state: str
    label: Text


def weeks(month: date) -> list[list[date]]:
    """The weeks, from Monday, that a month touches."""
    first = month.replace(day=1)
    start = first - timedelta(days=first.weekday())
    found = []
    while start < next_month(first):
        found.append([start + timedelta(days=n) for n in range(7)])
        start += timedelta(days=7)
    return found


def finding(month: date, marks: Sequence[Mark], language: str) -> str:
    """What the picture shows, in a sentence."""
    late = sum(1 for mark in marks if mark.state == "late")
    ja = f"{month.year}年{month.month}月の期日は {len(marks)} 件、うち期限を過ぎたもの {late} 件。"
    en = f"{month.year}-{month.month:02d}: {len(marks)} days to keep, {late} of them past due."
    return Text(ja, en).of(language)


def draw(month: date, marks: Sequence[Mark], *, today: date, language: str, is_business_day: IsBusinessDay) -> str:
    """The month as an SVG picture."""
    rows = weeks(month)
    shapes = [
        words(day.of(language), column * CELL_WIDTH + CELL_WIDTH // 2, 18, "q", "middle")
        for column, day in enumerate(WEEKDAYS)
    ]
    for row, week in enumerate(rows):
        for column, day in enumerate(week):
            here = [mark for mark in marks if mark.day == day]
            x, y = column * CELL_WIDTH, HEAD + row * CELL_HEIGHT
            shapes += _cell(day, here, x, y, month=month, today=today, language=language, shut=not is_business_day(day))
    height = HEAD + len(rows) * CELL_HEIGHT + 1
    return picture(7 * CELL_WIDTH + 1, height, finding(month, marks, language), shapes)


def _cell(
    day: date, marks: Sequence[Mark], x: int, y: int, *, month: date, today: date, language: str, shut: bool
) -> list[str]:
    inside = day.month == month.month
    kind = "day" + (" shut" if shut else "") + ("" if inside else " other") + (" today" if day == today else "")
    shapes = [box(kind, x, y, CELL_WIDTH, CELL_HEIGHT), words(str(day.day), x + 6, y + 16, "" if inside else "q")]
    for number, mark in enumerate(marks[:SHOWN_MAX]):
        top = y + 22 + number * 19
        said = mark.label.of(language)
        shapes.append(box(FILLS[mark.state], x + 5, top, 4, 15, said))
        shapes.append(words(fitted(said, CELL_WIDTH - 10), x + 13, top + 12))
    if len(marks) > SHOWN_MAX:
        shapes.append(words(f"+{len(marks) - SHOWN_MAX}", x + CELL_WIDTH - 8, y + 16, "q", "end"))
    return shapes
