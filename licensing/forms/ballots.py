"""Putting a proposal to a body, casting a vote, closing with minutes, and recording a decision taken elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import forms
from django.utils.timezone import localdate, make_aware
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.words import Text
from contributions.forms.fields import DayField, EvidenceField, choices
from licensing.core.ballots import CHOICES
from licensing.core.bodies import GROUNDS, Recusal

DISSENT_MAX = 4000
MINUTES_MAX = 20_000
RECUSALS = 3
"""How many recusals the form has room for; the API takes any number."""


class VoteForm(forms.Form):
    """For, against or abstain, with the reason of a dissent."""

    choice = forms.ChoiceField(label=_("Your vote"), widget=forms.RadioSelect)
    dissent = forms.CharField(
        label=_("Reason, if you dissent"),
        help_text=_("It is kept with the vote and shown to whoever may see the vote."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=DISSENT_MAX,
        required=False,
    )

    def __init__(self, data=None) -> None:
        super().__init__(data)
        language = get_language() or "ja"
        self.fields["choice"].choices = [
            (code, said.of(language) if language.startswith("ja") else said.en.capitalize())
            for code, said in CHOICES.items()
        ]


class MinutesForm(forms.Form):
    """The minutes of the deciding body: their text in both languages, or their file."""

    minutes_ja = forms.CharField(
        label=_("Minutes in Japanese"), widget=forms.Textarea(attrs={"rows": 5}), max_length=MINUTES_MAX, required=False
    )
    minutes_en = forms.CharField(
        label=_("Minutes in English"), widget=forms.Textarea(attrs={"rows": 5}), max_length=MINUTES_MAX, required=False
    )
    minutes_file = EvidenceField(
        label=_("Minutes as a file"),
        help_text=_("A PDF instead of the texts, or beside them. The log keeps its digest."),
    )

    def clean(self):
        said = super().clean()
        texts = said.get("minutes_ja") and said.get("minutes_en")
        if not texts and not said.get("minutes_file") and "minutes_file" not in self.errors:
            raise forms.ValidationError(_("Give the minutes in both languages, or attach their file."))
        return said

    def minutes(self) -> dict:
        """What the service needs of the minutes."""
        said = self.cleaned_data
        return {"ja": said["minutes_ja"], "en": said["minutes_en"], "file": said["minutes_file"]}


class OpeningForm(forms.Form):
    """Which body decides, at a meeting or in writing, until when, and who takes no part."""

    body = forms.ChoiceField(label=_("Deciding body"))
    written = forms.BooleanField(
        label=_("As a written resolution"),
        help_text=_("Only where the rules of the body admit it; the rule for written resolutions then holds."),
        required=False,
    )
    closes_on = DayField(label=_("Closes on"))
    closes_at = forms.TimeField(
        label=_("at (Japan time)"), initial="17:00", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, data=None, *, bodies: Iterable[tuple[str, str]], members: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["body"].choices = list(bodies)
        listed = [("", "–"), *members]
        for number in range(1, RECUSALS + 1):
            self.fields[f"member_{number}"] = forms.ChoiceField(
                label=_("Takes no part (%(number)s)") % {"number": number}, choices=listed, required=False
            )
            self.fields[f"ground_{number}"] = forms.ChoiceField(
                label=_("Ground"), choices=choices(GROUNDS, empty="–"), required=False
            )
            self.fields[f"reason_{number}"] = forms.CharField(label=_("Reason"), max_length=400, required=False)

    @property
    def plain(self):
        """The fields about the body and the time."""
        return [self[name] for name in ("body", "written", "closes_on", "closes_at")]

    @property
    def recusal_rows(self):
        """The fields of each recusal, a row each."""
        return [
            [self[f"{name}_{number}"] for name in ("member", "ground", "reason")] for number in range(1, RECUSALS + 1)
        ]

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if day <= localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return day

    def clean(self):
        said = super().clean()
        for number in range(1, RECUSALS + 1):
            if said.get(f"member_{number}") and not said.get(f"ground_{number}"):
                self.add_error(f"ground_{number}", _("Name the ground."))
        return said

    def opening(self) -> dict:
        """What the service needs beside the proposal and the body."""
        said = self.cleaned_data
        return {
            "written": said["written"],
            "closes_at": make_aware(datetime.combine(said["closes_on"], said["closes_at"])),
            "recusals": [
                Recusal(said[f"member_{number}"], said[f"ground_{number}"], said[f"reason_{number}"])
                for number in range(1, RECUSALS + 1)
                if said[f"member_{number}"]
            ],
        }


class ElsewhereForm(MinutesForm):
    """A decision that a body took outside this ledger, recorded as such."""

    field_order = ("body", "decided_on", "reference", "carried", "minutes_ja", "minutes_en", "minutes_file")
    body = forms.ChoiceField(label=_("Deciding body"))
    decided_on = DayField(label=_("Decided on"))
    reference = forms.CharField(
        label=_("Meeting or resolution"), max_length=200, help_text=_("Such as the number and date of the meeting.")
    )
    carried = forms.TypedChoiceField(
        label=_("Result"), coerce=lambda value: value == "yes", initial="yes", widget=forms.RadioSelect
    )

    def __init__(self, data=None, files=None, *, bodies: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, files)
        self.fields["body"].choices = list(bodies)
        self.fields["carried"].choices = choices({"yes": Text("可決", "Carried"), "no": Text("否決", "Lost")})
