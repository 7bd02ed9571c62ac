"""What is asked of a member who registers a dataset, or says where another copy lies."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.adapters import croissant
from contributions.adapters.croissant_json import LIMIT
from contributions.core import datasets as rules
from contributions.core.descriptions import DatasetDescription
from contributions.core.errors import Refused
from contributions.forms.fields import choices

DEFAULT_KIND = "language"


def registration(description: DatasetDescription, *, kind: str = "", country: str = "", region: str = "") -> dict:
    """Kind, category and copies: as named here, else as the description's own terms state them.

    Without a country there is no copy on record, and the version is not shown to be resident.
    """
    stated = dict(description.additions)
    kind = kind or stated.get("kind") or DEFAULT_KIND
    country = country or stated.get("country", "")
    rules.required_reviews(kind)
    category = rules.KINDS[kind]
    copies: list[dict] = []
    if country:
        copies.append({"country": rules.check_country(country), "region": region or stated.get("region", "")})
    if second := stated.get("secondCopyCountry"):
        copies.append({"country": rules.check_country(second), "region": stated.get("secondCopyRegion", "")})
    return {"modality": kind, "category_ja": category.ja, "category_en": category.en, "copies": copies}


class CountryField(forms.CharField):
    """Two letters of ISO 3166-1, in capitals."""

    def __init__(self, **options) -> None:
        super().__init__(max_length=2, **options)

    def clean(self, value):
        country = super().clean(value).strip().upper()
        if country:
            try:
                rules.check_country(country)
            except Refused as refusal:
                raise forms.ValidationError(refusal.text(get_language())) from None
        return country


class DatasetForm(forms.Form):
    """A Croissant file and what it may leave out."""

    file = forms.FileField(
        label=_("Croissant description"),
        help_text=_("A JSON-LD file in Croissant 1.0 or 1.1. It is judged by the official validator (mlcroissant)."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of data"),
        required=False,
        help_text=_("Decides which reviews are needed. Left open, the file’s own statement stands."),
    )
    agreement = forms.ChoiceField(
        label=_("Inbound agreement"),
        required=False,
        help_text=_("The agreement under which you provide the data. Without one it counts nothing."),
    )
    funding = forms.ChoiceField(
        label=_("Funding source"), required=False, help_text=_("What the state paid for earns no share.")
    )
    country = CountryField(
        label=_("Country of storage"),
        required=False,
        help_text=_("Two letters, such as JP. Left open, the file’s own statement stands."),
    )
    region = forms.CharField(label=_("Region of storage"), required=False, max_length=60)

    def __init__(self, *args, agreements, sources, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(rules.KINDS, empty=_("As the file states"))
        self.fields["agreement"].choices = [("", "–"), *((row.number, row.number) for row in agreements)]
        self.fields["funding"].choices = [("", _("Own money")), *((row.code, row.code) for row in sources)]
        self.agreements = {row.number: row for row in agreements}
        self.sources = {row.code: row for row in sources}

    def clean_file(self):
        file = self.cleaned_data["file"]
        self.source = file.read(LIMIT + 1)
        try:
            self.description = croissant.describe(self.source)
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None
        return file

    def registration(self) -> dict:
        """What `services.datasets.register` needs beside who and when."""
        typed = self.cleaned_data
        stated = registration(self.description, kind=typed["kind"], country=typed["country"], region=typed["region"])
        return stated | {
            "source": self.source,
            "agreement": self.agreements.get(typed["agreement"]),
            "funding": self.sources.get(typed["funding"]),
        }


class CopyForm(forms.Form):
    """Where another copy of a version lies."""

    country = CountryField(label=_("Country of storage"), help_text=_("Two letters of ISO 3166-1, such as JP."))
    region = forms.CharField(label=_("Region of storage"), max_length=60)
