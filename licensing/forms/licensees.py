"""What legal states of a licensee, and what a licensee states of itself and its people."""

from __future__ import annotations

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.evidence import Evidence
from contributions.core.money import fraction_text
from contributions.core.roles import LICENSEE_ROLES
from contributions.forms.fields import EvidenceField, ShareField, choices
from licensing.core import screening
from licensing.core.licensees import CLASSES, WANTED
from licensing.core.variables import REGIONS
from licensing.forms.figures import DayField, LastDayField
from licensing.forms.guide import SEATS, CompanyFields

# Of affiliates, competition and exclusions the ledger itself is the evidence.
EVIDENCED = screening.EVIDENCED
COMPANY_COLUMNS = ("seat", "foreign_control", "end_use", "inference")


class ApplicationForm(CompanyFields):
    """A licensee's own application, in the portal."""

    field_of_use = forms.ChoiceField(label=_("Field of use"))
    purpose = forms.CharField(
        label=_("What you will use the model for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    licensee_class = forms.ChoiceField(label=_("Class"))
    wanted = forms.ChoiceField(label=_("What you ask for"))
    rivals = forms.CharField(
        label=_("Competitors whose people should keep out of the screening"), max_length=500, required=False
    )
    field_order = ("field_of_use", "licensee_class", "wanted", "purpose", *COMPANY_COLUMNS, "rivals")

    def __init__(self, *args, fields_of_use, **options) -> None:
        super().__init__(*args, **options)
        self.fields["field_of_use"].choices = choices(fields_of_use)
        self.fields["licensee_class"].choices = choices(CLASSES)
        self.fields["wanted"].choices = choices(WANTED)

    def named(self) -> dict:
        """What the verb needs beside the organization, the day, who and when."""
        typed = self.cleaned_data
        stated = {name: typed[name] for name in ("wanted", "seat", "end_use", "inference", "rivals")}
        stated["foreign_control"] = fraction_text(typed["foreign_control"])
        return {name: typed[name] for name in ("field_of_use", "licensee_class", "purpose")} | {"stated": stated}


class ScreeningForm(forms.Form):
    """One check: what was found, what it rests on, until when it holds, and what the check itself asks."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    finding = forms.CharField(label=_("Finding"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = EvidenceField(label=_("File of evidence"))
    screened_on = DayField(label=_("Screened on"))
    valid_until = DayField(label=_("To be screened again on"))

    def __init__(self, *args, kind: str, **options) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        if kind in EVIDENCED:
            self.fields["evidence"].help_text = _("Needed where the outcome is “passed”.")
        self.fields["outcome"].choices = [("passed", _("Passed")), ("refused", _("Failed (blocks the approval)"))]
        if kind == "japanese-firm":
            self.fields["seat"] = forms.ChoiceField(label=_("Country of the registered seat"), choices=choices(SEATS))
            self.fields["foreign_control"] = ShareField(label=_("Control from abroad"))
        if kind == "export":
            self.fields["residency"] = forms.ChoiceField(
                label=_("Users who are not residents of Japan"), choices=choices(screening.CATEGORY)
            )
            self.fields["category"] = forms.ChoiceField(
                label=_("Users of a specified category (特定類型)"), choices=choices(screening.CATEGORY)
            )
            self.fields["end_use"] = forms.ChoiceField(label=_("End use"), choices=choices(screening.END_USE))
            self.fields["inference"] = forms.MultipleChoiceField(
                label=_("Countries in which inference will run"),
                choices=choices(REGIONS),
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields["permit"] = forms.CharField(label=_("Number of the permit"), max_length=80, required=False)
        self.order_fields(["seat", "foreign_control", "residency", "category", "end_use", "inference", "permit"])

    def named(self) -> dict:
        """What the verb needs beside the licensee, who and when; the finding stands in the language it was typed in."""
        typed = self.cleaned_data
        asked = ("seat", "residency", "category", "end_use", "inference", "permit")
        details = {name: typed[name] for name in asked if typed.get(name)}
        if typed.get("foreign_control") is not None:
            details["foreign_control"] = fraction_text(typed["foreign_control"])
        evidence: Evidence | None = typed["evidence"]
        return {
            "kind": self.kind,
            "passed": typed["outcome"] == "passed",
            "finding_ja": typed["finding"],
            "finding_en": typed["finding"],
            "screened_on": typed["screened_on"],
            "valid_until": typed["valid_until"],
            "details": details,
            "evidence": evidence,
        }

    def clean(self) -> dict:
        typed = super().clean()
        start, until = typed.get("screened_on"), typed.get("valid_until")
        if start and start > localdate():
            self.add_error("screened_on", _("That day has not come yet."))
        if start and until and until <= start:
            self.add_error("valid_until", _("It must lie after the day of the screening."))
        if self.kind in EVIDENCED and typed.get("outcome") == "passed" and not typed.get("evidence"):
            self.add_error("evidence", _("A check is passed on evidence: attach the document it rests on."))
        return typed


class ApprovalForm(forms.Form):
    """Until when the approval rests on what was found."""

    rescreen_on = DayField(label=_("Screen again on"))


class RefusalForm(forms.Form):
    """Why, in words for the applicant."""

    reason = forms.ChoiceField(label=_("Reason"))
    text = forms.CharField(
        label=_("In your own words, for the applicant"),
        help_text=_("The applicant reads it. It must name no member."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = [(code, words.of(get_language())) for code, words in screening.REASONS.items()]


class SuspensionForm(forms.Form):
    """Why there are no new agreements for a while."""

    text = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ClassForm(forms.Form):
    """Another class of licensee."""

    licensee_class = forms.ChoiceField(label=_("Class"))

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["licensee_class"].choices = choices(CLASSES)


class RuleForm(forms.Form):
    """Who counts as a Japanese firm, and where inference may run without a permit."""

    seat = forms.MultipleChoiceField(label=_("Seat in"), widget=forms.CheckboxSelectMultiple)
    foreign_control = ShareField(label=_("Control from abroad"))
    boundary = forms.ChoiceField(label=_("That share itself"))
    inference = forms.MultipleChoiceField(label=_("Inference without a permit in"), widget=forms.CheckboxSelectMultiple)
    valid_from = DayField(label=_("From"))
    source_ja = forms.CharField(label=_("Source in Japanese"), max_length=200)
    source_en = forms.CharField(label=_("Source in English"), max_length=200)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name in ("seat", "inference"):
            self.fields[name].choices = choices(REGIONS)
        self.fields["boundary"].choices = choices(screening.BOUNDARIES)

    def document(self) -> dict:
        """The rule as it is adopted."""
        typed = self.cleaned_data
        share = fraction_text(typed["foreign_control"])
        rest = {name: typed[name] for name in ("seat", "boundary", "inference")}
        return {"v": 1, "foreign_control": share, **rest}


class ConflictForm(forms.Form):
    """A competitor that the applicant named, as it is registered."""

    organization = forms.ChoiceField(label=_("Competitor"))

    def __init__(self, *args, organizations, **options) -> None:
        super().__init__(*args, **options)
        self.organizations = {row.code: row for row in organizations}
        ja = get_language() == "ja"
        self.fields["organization"].choices = [(row.code, row.name_ja if ja else row.name_en) for row in organizations]

    @property
    def chosen(self):
        return self.organizations[self.cleaned_data["organization"]]


class TakeUpForm(forms.Form):
    """How the company and its first administrator are entered; what the request says is taken over."""

    organization = forms.ChoiceField(label=_("Company on record"), required=False)
    code = forms.SlugField(label=_("Code of a new company"), max_length=30, required=False)
    username = forms.SlugField(label=_("User name of its administrator"), max_length=60)
    licensee_class = forms.ChoiceField(label=_("Class"))

    def __init__(self, *args, organizations, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.organizations = {row.code: row for row in organizations}
        listed = [(row.code, row.name_ja if ja else row.name_en) for row in organizations]
        self.fields["organization"].choices = [("", _("A new company")), *listed]
        self.fields["licensee_class"].choices = choices(CLASSES)

    def clean(self) -> dict:
        typed = super().clean()
        if not typed.get("organization") and not typed.get("code"):
            self.add_error("code", _("Choose a company on record, or give a new one its code."))
        return typed

    def named(self) -> dict:
        """What the verb needs beside the request, who and when."""
        typed = self.cleaned_data
        names = ("code", "username", "licensee_class")
        return {name: typed[name] for name in names} | {"organization": self.organizations.get(typed["organization"])}


class ColleagueForm(forms.Form):
    """Somebody of the licensee's own people, and what they do for it."""

    username = forms.SlugField(
        label=_("User name"), max_length=40, help_text=_("It is put behind your company's code, so choose freely.")
    )
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role in the company"))
    language = forms.ChoiceField(label=_("Language"), choices=[("ja", _("Japanese")), ("en", _("English"))])

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = choices(LICENSEE_ROLES)


class FieldForm(forms.Form):
    """A field of use, named in both languages from a day on."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"), required=False)
