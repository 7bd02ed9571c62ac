"""Casting a vote, and closing a ballot with its minutes."""

from __future__ import annotations

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core.ballots import CHOICES

BODIES = {
    "committee": Text("運営委員会", "Steering committee"),
    "board": Text("取締役会", "Board of directors"),
    "shareholders": Text("株主総会", "Shareholders’ meeting"),
    "assembly": Text("総会", "General assembly"),
}
DISSENT_MAX = 4000
MINUTES_MAX = 20_000


class VoteForm(forms.Form):
    """For, against or abstain, with the reason of a dissent."""

    choice = forms.ChoiceField(label=_("Your vote"), widget=forms.RadioSelect)
    dissent = forms.CharField(
        label=_("Reason, if you dissent"),
        help_text=_("It is kept with the vote and shown to the members."),
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


class CloseForm(forms.Form):
    """The minutes of the deciding body, in both languages."""

    minutes_ja = forms.CharField(
        label=_("Minutes in Japanese"), widget=forms.Textarea(attrs={"rows": 5}), max_length=MINUTES_MAX
    )
    minutes_en = forms.CharField(
        label=_("Minutes in English"), widget=forms.Textarea(attrs={"rows": 5}), max_length=MINUTES_MAX
    )


class OpeningForm(forms.Form):
    """Which body decides, by what majority, until when."""

    body = forms.ChoiceField(label=_("Deciding body"))
    quorum = forms.CharField(
        label=_("Quorum"), help_text=_("The part of all votes that must be cast, such as 1/2."), initial="1/2"
    )
    threshold = forms.CharField(
        label=_("Majority"), help_text=_("The part of votes for and against that must be for."), initial="2/3"
    )
    closes_on = forms.DateField(
        label=_("Closes on"), help_text=_("At 17:00 in Japan."), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data=None) -> None:
        super().__init__(data)
        language = get_language() or "ja"
        self.fields["body"].choices = [(code, said.of(language)) for code, said in BODIES.items()]

    def clean_body(self) -> Text:
        return BODIES[self.cleaned_data["body"]]

    def clean_quorum(self) -> str:
        return self._part("quorum")

    def clean_threshold(self) -> str:
        return self._part("threshold")

    def clean_closes_on(self):
        day = self.cleaned_data["closes_on"]
        if day <= localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        return day

    def _part(self, field: str) -> str:
        """A fraction above zero and not above one, as it was written."""
        try:
            part = fraction(self.cleaned_data[field].strip())
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None
        if not 0 < part <= 1:
            raise forms.ValidationError(_("It must be above 0 and not above 1."))
        return self.cleaned_data[field].strip()
