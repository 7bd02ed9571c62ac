"""Turning an agreement down: sending a draft back, declining an offer, taking one back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both sides can read it on the agreement’s page once the draft was offered."),
    )
