"""What to assume instead. Nothing that is typed here is kept."""

from __future__ import annotations

from fractions import Fraction

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.words import Text
from contributions.templatetags.moyai import text
from licensing.core.decimals import NotADecimal, decimal

Choices = list[tuple[str, str]]


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
    """Weights, a contribution more; for whoever sees everything also another method, policy, checkpoint, membership."""

    def __init__(self, data=None, *, categories: dict[str, tuple[Text, str]], choices: dict[str, Choices]):
        super().__init__(data)
        self.codes = list(categories)
        for code, (name, weight) in categories.items():
            label = _("Weight of %(name)s, %%") % {"name": text(name)}
            self.fields[f"weight-{code}"] = PercentField(label=label, required=False, max_length=20, initial=weight)
        labels = {
            "category": _("Add a contribution to"),
            "member": _("by the member"),
            "method": _("Another method"),
            "without": _("Leave out the member"),
            "policy": _("Another version of the policy"),
            "known_at": _("As known at the checkpoint"),
            "uncorrected": _("Without the corrections of"),
        }
        for name, options in choices.items():
            self.fields[name] = forms.ChoiceField(label=labels[name], required=False, choices=[("", "–"), *options])
        self.fields["points"] = PointsField(label=_("Points added"), required=False, max_length=30)
        self.order_fields([*(f"weight-{code}" for code in self.codes), "category", "member", "points"])

    def weights(self) -> dict[str, Fraction]:
        """The weights, if any was changed; a field left empty counts 0."""
        stated = {code: self.cleaned_data.get(f"weight-{code}") for code in self.codes}
        if all(value is None for value in stated.values()):
            return {}
        return {code: value or Fraction(0) for code, value in stated.items()}
