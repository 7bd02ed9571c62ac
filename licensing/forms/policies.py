"""Proposing a version of the allocation policy, and putting a proposal to the vote."""

from __future__ import annotations

import json

from django import forms
from django.utils.translation import gettext_lazy as _

DOCUMENT_MAX = 100_000


class ProposalForm(forms.Form):
    """The policy as its document: what the ballot adopts is the digest of exactly this."""

    document = forms.CharField(
        label=_("Policy document (JSON)"),
        help_text=_("Weights are fractions as text, such as 45/100; they sum to exactly 1."),
        widget=forms.Textarea(attrs={"rows": 28, "class": "code", "spellcheck": "false"}),
        max_length=DOCUMENT_MAX,
    )

    def clean_document(self) -> dict:
        try:
            document = json.loads(self.cleaned_data["document"])
        except ValueError as fault:
            raise forms.ValidationError(_("This is not JSON: %(fault)s") % {"fault": fault}) from None
        if not isinstance(document, dict):
            raise forms.ValidationError(_("The document must be a JSON object."))
        return document


class AdoptionForm(forms.Form):
    """From which day the policy is in force."""

    adopted_on = forms.DateField(label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}))
