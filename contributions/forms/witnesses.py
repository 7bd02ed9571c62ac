"""What is stated when a witness is enrolled or a threshold adopted."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import cosignatures
from contributions.core import witnesses as rules
from contributions.core.notes import BadKey
from contributions.forms.fields import DayField, choices


class WitnessForm(forms.Form):
    """A witness whose key is held elsewhere: a member's own site, or a neutral one."""

    organization = forms.ChoiceField(label=_("Whose key it is"))
    vkey = forms.CharField(
        label=_("Verification key"),
        max_length=300,
        help_text=_(
            "The line that the witness prints: name+8 digits+base64. The name stands in every checkpoint that it"
            " cosigns, and everybody may read it there."
        ),
        widget=forms.TextInput(attrs={"class": "id", "spellcheck": "false", "autocapitalize": "off"}),
    )
    valid_from = DayField(label=_("From"))

    def __init__(self, *args, organizations, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.organizations = {row.code: row for row in organizations}
        self.fields["organization"].choices = [
            (row.code, row.short_ja if ja else row.short_en) for row in self.organizations.values()
        ]

    def clean_vkey(self) -> str:
        typed = self.cleaned_data["vkey"].strip()
        try:
            cosignatures.WitnessKey.parse(typed)
        except BadKey:
            raise forms.ValidationError(
                _("This is not a witness’s key of type 4 (cosignature). A log’s own key is of another type.")
            ) from None
        return typed

    def clean_organization(self):
        return self.organizations[self.cleaned_data["organization"]]


class ThresholdForm(forms.Form):
    """How many organizations must have cosigned, and by whose decision."""

    threshold = forms.IntegerField(
        label=_("Organizations that must have cosigned"),
        min_value=0,
        max_value=rules.THRESHOLD_MAX,
        help_text=_("0 asks for none."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of witness that count"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A key that this system holds for an officer proves less than one that it never sees."),
    )
    valid_from = DayField(label=_("From"))
    source_ja = forms.CharField(label=_("Decided by, in Japanese"), max_length=200)
    source_en = forms.CharField(label=_("Decided by, in English"), max_length=200, required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kinds"].choices = choices(rules.KINDS)
