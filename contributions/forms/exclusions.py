"""What a member declares about whom and what its data must not serve."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import exclusions as rules
from contributions.forms.fields import DayField, choices


class DeclareForm(forms.Form):
    """A company, purposes, or both; for all data of the member or for one dataset."""

    member = forms.ChoiceField(label=_("On behalf of the member"))
    rival = forms.ChoiceField(
        label=_("Company"),
        required=False,
        help_text=_(
            "It and its group. Left open, nobody may use the data for the purposes named."
            " To name a company that is not listed, ask the secretariat."
        ),
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Left open, the company is excluded from every purpose."),
    )
    dataset = forms.ChoiceField(label=_("Data"), required=False)
    valid_from = DayField(label=_("From this day on"))

    def __init__(self, *args, companies, members, datasets, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.companies = {row.code: row for row in companies}
        self.members = {row.code: row for row in members}
        named = [(row.code, row.name_ja if ja else row.name_en) for row in companies]
        self.fields["rival"].choices = [("", "–"), *named]
        if len(self.members) == 1:
            del self.fields["member"]
        else:
            self.fields["member"].choices = [
                (row.code, row.organization.name_ja if ja else row.organization.name_en) for row in members
            ]
        self.fields["purposes"].choices = choices(rules.PURPOSES)
        self.datasets = {row.number: row for row in datasets}
        listed = [(row.number, f"{row.number} {row.name_ja if ja else row.name_en}") for row in datasets]
        self.fields["dataset"].choices = [("", _("All data of the member")), *listed]

    def declaration(self) -> dict:
        """What `services.exclusions.declare` needs beside who and when."""
        typed = self.cleaned_data
        member = self.members[typed["member"]] if "member" in typed else next(iter(self.members.values()))
        return {
            "member": member,
            "rival": self.companies.get(typed["rival"]),
            "purposes": typed["purposes"],
            "dataset": self.datasets.get(typed["dataset"]),
            "valid_from": typed["valid_from"],
        }


class LiftForm(forms.Form):
    """From which day on a declaration no longer holds."""

    lifted_from = DayField(label=_("No longer from"))
