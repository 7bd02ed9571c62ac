"""The letter on what is due: what is late first, then what comes next, by workplace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from contributions.core.words import Text

Row = tuple[date, str, str, bool]
"""The day, what it is, the number to look it up by, and whether it is late."""
Chapter = tuple[str, Sequence[Row]]
"""A workplace and what is due there."""


def letter(chapters: Sequence[Chapter], *, today: date, language: str, demo: bool) -> tuple[str, str]:
    """Subject and body. Worked example: one late, two to come: 「期日のお知らせ（2026-10-30）：超過1件、予定2件」."""
    rows = [row for _, part in chapters for row in part]
    late = sum(1 for row in rows if row[3])
    mark = Text("【見本・架空】", "[specimen] ").of(language) if demo else ""
    subject = Text(
        f"期日のお知らせ（{today}）：超過{late}件、予定{len(rows) - late}件",
        f"Days to keep ({today}): {late} late, {len(rows) - late} ahead",
    ).of(language)
    lines = []
    for workplace, part in chapters:
        ordered = sorted(part, key=lambda row: (not row[3], row[0]))
        lines += [f"■ {workplace}", *(_line(row, language) for row in ordered), ""]
    lines.append(_CLOSING.of(language))
    return mark + subject, "\n".join(lines) + "\n"


def _line(row: Row, language: str) -> str:
    day, said, number, late = row
    flag = Text("【超過】", "LATE ").of(language) if late else ""
    return f"{day}  {flag}{said}  {number}"


_CLOSING = Text(
    "この案内の頻度は「期日」のページで変えられます。", "How often this letter comes is set on the page “Days to keep”."
)
