"""What is stated of a funding source, of a change to it, and of what was bought with it."""

from __future__ import annotations

from fractions import Fraction

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.resources import FUNDING_MODES
from contributions.forms.fields import DayField, LastDayField, YenField, choices


class RateField(forms.CharField):
    """An exact part of the whole, such as 1/2."""

    def __init__(self, **options) -> None:
        super().__init__(max_length=40, **options)

    def clean(self, value):
        typed = super().clean(value).strip()
        if not typed:
            return None
        try:
            part = fraction(typed)
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None
        if not Fraction(0) <= part <= 1:
            raise forms.ValidationError(_("A part lies between 0 and 1, such as 1/2."))
        return fraction_text(part)


class DecisionForm(forms.Form):
    """What a decision or contract says of the money."""

    mode = forms.ChoiceField(label=_("Mode"))
    programme = forms.CharField(label=_("Programme"), max_length=200, required=False)
    decision_number = forms.CharField(label=_("Number of the decision or contract"), max_length=60, required=False)
    decided_on = DayField(
        label=_("Day of the decision or contract"), required=False, help_text=_("Cost before this day is ineligible.")
    )
    state_rate = RateField(
        label=_("Part paid by the state"), help_text=_("An exact fraction, such as 1/2; own money is 0.")
    )
    expense_category = forms.CharField(label=_("Expense category"), max_length=60, required=False)
    fiscal_year = forms.IntegerField(label=_("Fiscal year"), min_value=2000, max_value=2200, required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["mode"].choices = choices(FUNDING_MODES)


class FundingForm(DecisionForm):
    """A new source."""

    code = forms.RegexField(r"^[A-Za-z0-9-]+$", label=_("Code"), max_length=20)
    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    recipient = forms.ChoiceField(
        label=_("Recipient"),
        required=False,
        help_text=_("With a recipient, only that organization and the secretariat see the source."),
    )
    field_order = ("code", "name_ja", "name_en", "recipient", "mode")

    def __init__(self, *args, organizations, taken, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.organizations = {row.code: row for row in organizations}
        named = [(row.code, row.name_ja if ja else row.name_en) for row in organizations]
        self.fields["recipient"].choices = [("", _("Common to all")), *named]
        self.taken = taken

    def clean_code(self):
        code = self.cleaned_data["code"]
        if self.taken(code):
            raise forms.ValidationError(_("This code is taken."))
        return code

    def named(self) -> dict:
        """What `services.funding.register` needs beside who and when."""
        typed = self.cleaned_data
        return typed | {
            "recipient": self.organizations.get(typed["recipient"]),
            "state_rate": typed["state_rate"] or "0",
        }


class AmendFundingForm(DecisionForm):
    """What changes, from a day on."""

    valid_from = DayField(label=_("From"))
    field_order = ("valid_from",)


class AssetForm(forms.Form):
    """A thing bought with the money."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200)
    acquired_on = DayField(label=_("Acquired on"))
    price = YenField(label=_("Price in yen"))
    restriction = forms.CharField(label=_("Restriction on disposal"), max_length=300, required=False)
    restricted_until = LastDayField(label=_("Last day of the restriction"), required=False)


class DisposalForm(forms.Form):
    """When and with whose approval it was disposed of."""

    disposed_on = DayField(label=_("Disposed of on"))
    approval = forms.CharField(
        label=_("Number of the approval"), max_length=60, required=False,
        help_text=_("Needed while the asset is restricted."),
    )  # fmt: skip
