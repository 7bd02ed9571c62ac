"""What is asked before a licence is suspended, ended, or not renewed, and before prices of a renewal are announced."""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.periods import last_day
from contributions.core.roles import LICENSEE
from contributions.forms.fields import DayField, EvidenceField, choices
from licensing.core.renewals import NEGOTIABLE
from licensing.core.terminations import open_to
from licensing.forms import variables
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
    paper = EvidenceField(
        label=_("Paper that both parties signed"),
        help_text=_("Where both parties end it by agreement. Both of them find it at the entry."),
    )
    field_order = ["ground", "ends_on", "demanded_on", "paper", "reason"]

    def __init__(self, *args, party: str, used: Collection[str], **options) -> None:
        super().__init__(*args, **options)
        if party == LICENSEE:
            del self.fields["paper"]
            said = _("To end it by agreement, both parties sign a paper, which the licensor records.")
            self.fields["ground"].help_text = said
        grounds = {code: ground.label for code, ground in open_to(party, used).items()}
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
    """Until when the term is to run on, at which prices, and on which other conditions.

    `proposed` is what a counter-proposal answers: its terms stand in the fields to begin with.
    """

    last = DayField(label=_("Last day of the renewed term"))
    schedule = forms.ChoiceField(label=_("Price list of the next term"), required=False)

    def __init__(self, *args, schedules, schema, present, proposed=None, **options) -> None:
        super().__init__(*args, **options)
        self.rows = {str(row): row for row in schedules}
        self.fields["schedule"].choices = [("", _("as it stands")), *((name, name) for name in self.rows)]
        self.schema, self.present = schema, present
        if proposed is not None:
            self.fields["last"].initial = last_day(proposed.until).isoformat()
            self.fields["schedule"].initial = str(proposed.schedule) if proposed.schedule else ""
        stated = present | (proposed.changes if proposed is not None else {})
        for name in (one for one in NEGOTIABLE if one in schema):
            field = variables.field(schema[name], stated.get(name), get_language() or "ja")
            if field is not None:
                self.fields[f"var_{name}"] = field
        self.order_fields(["last", "schedule", *(name for name in self.fields if name.startswith("var_")), "reason"])

    def clean_schedule(self):
        """The price list that was chosen, or none where prices stay."""
        return self.rows.get(self.cleaned_data["schedule"])

    def clean(self) -> dict:
        """What else is to change, as the agreement's variables hold it."""
        typed = super().clean() or {}
        stated = {
            name: variables.json(self.schema[name], typed.get(f"var_{name}"), self.present.get(name))
            for name in NEGOTIABLE
            if f"var_{name}" in self.fields
        }
        return typed | {"changes": {name: v for name, v in stated.items() if v != self.present.get(name)}}
