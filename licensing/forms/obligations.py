"""Recording that a duty was fulfilled, waiving one, and adding one that no rule knows."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.words import Text
from contributions.forms.fields import DayField, EvidenceField, YenField, choices
from licensing.core.obligations import OUTSIDE_PARTIES, PARTIES
from licensing.core.outside import Duty


class FulfilForm(forms.Form):
    """What was done, and the file that shows it."""

    note = forms.CharField(label=_("Note"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = EvidenceField(label=_("Evidence"), help_text=_("A file that shows it, if one is asked for."))


class WaiveForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ObligationForm(forms.Form):
    """A duty from the agreement’s own wording that no rule knows."""

    clause = forms.ChoiceField(label=_("Clause"))
    paragraph = forms.IntegerField(label=_("Paragraph"), min_value=1, max_value=99, initial=1)
    party = forms.ChoiceField(label=_("Owed by"), choices=())
    title_ja = forms.CharField(label=_("What is owed, in Japanese"), max_length=200)
    title_en = forms.CharField(label=_("What is owed, in English"), max_length=200)
    opens_on = DayField(label=_("Can be done from"))
    due_on = DayField(label=_("Due"))
    amount = YenField(label=_("Amount (yen)"), required=False)
    evidence_ja = forms.CharField(label=_("Evidence asked for, in Japanese"), max_length=200, required=False)
    evidence_en = forms.CharField(label=_("Evidence asked for, in English"), max_length=200, required=False)

    def __init__(self, *args, articles, **options) -> None:
        super().__init__(*args, **options)
        language = get_language()
        self.fields["clause"].choices = [
            (one.clause, f"{one.label.of(language)}（{one.heading.of(language)}）") for one in articles
        ]
        self.fields["party"].choices = choices(PARTIES)

    def obligation(self) -> dict:
        """What `services.obligations.add` needs beside who and when."""
        typed = self.cleaned_data
        asked = typed["evidence_ja"] or typed["evidence_en"]
        return {
            "clause": typed["clause"],
            "paragraph": typed["paragraph"],
            "party": typed["party"],
            "title": Text(typed["title_ja"], typed["title_en"]),
            "opens_on": typed["opens_on"],
            "due_on": typed["due_on"],
            "amount": typed["amount"],
            "evidence": Text(typed["evidence_ja"] or asked, typed["evidence_en"] or asked) if asked else None,
        }


class DutyForm(forms.Form):
    """A duty of a contract concluded outside, as somebody reads it there."""

    title = forms.CharField(label=_("What is owed"), max_length=200)
    party = forms.ChoiceField(label=_("Owed by"))
    clause = forms.CharField(
        label=_("Clause"), max_length=60, required=False, help_text=_("As the contract counts it: 第5条第2項.")
    )
    opens_on = DayField(label=_("Can be done from"), required=False)
    due_on = DayField(label=_("Due"))
    every_months = forms.IntegerField(
        label=_("Again every months"),
        required=False,
        min_value=0,
        max_value=60,
        help_text=_("Up to the end of the term, or for five years where it has none."),
    )
    amount = YenField(label=_("Amount (yen)"), required=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["party"].choices = choices(OUTSIDE_PARTIES)

    def clean(self) -> dict:
        """It can be done before it is due."""
        typed = super().clean() or {}
        opens, due = typed.get("opens_on"), typed.get("due_on")
        if opens and due and opens > due:
            self.add_error("opens_on", _("This day lies after the day on which it is due."))
        return typed

    def duty(self) -> Duty:
        """What `services.obligations.add_outside` takes."""
        typed = self.cleaned_data
        return Duty(
            title=typed["title"],
            party=typed["party"],
            due_on=typed["due_on"],
            clause=typed["clause"],
            opens_on=typed["opens_on"],
            amount=typed["amount"],
            every_months=typed["every_months"] or 0,
        )
