"""Spans of time that a text counts: the unit behind a figure is the same in Japanese and in English."""

from __future__ import annotations

import re
import unicodedata

from contributions.core.words import Text

_UNITS_OF_TIME = {
    "営業日": "business day", "日": "day", "か月": "month", "カ月": "month", "ヶ月": "month", "ヵ月": "month",
    "箇月": "month", "年": "year", "時間": "hour",
}  # fmt: skip
_SPAN_JA = re.compile(r"(\{\w+\}|[0-9][0-9,.]*)(" + "|".join(_UNITS_OF_TIME) + ")")
_SPAN_EN = re.compile(r"(\{\w+\}|[0-9][0-9,.]*)[ -](business day|day|month|year|hour)s?\b")


def differing(text: Text) -> dict[str, tuple[str, str]]:
    """Figures and variables that count one unit of time in Japanese and another in English, with both.

    One that counts several, or that no unit follows in one of the languages, is left to whoever reads.

    >>> differing(Text("{n}か月以内", "within {n} days")), differing(Text("30日以内", "within 30 days"))
    ({'{n}': ('か月', 'day')}, {})
    """
    japanese, english = _spans(_SPAN_JA, text.ja), _spans(_SPAN_EN, text.en)
    return {
        figure: (min(japanese[figure]), min(english[figure]))
        for figure in sorted(japanese.keys() & english.keys())
        if not {_UNITS_OF_TIME[unit] for unit in japanese[figure]} & english[figure]
    }


def _spans(pattern: re.Pattern[str], text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for figure, unit in pattern.findall(unicodedata.normalize("NFKC", text)):
        found.setdefault(figure, set()).add(unit)
    return found
