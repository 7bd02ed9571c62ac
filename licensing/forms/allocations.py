"""Running an allocation: by which adopted policy, for which release and period, as known at which checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.figures import DayField

Choices = Iterable[tuple[str, str]]
SEAL_NOW = "now"


class RunForm(forms.Form):
    """The four things an allocation is made from; nothing else enters it."""

    policy = forms.ChoiceField(label=_("Adopted policy"))
    release = forms.ChoiceField(label=_("Release"))
    window_from = DayField(label=_("Period from"))
    window_to = DayField(label=_("Period to (last day)"), help_text=_("The period must have ended."))
    checkpoint = forms.ChoiceField(
        label=_("As known at"), help_text=_("Only what the log held at this checkpoint is counted.")
    )

    def __init__(self, data=None, *, policies: Choices, releases: Choices, checkpoints: Choices, on: date, initial):
        super().__init__(data, initial=initial)
        self.on = on
        self.fields["policy"].choices = list(policies)
        self.fields["release"].choices = list(releases)
        self.fields["checkpoint"].choices = [(SEAL_NOW, _("now: seal a new checkpoint first")), *checkpoints]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        first, last = cleaned.get("window_from"), cleaned.get("window_to")
        if first and last and last < first:
            self.add_error("window_to", _("This day must not lie before “%(label)s”.") % {"label": _("Period from")})
        if last and last >= self.on:
            self.add_error("window_to", _("This period has not ended yet. Choose a last day before today."))
        return cleaned
