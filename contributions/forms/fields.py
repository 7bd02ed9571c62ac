"""Fields that read what people type: dates in three notations, amounts in full-width digits or with 万 and 億."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from django import forms
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from contributions.core import evidence
from contributions.core.errors import Refused
from contributions.core.periods import is_plausible
from contributions.core.words import Text

_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ERA = re.compile(r"(令和|R)(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.IGNORECASE)
_LARGE = re.compile(r"(?:([0-9]+(?:\.[0-9]+)?)億)?(?:([0-9]+(?:\.[0-9]+)?)万)?([0-9]+(?:\.[0-9]+)?)?")
REIWA_BEGAN = 2018
# Django's own Japanese of these asks to type something, and sets full stops and brackets as no one here does.
REWORDED = (
    _("Null characters are not allowed."),
    _("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)
LIMIT = 2**62


def choices(texts: Mapping[str, Text], *, empty: object = None) -> list[tuple[str, object]]:
    """Codes with their words in the reader's language, behind an open choice where one is allowed."""
    listed: list[tuple[str, object]] = [(code, text.alone(get_language())) for code, text in texts.items()]
    return listed if empty is None else [("", empty), *listed]


def read_date(text: str) -> date | None:
    """2026-04-12, 2026/4/12 and 令和8年4月12日; None for anything else."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    western, era = _WESTERN.fullmatch(text), _ERA.fullmatch(text)
    try:
        if western:
            return date(*(int(part) for part in western.groups()))
        if era:
            year = 1 if era[2] == "元" else int(era[2])
            return date(REIWA_BEGAN + year, int(era[3]), int(era[4])) if year else None
    except ValueError:
        return None
    return None


def plain(text: str) -> str:
    """A number as the core reads it: "１，２００" → "1200", "100万" → "1000000"; what is no number stays as typed.

    >>> plain("１，２００.５"), plain("1億2,345万"), plain("ten")
    ('1200.5', '123450000', 'ten')
    """
    typed = re.sub(r"[,、\s円¥]", "", unicodedata.normalize("NFKC", text))
    match = _LARGE.fullmatch(typed)
    if match is None or not typed or not (match[1] or match[2]):
        return typed if match and typed else text.strip()
    value = sum(
        (Fraction(part) * size for part, size in zip(match.groups(), (10**8, 10**4, 1), strict=True) if part),
        Fraction(0),
    )
    return str(value.numerator) if value.denominator == 1 else text.strip()


def sought(text: str) -> str:
    """What a search looks for: amounts as the ledger keeps them, numbers of nouns in ASCII, names as they were typed.

    >>> sought("4億"), sought("Ｃ－honda－０００１"), sought("みなと（架空）")
    ('400000000', 'C-honda-0001', 'みなと（架空）')
    """
    typed = "".join(sign for sign in text if sign.isprintable()).strip()
    narrow = unicodedata.normalize("NFKC", typed)
    number = narrow if re.search(r"\s", narrow) else plain(narrow)
    return number if narrow.isascii() or number != narrow else typed


def read_amount(text: str) -> int | None:
    """1,000,000 and １００万 and 1億2,345万円; None for anything else."""
    typed = plain(text)
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(LIMIT))):
        return None
    return int(typed) if int(typed) < LIMIT else None


class DayField(forms.CharField):
    """A calendar date, as people write it."""

    def __init__(self, **options) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "2026-04-01"}))
        super().__init__(max_length=40, **options)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        day = read_date(typed)
        if day is None or not is_plausible(day):
            raise forms.ValidationError(_("Write a date, such as 2026-04-12, 2026/4/12 or 令和8年4月12日."))
        return day


class LastDayField(DayField):
    """The last day of a period, as contracts name it; what is read is the end of the half-open period, a day later."""

    def clean(self, value):
        day = super().clean(value)
        return None if day is None else day + timedelta(days=1)


class MonthField(forms.CharField):
    """A calendar month, as people write it; what is read is 2026-05."""

    def __init__(self, **options) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "2026-04"}))
        super().__init__(max_length=40, **options)

    def clean(self, value):
        typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", super().clean(value))).removesuffix("月")
        if not typed:
            return ""
        day = read_date(f"{typed}-1") if len(re.split("[-/.年]", typed)) == 2 else None
        if day is None or not is_plausible(day):
            raise forms.ValidationError(_("Write a month, such as 2026-05, 2026/5 or 令和8年5月."))
        return f"{day:%Y-%m}"


class EvidenceField(forms.FileField):
    """A file of evidence, read whole; nothing where none was chosen."""

    def __init__(self, **options) -> None:
        super().__init__(**({"required": False, "max_length": 200} | options))

    def clean(self, value, initial=None):
        file = super().clean(value, initial)
        if not file:
            return None
        try:
            return evidence.check(file.name, file.read(evidence.BYTES_MAX + 1))
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None


class YenField(forms.CharField):
    """A whole amount of yen, as people write it."""

    def __init__(self, **options) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric"}))
        super().__init__(max_length=40, **options)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        amount = read_amount(typed)
        if amount is None and re.fullmatch("[0-9]+", plain(typed)):
            raise forms.ValidationError(_("This amount is larger than the ledger holds."))
        if amount is None:
            raise forms.ValidationError(_("Write a whole number of yen, such as 1,000,000 or 100万."))
        return amount


class ShareField(forms.CharField):
    """A share of a whole, kept as an exact fraction: 18 %, 18.5, or 37/200; a bare number is per cent."""

    def __init__(self, **options) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "placeholder": "18 %"}))
        super().__init__(max_length=40, **options)

    def clean(self, value):
        typed = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", super().clean(value)))
        if not typed:
            return None
        if fraction := re.fullmatch(r"(\d{1,18})/(\d{1,18})", typed):
            share = Fraction(int(fraction[1]), int(fraction[2])) if int(fraction[2]) else Fraction(-1)
        elif re.fullmatch(r"\d{1,3}(\.\d{1,12})?%?", typed):
            share = Fraction(typed.removesuffix("%")) / 100
        else:
            share = Fraction(-1)
        if not 0 <= share <= 1:
            raise forms.ValidationError(_("Write a share from 0 to 100 %, such as 18 %, 18.5 or 37/200."))
        return share


class HoursField(forms.CharField):
    """Hours worked, kept as whole minutes."""

    def __init__(self, **options) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **options)

    def clean(self, value):
        typed = unicodedata.normalize("NFKC", super().clean(value)).replace(",", "").strip()
        if not typed:
            return None
        if not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", typed):
            raise forms.ValidationError(_("Write hours as a number, such as 152.75."))
        minutes = Fraction(typed) * 60
        if minutes.denominator != 1:
            raise forms.ValidationError(_("Hours are recorded to the minute; this is finer."))
        return minutes.numerator
