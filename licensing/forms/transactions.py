"""Searching the records of dealings: ranges of date and amount, and the counterparty, together."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Refused
from contributions.forms.fields import DayField, YenField, choices
from licensing.core import transactions as rules
from licensing.core.transactions import Wanted


class SearchForm(forms.Form):
    """What is looked for; what is left empty does not narrow."""

    day_from = DayField(label=_("Date from"), required=False)
    day_to = DayField(label=_("Date to"), required=False)
    amount_from = YenField(label=_("Amount from, yen"), required=False)
    amount_to = YenField(label=_("Amount to, yen"), required=False)
    party = forms.CharField(label=_("Counterparty"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(rules.KINDS, empty=_("all"))

    def clean(self) -> dict:
        typed = super().clean() or {}
        if not self.errors:
            kind = typed.pop("kind")
            try:
                typed["wanted"] = Wanted(**typed, **({"kinds": frozenset({kind})} if kind else {}))
            except Refused as refusal:
                self.add_error(None, refusal.text(get_language()))
        return typed
