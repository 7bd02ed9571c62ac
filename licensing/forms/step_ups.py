"""Asking to step up from an evaluation."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PlanForm(forms.Form):
    """What the full licence is wanted for."""

    plan = forms.CharField(
        label=_("Intended use and first day"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Products, regions, expected quantities, and the day from which the licence is needed."),
    )
