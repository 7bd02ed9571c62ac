"""Figures and days as people type them: 1,000,000 and 100万, 5 % and 1/20, 2026/4/12 and 令和8年4月12日."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction

from django import forms
from django.utils.translation import gettext_lazy as _

_LARGE = {"億": 10**8, "万": 10**4}
_GROUPS = re.compile(r"(?:([0-9]+(?:\.[0-9]+)?)億)?(?:([0-9]+(?:\.[0-9]+)?)万)?([0-9]+(?:\.[0-9]+)?)?")
_DAY = re.compile(r"(?:(令和|R)([0-9]{1,2}|元)|([0-9]{4}))[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_REIWA = 2018
AMOUNT_DIGITS_MAX = 18


def plain(text: str) -> str:
    """A number as the core reads it: "１，２００" → "1200", "100万" → "1000000"; what is no number stays as typed.

    >>> plain("１，２００.５"), plain("1億2,345万"), plain("ten")
    ('1200.5', '123450000', 'ten')
    """
    typed = re.sub(r"[,、\s円¥]", "", unicodedata.normalize("NFKC", text))
    match = _GROUPS.fullmatch(typed)
    if match is None or not typed or not (match[1] or match[2]):
        return typed if match and typed else text.strip()
    value = sum(
        (Fraction(part) * size for part, size in zip(match.groups(), (10**8, 10**4, 1), strict=True) if part),
        Fraction(0),
    )
    return str(value.numerator) if value.denominator == 1 else text.strip()


def read_day(text: str) -> date | None:
    """The day that was typed, or none.

    >>> read_day("令和8年4月12日")
    datetime.date(2026, 4, 12)
    """
    match = _DAY.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if match is None:
        return None
    _, era_year, western, month, day = match.groups()
    year = int(western) if western else _REIWA + (1 if era_year == "元" else int(era_year))
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


class DayField(forms.Field):
    """A calendar day, in any of the usual ways to write one."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "2026-04-12"})
    default_error_messages = {"invalid": _("Write a day such as 2026-04-12.")}

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        day = value if isinstance(value, date) else read_day(str(value))
        if day is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class YenField(forms.Field):
    """A positive amount of whole yen."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"})
    default_error_messages = {"invalid": _("Write a whole number of yen, such as 1,000,000.")}

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        typed = plain(str(value))
        if not (typed.isascii() and typed.isdigit() and len(typed) <= AMOUNT_DIGITS_MAX and int(typed)):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(typed)


class RateField(forms.Field):
    """A rate from 0 up to, not including, 1: typed as 5 % or 1/20, read as the exact fraction's text."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "class": "num"})
    default_error_messages = {"invalid": _("Write a rate such as 5% or 1/20.")}

    def to_python(self, value: object) -> str | None:
        if value in self.empty_values:
            return None
        typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value)))
        match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%|([0-9]{1,9}/0*[1-9][0-9]{0,8})|(0)", typed)
        rate = None if match is None else Fraction(match[1]) / 100 if match[1] else Fraction(match[2] or "0")
        if rate is None or rate >= 1:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return str(rate)
