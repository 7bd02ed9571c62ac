"""Handing in a table of coalition values, and deciding on it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.fields import DayField, EvidenceField


class TableForm(forms.Form):
    """The file with its name and how its values were found."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    method_ja = forms.CharField(
        label=_("How the values were found, in Japanese"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    method_en = forms.CharField(
        label=_("How the values were found, in English"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = EvidenceField(
        label=_("Table as CSV or JSON"),
        required=True,
        help_text=_("CSV with the columns coalition and value, members joined by +; every coalition, whole numbers."),
    )


class AdoptForm(forms.Form):
    """From which day the table may be named."""

    adopted_on = DayField(label=_("In force from"))


class SendBackForm(forms.Form):
    """Why the table cannot be adopted."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
