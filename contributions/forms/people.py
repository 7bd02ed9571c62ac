"""What is stated of a person: who employs it, where it works, and what it may see for a while."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.people import PLACES
from contributions.core.roles import WORKPLACES
from contributions.forms.fields import DayField, LastDayField, choices


class OfOrganization(forms.Form):
    """A form that names one organization among those given."""

    organization_field = "organization"

    def __init__(self, *args, organizations, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.organizations = {row.code: row for row in organizations}
        listed = [(row.code, row.short_ja if ja else row.short_en) for row in organizations]
        self.fields[self.organization_field].choices = [("", "–"), *listed]

    def named(self) -> dict:
        """What the verb needs beside the person, who and when."""
        typed = dict(self.cleaned_data)
        return typed | {self.organization_field: self.organizations[typed[self.organization_field]]}


class InviteForm(OfOrganization):
    """A new account. Its owner sets the password by a one-time link."""

    organization_field = "home"
    username = forms.SlugField(label=_("User name"), max_length=60)
    email = forms.EmailField(label=_("E-mail address"))
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    home = forms.ChoiceField(
        label=_("Employer (home organization)"), help_text=_("For a secondee, the company that sent it.")
    )
    home_from = DayField(label=_("Employed there from"))
    language = forms.ChoiceField(label=_("Language"), choices=[("ja", _("Japanese")), ("en", _("English"))])


class MoveForm(OfOrganization):
    """Another employer, from a day on."""

    organization_field = "home"
    home = forms.ChoiceField(label=_("Employer (home organization)"))
    valid_from = DayField(label=_("From"))


class GrantForm(OfOrganization):
    """A workplace at an organization, for a time."""

    workplace = forms.ChoiceField(label=_("Workplace"))
    organization = forms.ChoiceField(label=_("Organization it acts for"))
    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"), required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["workplace"].choices = choices({place: WORKPLACES[place] for place in PLACES}, empty="–")


class ClearanceForm(OfOrganization):
    """A clean-team grant: which rival, for what, how long."""

    organization_field = "rival"
    rival = forms.ChoiceField(label=_("Organization whose material is opened"))
    purpose = forms.CharField(
        label=_("Purpose"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The member whose material it is reads that the grant was given."),
    )
    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"))
