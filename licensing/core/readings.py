"""Reading print back: the value that a reader takes from a contract's text, by code that did not print it.

What `variables.printed` writes is parsed again here, so a proof that text and data agree does not rest on one function.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from contributions.core import money
from licensing.core import tariffs
from licensing.core.clauses import MONTHS


def read_back(kind: str, text: str, language: str) -> object:
    """The value a reader takes from the print, in JSON form; `None` for kinds that carry no figure.

    >>> read_back("money", "JPY 6,000,000", "en")
    '6000000'
    """
    reader = _READ.get(kind)
    return reader(text, language) if reader else None


_DAY_JA = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_DAY_EN = re.compile(r"([0-9]{1,2}) ([A-Z][a-z]+) ([0-9]{4})")


def _days(text: str, language: str) -> list[date]:
    if language == "ja":
        return [date(int(year), int(month), int(of_month)) for year, month, of_month in _DAY_JA.findall(text)]
    return [date(int(year), MONTHS.index(month) + 1, int(of_month)) for of_month, month, year in _DAY_EN.findall(text)]


def _read_date(text: str, language: str) -> object:
    days = _days(text, language)
    return days[0].isoformat() if len(days) == 1 else None


def _read_period(text: str, language: str) -> object:
    days = _days(text, language)
    if len(days) != 2:
        return None
    return {"from": days[0].isoformat(), "until": (days[1] + timedelta(days=1)).isoformat()}


def _read_money(text: str, language: str) -> object:
    match = re.fullmatch(r"([0-9,]+)円" if language == "ja" else r"JPY ([0-9,]+)", text)
    return match[1].replace(",", "") if match else None


def _read_count(text: str, language: str) -> object:
    return int(text.replace(",", "")) if re.fullmatch(r"[0-9,]+", text) else None


def _read_rate(text: str, language: str) -> object:
    value = tariffs.read_percent(text)
    return money.fraction_text(value) if value is not None else None


_READ: dict[str, Callable[[str, str], object]] = {
    "date": _read_date,
    "period": _read_period,
    "money": _read_money,
    "count": _read_count,
    "rate": _read_rate,
}
