"""Figures and days as people type them: the fields of the ledger's forms, and what only money and rates need."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms import fields
from contributions.forms.fields import DayField, LastDayField, plain

__all__ = ["DayField", "LastDayField", "RateField", "YenField", "plain"]


class YenField(fields.YenField):
    """A positive amount of whole yen."""

    def clean(self, value: object) -> int | None:
        amount = super().clean(value)
        if amount == 0:
            raise forms.ValidationError(_("The amount must be more than 0 yen."), code="invalid")
        return amount


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
