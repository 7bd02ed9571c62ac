"""What to assume instead. Nothing that is typed here is kept."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.words import Text
from contributions.templatetags.moyai import text
from licensing.core.decimals import NotADecimal, decimal
from licensing.forms.figures import DayField

Choices = list[tuple[str, str]]
KNOWN = ("known_on", "known_at")


class PercentField(forms.CharField):
    """A weight in per cent, exact: 45, 37.5 or 100/3."""

    def clean(self, value: str | None) -> Fraction | None:
        stated = (super().clean(value) or "").replace("%", "").strip()
        if not stated:
            return None
        try:
            found = decimal(stated) / 100
        except NotADecimal as wrong:
            raise forms.ValidationError(text(wrong)) from None
        if not 0 <= found <= 1:
            raise forms.ValidationError(_("Write a percentage from 0 to 100."))
        return found


class PointsField(forms.CharField):
    """Points to add, exact."""

    def clean(self, value: str | None) -> Fraction | None:
        stated = (super().clean(value) or "").replace(",", "").strip()
        if not stated:
            return None
        try:
            found = decimal(stated)
        except NotADecimal as wrong:
            raise forms.ValidationError(text(wrong)) from None
        if found < 0:
            raise forms.ValidationError(_("Write points of 0 or more."))
        return found


class WhatIfForm(forms.Form):
    """Weights, a contribution more, other times; for whoever sees everything also another method, policy, membership.

    What was in effect (the period) and what was known are two axes, each chosen apart from the other.
    """

    def __init__(self, data=None, *, categories: dict[str, tuple[Text, str]], choices: dict[str, Choices], on: date):
        super().__init__(data)
        self.codes, self.on, self.everything = list(categories), on, "method" in choices
        for code, (name, weight) in categories.items():
            label = _("Weight of %(name)s, %%") % {"name": text(name)}
            self.fields[f"weight-{code}"] = PercentField(label=label, required=False, max_length=20, initial=weight)
        labels = {
            "category": _("Add a contribution to"),
            "member": _("by the member"),
            "method": _("Another method"),
            "without": _("Leave out the member"),
            "policy": _("Another version of the policy"),
            "known_at": _("or at the checkpoint"),
            "uncorrected": _("Without the correction of") if self.everything else _("Without our own correction"),
        }
        for name, options in choices.items():
            self.fields[name] = forms.ChoiceField(label=labels[name], required=False, choices=[("", "–"), *options])
        self.fields["points"] = PointsField(label=_("Points added"), required=False, max_length=30)
        self.fields["window_from"] = DayField(label=_("Period from"), required=False)
        self.fields["window_to"] = DayField(label=_("Period to (last day)"), required=False)
        self.fields["known_on"] = DayField(label=_("As known at the end of"), required=False)

    def groups(self) -> list[tuple[str, str, list]]:
        """The fields under four heads: the rule, what is put in, the period, what was known."""
        heads = (
            (_("The rule"), "", [*(f"weight-{code}" for code in self.codes), "method", "policy"]),
            (_("What was put in"), "", ["category", "member", "points", "without", "uncorrected"]),
            (
                _("When: the period"),
                _("What came in, or was done, in these days. Left empty, the period stays as it is."),
                ["window_from", "window_to"],
            ),
            (
                _("When: what was known"),
                _("Only what had been recorded by then, whatever period it is about. Left empty, as it is."),
                ["known_on", "known_at"],
            ),
        )
        found = [(head, said, [self[name] for name in names if name in self.fields]) for head, said, names in heads]
        return [each for each in found if each[2]]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        first, last = cleaned.get("window_from"), cleaned.get("window_to")
        if first and last and last < first:
            self.add_error("window_to", _("This day must not lie before “%(label)s”.") % {"label": _("Period from")})
        if cleaned.get("known_on") and cleaned.get("known_at"):
            self.add_error("known_at", _("Choose a day or a checkpoint, not both."))
        if cleaned.get("known_on") and cleaned["known_on"] > self.on:
            self.add_error("known_on", _("This day has not come yet."))
        if not self.everything and self.is_of_times() and (self.weights() or cleaned.get("points")):
            self.add_error(None, _("Try other times and corrections apart from weights and added points."))
        return cleaned

    def is_of_times(self) -> bool:
        """Whether another period, another knowledge or the log without a correction is asked for."""
        return any(self.cleaned_data.get(name) for name in ("window_from", "window_to", *KNOWN, "uncorrected"))

    def weights(self) -> dict[str, Fraction]:
        """The weights, if any was changed; a field left empty counts 0."""
        stated = {code: self.cleaned_data.get(f"weight-{code}") for code in self.codes}
        if all(value is None for value in stated.values()):
            return {}
        return {code: value or Fraction(0) for code, value in stated.items()}
