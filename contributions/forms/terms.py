"""What legal states of an inbound agreement: who, from when, and each right as a table of checks."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import terms as rules
from contributions.core.words import Text
from contributions.forms.fields import DayField, LastDayField, choices

FILE_MAX = min(20_000_000, settings.UPLOAD_MAX_BYTES)


class TerritoryField(forms.CharField):
    """Countries as two letters, or all; empty where the agreement says nothing of it."""

    def clean(self, value):
        typed = super().clean(value).replace("、", ",").replace(" ", ",")
        codes = [code for code in typed.split(",") if code]
        if [code.lower() for code in codes] == [rules.ALL]:
            return [rules.ALL]
        countries = sorted({code.upper() for code in codes})
        if not all(re.fullmatch("[A-Z]{2}", code) for code in countries):
            raise forms.ValidationError(_("Write countries as two letters, such as JP, TH; or all."))
        return countries


class RightsForm(forms.Form):
    """The day from which the rights stand, the rights themselves, and the agreement's file."""

    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"), required=False)
    marks = forms.MultipleChoiceField(label=_("Marks on the file"), required=False, widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(
        label=_("File of the agreement"),
        required=False,
        help_text=_("It is sealed by a salted digest and can be erased without breaking a proof."),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["marks"].choices = choices(rules.MARKS)
        for subject in rules.SUBJECTS:
            self._add_right(subject)

    def _add_right(self, subject: str) -> None:
        named = rules.SUBJECTS[subject].of(get_language())
        many = {"required": False, "widget": forms.CheckboxSelectMultiple}
        self.fields[f"{subject}_purposes"] = forms.MultipleChoiceField(choices=choices(rules.PURPOSES), **many)
        self.fields[f"{subject}_fields"] = forms.MultipleChoiceField(choices=choices(rules.FIELDS), **many)
        self.fields[f"{subject}_territory"] = TerritoryField(
            required=False, max_length=200, widget=forms.TextInput(attrs={"aria-label": f"{named} {_('Territory')}"})
        )
        for name, label in (("sublicensing", _("Sublicensing")), ("further_training", _("Further training"))):
            box = forms.CheckboxInput(attrs={"aria-label": f"{named} {label}"})
            self.fields[f"{subject}_{name}"] = forms.BooleanField(required=False, widget=box)
        self.fields[f"{subject}_after_withdrawal"] = forms.ChoiceField(
            choices=choices(rules.AFTER_WITHDRAWAL),
            required=False,
            widget=forms.Select(attrs={"aria-label": f"{named} {_('After withdrawal')}"}),
        )

    def plain(self) -> list:
        """The fields that stand outside the table."""
        inside = tuple(f"{subject}_" for subject in rules.SUBJECTS)
        return [field for field in self if not field.name.startswith(inside)]

    def table(self) -> list[tuple[object, list]]:
        """The rights as rows of checks, one column a subject."""
        rows = (
            ("purposes", _("Purposes")), ("fields", _("Fields of use")), ("territory", _("Territory")),
            ("sublicensing", _("Sublicensing")), ("further_training", _("Further training")),
            ("after_withdrawal", _("After withdrawal")),
        )  # fmt: skip
        return [(label, [self[f"{subject}_{name}"] for subject in rules.SUBJECTS]) for name, label in rows]

    def subjects(self) -> list[Text]:
        return list(rules.SUBJECTS.values())

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is not None and file.size > FILE_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s."), params={"limit": filesizeformat(FILE_MAX)}
            )
        return file

    def clean(self):
        typed = super().clean()
        start, until = typed.get("valid_from"), typed.get("valid_until")
        if start and until and until <= start:
            self.add_error("valid_until", _("The end must be later than the beginning."))
        if not any(typed.get(f"{subject}_purposes") for subject in rules.SUBJECTS):
            self.add_error(None, _("Check at least one purpose of one subject: without one no right comes in."))
        return typed

    def rights(self) -> list[dict]:
        """The rights checked; a subject without a purpose is none."""
        typed = self.cleaned_data
        return [
            {
                "subject": subject,
                "purposes": typed[f"{subject}_purposes"],
                "fields": typed[f"{subject}_fields"],
                "territory": typed[f"{subject}_territory"],
                "sublicensing": typed[f"{subject}_sublicensing"],
                "further_training": typed[f"{subject}_further_training"],
                "after_withdrawal": typed[f"{subject}_after_withdrawal"] or "ends",
            }
            for subject in rules.SUBJECTS
            if typed[f"{subject}_purposes"]
        ]

    @staticmethod
    def initial_of(rights: list[dict]) -> dict:
        """What the table shows of rights that stand already."""
        found = {}
        for right in rights:
            for name, value in right.items():
                if name != "subject":
                    found[f"{right['subject']}_{name}"] = ", ".join(value) if name == "territory" else value
        return found


class TermsForm(RightsForm):
    """A new agreement: with whom, of which type, under which title, and its rights."""

    organization = forms.ChoiceField(label=_("Organization"))
    parties = forms.MultipleChoiceField(label=_("Further parties"), required=False, widget=forms.CheckboxSelectMultiple)
    type = forms.ChoiceField(label=_("Type"))
    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    field_order = ("organization", "parties", "type", "title_ja", "title_en", "valid_from", "valid_until")

    def __init__(self, *args, organizations, types, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.organizations = {row.code: row for row in organizations}
        named = [(row.code, row.name_ja if ja else row.name_en) for row in organizations]
        self.fields["organization"].choices = self.fields["parties"].choices = named
        self.fields["type"].choices = choices(types)

    def named(self) -> dict:
        """What `services.terms.conclude` needs beside the file, who and when."""
        typed = self.cleaned_data
        return {
            "organization": self.organizations[typed["organization"]],
            "parties": [self.organizations[code] for code in typed["parties"]],
            "type": typed["type"],
            "title_ja": typed["title_ja"],
            "title_en": typed["title_en"] or typed["title_ja"],
            "valid_from": typed["valid_from"],
            "valid_until": typed["valid_until"],
            "marks": typed["marks"],
            "rights": self.rights(),
        }


class EndForm(forms.Form):
    """From which day an agreement no longer stands."""

    ended_from = DayField(label=_("Ended from"))


class TypeForm(forms.Form):
    """A type of agreement that the consortium lists."""

    code = forms.SlugField(label=_("Code"), max_length=20)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100)
    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"), required=False)
