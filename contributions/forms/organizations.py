"""What legal states of a legal entity, and of who holds how much of it."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import organizations as rules
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.forms.datasets import CountryField
from contributions.forms.fields import DayField, ShareField


class ParticularsForm(forms.Form):
    """The registered particulars of an entity, from a day on."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    short_ja = forms.CharField(label=_("Short name in Japanese"), max_length=60, required=False)
    short_en = forms.CharField(label=_("Short name in English"), max_length=60, required=False)
    country = CountryField(label=_("Country"), help_text=_("Two letters of ISO 3166-1, such as JP."))
    corporate_number = forms.CharField(
        label=_("Corporate number"),
        required=False,
        max_length=20,
        help_text=_("13 digits. The first is a check digit; compare the name with the public register as well."),
    )
    invoice_number = forms.CharField(
        label=_("Invoice registration number"),
        required=False,
        max_length=20,
        help_text=_("For a corporation: T and the corporate number."),
    )
    address_ja = forms.CharField(label=_("Address in Japanese"), required=False, max_length=200)
    address_en = forms.CharField(label=_("Address in English"), required=False, max_length=200)
    valid_from = DayField(label=_("From"), help_text=_("The day from which this is so."))

    def clean(self):
        typed = super().clean()
        try:
            corporate = rules.corporate_number(typed.get("corporate_number") or "")
            typed["corporate_number"] = corporate
        except Refused as refusal:
            self.add_error("corporate_number", refusal.text(get_language()))
            return typed
        try:
            typed["invoice_number"] = rules.invoice_number(typed.get("invoice_number") or "", corporate)
        except Refused as refusal:
            self.add_error("invoice_number", refusal.text(get_language()))
        return typed


class RegisterForm(ParticularsForm):
    """A new entity: its particulars, its code in this ledger, and what kind it is."""

    code = forms.SlugField(label=_("Code"), max_length=32, help_text=_("Lower-case letters, digits and hyphens."))
    kind = forms.ChoiceField(label=_("Kind"))
    field_order = ["code", "kind"]

    def __init__(self, *args, kinds, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds


class AffiliationForm(forms.Form):
    """Who holds what share of control of this entity, from a day on."""

    parent = forms.ChoiceField(label=_("Holder"))
    control = ShareField(
        label=_("Share of control"), help_text=_("Of the votes. 0 records that it holds none any more.")
    )
    valid_from = DayField(label=_("From"))

    def __init__(self, *args, organizations, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.organizations = {row.code: row for row in organizations}
        self.fields["parent"].choices = [
            ("", "–"),
            *((row.code, row.short_ja if ja else row.short_en) for row in organizations),
        ]

    def named(self) -> dict:
        """What `services.organizations.affiliate` needs beside the child, who and when."""
        typed = self.cleaned_data
        return {
            "parent": self.organizations[typed["parent"]],
            "control": fraction_text(typed["control"]),
            "valid_from": typed["valid_from"],
        }
