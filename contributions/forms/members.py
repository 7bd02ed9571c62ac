"""What is stated of a member: its class, its leaving, its share of equity."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.money import fraction_text
from contributions.forms.fields import DayField, ShareField, choices
from contributions.forms.people import OfOrganization


class ClassForm(forms.Form):
    """A member's class from a day on."""

    member_class = forms.ChoiceField(label=_("Class"))
    valid_from = DayField(label=_("From"))

    def __init__(self, *args, classes, **options) -> None:
        super().__init__(*args, **options)
        self.fields["member_class"].choices = choices(classes)


class AdmitForm(OfOrganization):
    """Which organization joins, as what, and when."""

    organization = forms.ChoiceField(label=_("Organization"))
    member_class = forms.ChoiceField(label=_("Class"))
    admitted_on = DayField(label=_("Member since"))

    def __init__(self, *args, classes, **options) -> None:
        super().__init__(*args, **options)
        self.fields["member_class"].choices = choices(classes)


class LeavingForm(forms.Form):
    """The first day on which it is no member any more."""

    withdrawn_on = DayField(label=_("Leaves on"))


class StakeForm(forms.Form):
    """A share of equity from a day on."""

    share = ShareField(label=_("Stake"))
    valid_from = DayField(label=_("From"))
    public_statement_ja = forms.CharField(label=_("As published, in Japanese"), max_length=200, required=False)
    public_statement_en = forms.CharField(label=_("As published, in English"), max_length=200, required=False)

    def __init__(self, *args, corrects: bool = False, **options) -> None:
        super().__init__(*args, **options)
        if corrects:
            del self.fields["public_statement_ja"], self.fields["public_statement_en"]

    def named(self) -> dict:
        """What the verb needs beside the member, who and when."""
        typed = dict(self.cleaned_data)
        return typed | {"share": fraction_text(typed["share"])}
