"""The signature that a member's own machine gave for a statement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LineForm(forms.Form):
    """One line of text."""

    line = forms.CharField(
        label=_("Signature line"),
        max_length=500,
        help_text=_("What the command prints: it begins with a dash and the name of your key."),
        widget=forms.TextInput(attrs={"class": "id", "spellcheck": "false", "autocapitalize": "off"}),
    )
