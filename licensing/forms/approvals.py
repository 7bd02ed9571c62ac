"""What is typed in an approval (稟議): an opinion, an approval, where it is sent back to, and who stands in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.forms.figures import DayField, LastDayField, YenField


class OpinionForm(forms.Form):
    """A consultation's opinion."""

    favourable = forms.TypedChoiceField(
        label=_("Opinion"),
        choices=[("yes", _("No objection")), ("no", _("Objection"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("In words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """A word with an approval."""

    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class GroundsForm(forms.Form):
    """Grounds that the file keeps."""

    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class SendBackForm(GroundsForm):
    """Where to, and why."""

    to = forms.ChoiceField(label=_("Send back to"))
    field_order = ("to", "reason")

    def __init__(self, *args, targets, **options) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = targets


class ApplyForm(GroundsForm):
    """What an agreement is expected to bring in a year, and why it should be approved."""

    amount = YenField(
        label=_("Expected fee in a year (yen)"),
        required=False,
        help_text=_("Left empty, it is reckoned from the sample quantity of the schedule and the minimum fee."),
    )
    field_order = ("amount", "reason")


class DeputyForm(forms.Form):
    """Who acts for me, and when."""

    deputy = forms.ChoiceField(label=_("Deputy"))
    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, people, **options) -> None:
        super().__init__(*args, **options)
        self.fields["deputy"].choices = people
