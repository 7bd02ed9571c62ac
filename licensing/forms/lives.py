"""What is asked before a licence is suspended, ended, or not renewed, and before prices of a renewal are announced."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.fields import DayField, choices
from licensing.core.terminations import GROUNDS
from licensing.forms.agreements import ReasonForm


class SaidForm(ReasonForm):
    """A reason that both sides read."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("Both sides read it on this page.")


class OptionalReasonForm(SaidForm):
    """The same, where no reason need be given."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = False


class TerminationForm(SaidForm):
    """On which ground, from when."""

    ground = forms.ChoiceField(label=_("Ground"))
    ends_on = DayField(
        label=_("First day on which it no longer runs"), required=False, help_text=_("Left open: at once.")
    )
    demanded_on = DayField(
        label=_("Day on which the demand arrived"),
        required=False,
        help_text=_("For a breach that was not remedied: the written demand comes first."),
    )
    field_order = ["ground", "ends_on", "demanded_on", "reason"]

    def __init__(self, *args, party: str, **options) -> None:
        super().__init__(*args, **options)
        grounds = {code: ground.label for code, ground in GROUNDS.items() if party in ground.parties}
        self.fields["ground"].choices = choices(grounds)


class AnnouncementForm(forms.Form):
    """Which price list the next term is to have."""

    schedule = forms.ChoiceField(label=_("Price list of the next term"))

    def __init__(self, *args, schedules, **options) -> None:
        super().__init__(*args, **options)
        self.rows = {str(row): row for row in schedules}
        self.fields["schedule"].choices = [(name, name) for name in self.rows]

    def clean_schedule(self):
        return self.rows[self.cleaned_data["schedule"]]


class ProposalForm(SaidForm):
    """Until when the term is to run on, and at which prices."""

    last = DayField(label=_("Last day of the renewed term"))
    schedule = forms.ChoiceField(label=_("Price list of the next term"), required=False)
    field_order = ["last", "schedule", "reason"]

    def __init__(self, *args, schedules, **options) -> None:
        super().__init__(*args, **options)
        self.rows = {str(row): row for row in schedules}
        self.fields["schedule"].choices = [("", _("as it stands")), *((name, name) for name in self.rows)]

    def clean_schedule(self):
        """The price list that was chosen, or none where prices stay."""
        return self.rows.get(self.cleaned_data["schedule"])
