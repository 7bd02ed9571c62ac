"""What legal states of a facility that gives compute, and of what changes there from a day on."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.facilities import POWER_MAX, PUE_MAX, STATED
from contributions.forms.datasets import CountryField
from contributions.forms.fields import DayField
from contributions.forms.people import OfOrganization


class StatedForm(OfOrganization):
    """Where it stands, who runs it, on how much power, and which accelerators it has."""

    organization_field = "operator"
    operator = forms.ChoiceField(label=_("Operator"), help_text=_("The organization that runs it."))
    country = CountryField(
        label=_("Country"),
        help_text=_("Two letters of ISO 3166-1, such as JP. What shows it is handed in afterwards, as a file."),
    )
    region = forms.CharField(label=_("Region"), max_length=60)
    power_kw = forms.IntegerField(label=_("Contracted power in kW"), required=False, min_value=1, max_value=POWER_MAX)
    pue = forms.DecimalField(
        label=_("Power usage effectiveness (PUE)"),
        required=False,
        min_value=Decimal(1),
        max_value=PUE_MAX,
        max_digits=4,
        decimal_places=2,
    )
    accelerators = forms.CharField(
        label=_("Accelerators installed"),
        required=False,
        max_length=400,
        help_text=_("Their types as the rate card names them, with commas: h100, b200."),
    )
    default_accelerator = forms.CharField(
        label=_("GPUs of no stated type"),
        max_length=32,
        help_text=_("Under which type a GPU counts whose type the accounting does not name."),
    )

    def clean_accelerators(self):
        listed = self.cleaned_data["accelerators"].replace("、", ",").split(",")
        return [name.strip().lower() for name in listed if name.strip()]

    def clean_default_accelerator(self):
        return self.cleaned_data["default_accelerator"].strip().lower()

    def named(self) -> dict:
        """What the verb needs beside the facility, who and when."""
        typed = super().named()
        return typed | {"pue": None if typed["pue"] is None else str(typed["pue"])}


class FacilityForm(StatedForm):
    """A new facility, with what never changes of it: its code, its names and its clock."""

    code = forms.RegexField(
        r"^[a-z0-9-]+$", label=_("Code"), max_length=32, help_text=_("Lower-case letters, digits and hyphens.")
    )
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    zone = forms.CharField(
        label=_("Its clock"),
        max_length=40,
        initial="Asia/Tokyo",
        help_text=_("The time zone at whose midnight a job is split, by its IANA name."),
    )
    valid_from = DayField(
        label=_("On record from"),
        required=False,
        help_text=_("The day from which this holds; later changes cannot begin before it. Left out: today."),
    )
    field_order = ("code", "name_ja", "name_en", "operator", "country", "region", "zone", "valid_from")


class AmendFacilityForm(StatedForm):
    """What changes, from a day on. What is left as it stands is not touched."""

    valid_from = DayField(
        label=_("Changes from"), help_text=_("Usage of that day and later is read and judged by what is stated here.")
    )
    field_order = ("valid_from",)

    def changes(self) -> dict:
        """What was typed otherwise than the form came, by name."""
        typed = self.named()
        return {name: typed[name] for name in STATED if name in self.changed_data}
