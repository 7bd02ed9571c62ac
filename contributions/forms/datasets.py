"""What is asked of a member who registers, revises, completes or withdraws a dataset, or says where a copy lies."""

from __future__ import annotations

import unicodedata

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.adapters import croissant
from contributions.adapters.croissant_json import LIMIT
from contributions.core import datasets as rules
from contributions.core import records
from contributions.core.descriptions import DatasetDescription
from contributions.core.errors import Refused
from contributions.core.reviews import PERSONAL_GROUNDS
from contributions.core.units import AMOUNT_MAX
from contributions.forms.fields import DayField, EvidenceField, choices, read_date

DEFAULT_KIND = "language"


def registration(description: DatasetDescription, *, kind: str = "", country: str = "", region: str = "") -> dict:
    """Kind, category and copies: as named here, else as the description's own terms state them.

    Without a country there is no copy on record, and the version is not shown to be resident.
    """
    stated = dict(description.additions)
    kind = kind or stated.get("kind") or DEFAULT_KIND
    if kind not in rules.KINDS:
        raise rules.UnknownKind(kind=kind, known="、".join(rules.KINDS))
    category = rules.KINDS[kind]
    copies = copies_of(description, country=country, region=region)
    return {"modality": kind, "category_ja": category.ja, "category_en": category.en, "copies": copies}


def copies_of(description: DatasetDescription, *, country: str = "", region: str = "") -> list[dict]:
    """Where the version lies: as named here, else every copy that the description's own terms state."""
    stated = dict(description.additions)
    copies = [{"country": copy.country, "region": copy.region, "on": _day(copy.on)} for copy in description.copies]
    if country:
        copies = [{"country": country, "region": region or stated.get("region", "")}]
    elif not copies and stated.get("country"):
        copies = [{"country": stated["country"], "region": region or stated.get("region", "")}]
    if not description.copies and (second := stated.get("secondCopyCountry")):
        copies.append({"country": second, "region": stated.get("secondCopyRegion", "")})
    for copy in copies:
        rules.check_country(copy["country"])
    return copies


def _day(text: str) -> str:
    day = read_date(text) if text else None
    return day.isoformat() if day else ""


class CountryField(forms.CharField):
    """Two letters of ISO 3166-1, in capitals."""

    def __init__(self, **options) -> None:
        super().__init__(max_length=2, **options)

    def clean(self, value):
        country = unicodedata.normalize("NFKC", super().clean(value)).strip().upper()
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
        help_text=_(
            "The agreement under which you provide the data. Without one it counts nothing; the inbox asks for it."
        ),
    )
    funding = forms.ChoiceField(
        label=_("Funding source"), required=False, help_text=_("What the state paid for earns no share.")
    )
    country = CountryField(
        label=_("Country of storage"),
        required=False,
        help_text=_("Two letters, such as JP. Left open, the file’s own statement stands."),
    )
    region = forms.CharField(
        label=_("Region of storage"), required=False, max_length=60, help_text=_("The prefecture, such as Osaka.")
    )
    evidence = EvidenceField(
        label=_("Evidence of the place of storage"),
        help_text=_("A hosting contract or a certificate of the data centre, at most 32 MB."),
    )

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
            "evidence": typed["evidence"],
        }


class RevisionForm(DatasetForm):
    """A further version of a dataset, whose kind stands already."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        del self.fields["kind"]

    def revision(self) -> dict:
        """What `services.datasets.revise` needs beside who and when."""
        typed = self.cleaned_data
        return {
            "source": self.source,
            "copies": copies_of(self.description, country=typed["country"], region=typed["region"]),
            "agreement": self.agreements.get(typed["agreement"]),
            "funding": self.sources.get(typed["funding"]),
            "evidence": typed["evidence"],
        }


class CopyForm(forms.Form):
    """Where another copy of a version lies."""

    country = CountryField(label=_("Country of storage"), help_text=_("Two letters of ISO 3166-1, such as JP."))
    region = forms.CharField(label=_("Region of storage"), max_length=60, help_text=_("The prefecture, such as Osaka."))
    on = DayField(label=_("It lies there since"), required=False, help_text=_("Left open, since today."))
    evidence = EvidenceField(label=_("Evidence of the place of storage"))


class RemoveCopyForm(forms.Form):
    """That a copy is gone."""

    on = DayField(label=_("Day on which it was deleted"))
    evidence = EvidenceField(label=_("Certificate of deletion"))


class WithdrawForm(forms.Form):
    """From when on, and why, a version or the whole dataset is withdrawn."""

    version = forms.ChoiceField(label=_("What is withdrawn"), required=False)
    on = DayField(label=_("From this day on"), help_text=_("Today or later. Earlier allocations stay as they are."))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, versions, **options) -> None:
        super().__init__(*args, **options)
        self.versions = {str(row.version): row for row in versions if row.withdrawn_on is None}
        listed = [(number, _("Version %(n)s") % {"n": number}) for number in self.versions]
        self.fields["version"].choices = [("", _("The whole dataset")), *listed]

    def withdrawal(self) -> dict:
        """What `services.datasets.withdraw` needs beside who and when."""
        typed = self.cleaned_data
        version = self.versions.get(typed["version"])
        return {"version": version, "on": typed["on"], "reason": typed["reason"]}


class StateForm(forms.Form):
    """What a version still leaves out: of the record, of the licence, and of its files."""

    def __init__(self, *args, version, **options) -> None:
        super().__init__(*args, **options)
        for name in records.FIELDS:
            if not version.record.get(name):
                self.fields[name] = _field_of(name)
        self.asks_licence = not version.licence
        if self.asks_licence:
            self.fields["licence"] = forms.CharField(label=_("Licence"), required=False, max_length=500)
        self.files = [f for f in version.files if f.get("own", True) and (f["sha256"] is None or f["bytes"] is None)]
        for place, file in enumerate(self.files):
            if file["sha256"] is None:
                label = _("SHA-256 of %(file)s") % {"file": file["name"]}
                self.fields[f"sha256_{place}"] = forms.RegexField(r"^[0-9a-fA-F]{64}$", label=label, required=False)
            if file["bytes"] is None:
                label = _("Bytes of %(file)s") % {"file": file["name"]}
                self.fields[f"bytes_{place}"] = forms.IntegerField(
                    label=label, required=False, min_value=0, max_value=AMOUNT_MAX - 1
                )

    def clean(self):
        typed = super().clean()
        given = {name: _stated(typed[name]) for name in records.FIELDS if typed.get(name)}
        try:
            self.record = records.read(given)
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None
        return typed

    def statement(self) -> dict:
        """What `services.datasets.state` needs beside who and when."""
        typed = self.cleaned_data
        files = {
            file["name"]: ((typed.get(f"sha256_{place}") or "").lower() or None, typed.get(f"bytes_{place}"))
            for place, file in enumerate(self.files)
        }
        return {"record": self.record, "licence": typed.get("licence", ""), "files": files}


_DAYS = ("collected_from", "collected_until")
_CHOSEN = {"tlp": rules.TLP, "personal": records.PERSONAL_DATA, "legal_basis": PERSONAL_GROUNDS}


def _field_of(name: str) -> forms.Field:
    label, several = records.FIELDS[name][1].of(get_language()), records.FIELDS[name][2]
    if name in _DAYS:
        return DayField(label=label, required=False)
    if name in _CHOSEN:
        return forms.ChoiceField(label=label, required=False, choices=choices(_CHOSEN[name], empty="–"))
    if name == "marks":
        return forms.MultipleChoiceField(
            label=label, required=False, choices=choices(rules.MARKS), widget=forms.CheckboxSelectMultiple
        )
    help_text = _("Several are separated by commas.") if several else ""
    return forms.CharField(label=label, required=False, max_length=500, help_text=help_text)


def _stated(value) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
