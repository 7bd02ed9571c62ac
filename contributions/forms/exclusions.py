"""What a member declares about whom and what its data must not serve."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import exclusions as rules
from contributions.forms.fields import DayField, choices


class DeclareForm(forms.Form):
    """A company, purposes, or both; for all data of the member or for one dataset."""

    rival = forms.CharField(
        label=_("Company"),
        required=False,
        max_length=32,
        help_text=_("Its code. Left open, nobody may use the data for the purposes named."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Left open, the company is excluded from every purpose."),
    )
    dataset = forms.ChoiceField(label=_("Data"), required=False)
    valid_from = DayField(label=_("From this day on"))

    def __init__(self, *args, datasets, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.fields["purposes"].choices = choices(rules.PURPOSES)
        self.datasets = {row.number: row for row in datasets}
        listed = [(row.number, f"{row.number} {row.name_ja if ja else row.name_en}") for row in datasets]
        self.fields["dataset"].choices = [("", _("All data of the member")), *listed]


class LiftForm(forms.Form):
    """From which day on a declaration no longer holds."""

    lifted_from = DayField(label=_("No longer from"))
