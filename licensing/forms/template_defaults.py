"""What a variable of a template falls back on, and what may be chosen for it: as people type it, and as it is kept.

A default is typed as people write it: 30, 14.6 %, 1,000,000, 2027-04-01, 東京 / Tokyo; choices one a line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from django import forms

from contributions.core.money import fraction, fraction_text
from contributions.forms.fields import ShareField, plain, read_amount, read_date
from licensing.core.decimals import percent

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def choices_read(typed: str) -> tuple[dict[str, dict[str, str]], str]:
    """The choices of lines such as `quarter = 四半期 / calendar quarter`, and the first line that does not read."""
    found: dict[str, dict[str, str]] = {}
    for line in filter(None, (one.strip() for one in typed.splitlines())):
        code, _equals, words = line.partition("=")
        ja, _slash, en = words.partition("/")
        code, ja, en = code.strip(), ja.strip(), en.strip()
        if not (_CODE.fullmatch(code) and ja and en) or code in found:
            return found, line[:60]
        found[code] = {"ja": ja, "en": en}
    return found, ""


def default_shown(kind: str, value: object) -> str:
    if value is None:
        return ""
    if kind == "flag":
        return "yes" if value else "no"
    if kind == "words" and isinstance(value, Mapping):
        return f"{value['ja']} / {value['en']}"
    if kind == "rate":
        written = percent(fraction(str(value)))
        return str(value) if "/" in written else written
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value) if kind in DEFAULTS else ""


def default_read(row: Mapping[str, str]) -> object:
    """The default as the document has it; None where nothing was typed or it is not of its kind."""
    typed, kind = row["default"].strip(), row["kind"]
    value = DEFAULTS[kind](typed) if typed and kind in DEFAULTS else None
    if kind == "choice" and value not in choices_read(row["choices"])[0]:
        return None
    return value


def _words_read(typed: str) -> dict[str, str] | None:
    ja, _slash, en = (part.strip() for part in typed.partition("/"))
    return {"ja": ja, "en": en} if ja and en else None


def _count_read(typed: str) -> int | None:
    number = plain(typed)
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else None


def _money_read(typed: str) -> str | None:
    amount = read_amount(typed)
    return None if amount is None else str(amount)


def _rate_read(typed: str) -> str | None:
    try:
        return fraction_text(ShareField().clean(typed))
    except forms.ValidationError:
        return None


def _day_read(typed: str) -> str | None:
    day: date | None = read_date(typed)
    return day.isoformat() if day else None


DEFAULTS: dict[str, Callable[[str], object]] = {
    "words": _words_read,
    "text": lambda typed: typed,
    "money": _money_read,
    "count": _count_read,
    "rate": _rate_read,
    "date": _day_read,
    "flag": {"yes": True, "no": False}.get,
    "choice": lambda typed: typed,
}
