"""What a stranger may type: answers of the self-check, and a request to be licensed."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import organizations
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.words import Text
from contributions.forms.fields import ShareField, choices
from licensing.core import screening
from licensing.core.licensees import WANTED, is_english
from licensing.core.selfchecks import YES_NO
from licensing.core.variables import REGIONS

SEATS = {**REGIONS, "ZZ": Text("その他の国", "another country")}


class CompanyFields(forms.Form):
    """What is asked of a company in the self-check and in the request alike."""

    seat = forms.ChoiceField(label=_("Country of the registered seat"))
    foreign_control = ShareField(
        label=_("Control from abroad"),
        help_text=_("The part of the votes held, directly or not, from outside Japan: 0, 25 %, 1/3."),
    )
    end_use = forms.ChoiceField(label=_("End use"))
    inference = forms.MultipleChoiceField(
        label=_("Countries in which inference will run"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["seat"].choices = choices(SEATS)
        self.fields["end_use"].choices = choices(screening.END_USE)
        self.fields["inference"].choices = choices(REGIONS)


class SelfCheckForm(CompanyFields):
    """Eight questions; the answers are judged and forgotten."""

    antisocial = forms.ChoiceField(
        label=_("Is an officer, or anybody who controls the company, an antisocial force or tied to one?"),
        widget=forms.RadioSelect,
    )
    residency = forms.ChoiceField(
        label=_("Will anybody who is not a resident of Japan use the model?"), widget=forms.RadioSelect
    )
    category = forms.ChoiceField(
        label=_("Will residents under strong foreign influence (特定類型) use the model?"), widget=forms.RadioSelect
    )
    affiliates = forms.ChoiceField(
        label=_("Does a company of your group hold, or ask for, a licence?"), widget=forms.RadioSelect
    )
    field_order = (
        "seat", "foreign_control", "antisocial", "residency", "category", "end_use", "inference", "affiliates",
    )  # fmt: skip

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name in ("antisocial", "residency", "category", "affiliates"):
            self.fields[name].choices = choices(YES_NO)


class RequestForm(CompanyFields):
    """A request to be licensed. No account is made and nothing is decided by it."""

    company_ja = forms.CharField(label=_("Company name in Japanese"), max_length=120)
    company_en = forms.CharField(label=_("Company name in English"), max_length=120)
    corporate_number = forms.CharField(label=_("Corporate number (13 digits)"), max_length=20, required=False)
    address = forms.CharField(label=_("Address of the registered seat"), max_length=200)
    address_en = forms.CharField(label=_("Address of the registered seat in English"), max_length=200)
    contact = forms.CharField(label=_("Your name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"))
    field_of_use = forms.ChoiceField(label=_("Field of use"))
    purpose = forms.CharField(
        label=_("What you will use the model for"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    wanted = forms.ChoiceField(label=_("What you ask for"))
    rivals = forms.CharField(
        label=_("Competitors whose people should keep out of the screening"),
        help_text=_("Companies whose employees, seconded to the consortium, must not see this request."),
        max_length=500,
        required=False,
    )
    antisocial = forms.BooleanField(
        label=_("We represent that neither the company nor its officers are antisocial forces or tied to them.")
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # a person does not see it, so leaves it empty
    field_order = (
        "company_ja", "company_en", "corporate_number", "address", "address_en", "seat", "foreign_control",
        "field_of_use", "wanted",
        "purpose", "end_use", "inference", "rivals", "contact", "email", "antisocial", "website",
    )  # fmt: skip

    def __init__(self, *args, fields_of_use, **options) -> None:
        super().__init__(*args, **options)
        self.fields["field_of_use"].choices = choices(fields_of_use)
        self.fields["wanted"].choices = choices(WANTED)

    def clean_company_en(self) -> str:
        return self._english("company_en")

    def clean_address_en(self) -> str:
        return self._english("address_en")

    def _english(self, name: str) -> str:
        if not is_english(self.cleaned_data[name]):
            raise forms.ValidationError(_("Latin letters are needed here: the English text of the contract prints it."))
        return self.cleaned_data[name]

    def clean_corporate_number(self) -> str:
        try:
            return organizations.corporate_number(self.cleaned_data["corporate_number"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("website"))

    def kept(self) -> dict:
        """The row's own columns, and what the screening will compare."""
        typed = self.cleaned_data
        own = ("company_ja", "company_en", "corporate_number", "address", "contact", "email", "field_of_use", "purpose")
        stated = {name: typed[name] for name in ("wanted", "address_en", "seat", "end_use", "inference", "rivals")}
        stated["foreign_control"] = fraction_text(typed["foreign_control"])
        return {name: typed[name] for name in own} | {"stated": stated}
