"""What is asked of whoever shows where a facility stands or a copy lies."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.datasets import CountryField
from contributions.forms.fields import DayField, EvidenceField
from contributions.forms.people import OfOrganization


class PlaceForm(OfOrganization):
    """The country that the file shows, for which day, and who attests it."""

    organization_field = "attested_by"
    country = CountryField(label=_("Country that it shows"), help_text=_("Two letters of ISO 3166-1, such as JP."))
    on = DayField(label=_("Attested for the day"))
    attested_by = forms.ChoiceField(
        label=_("Attested by"), help_text=_("Whose statement the file is: the operator, an auditor, the owner.")
    )
    evidence = EvidenceField(label=_("File of evidence"), required=True)
