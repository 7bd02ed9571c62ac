"""What a reviewer decides: the outcome, the reason, and how long a pass holds."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core import reviews as rules
from contributions.forms.fields import DayField, choices


class DecideForm(forms.Form):
    """A decision on one review. What is asked beside the outcome depends on the kind of review."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    ground = forms.CharField(label=_("Classification"), required=False, max_length=40)
    channel = forms.ChoiceField(label=_("Channel of pseudonymised data"), required=False)
    opinion = forms.CharField(
        label=_("Opinion"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The contributor reads it. A refusal needs a reason and how to mend it."),
    )
    valid_from = DayField(label=_("First day it holds"))
    valid_until = DayField(
        label=_("Last day it holds, not included"), required=False, help_text=_("A pass needs a day on which it ends.")
    )

    def __init__(self, *args, kind: str, **options) -> None:
        super().__init__(*args, **options)
        self.fields["decision"].choices = choices(rules.DECISIONS)
        if kind == rules.PRIVACY:
            self.fields["ground"] = forms.ChoiceField(
                label=_("Standing under the privacy act"),
                required=False,
                choices=choices(rules.PRIVACY_OUTCOMES, empty="–"),
            )
            self.fields["channel"].choices = choices(rules.PSEUDONYMISED_CHANNELS, empty="–")
            self.fields["channel"].help_text = _("Only where the data is pseudonymised.")
        else:
            del self.fields["channel"]
        if kind == rules.EXPORT:
            self.fields["ground"].help_text = _("Item of the list, who classified it and when.")
        elif kind != rules.PRIVACY:
            del self.fields["ground"]
        self.order_fields(["decision", "ground", "channel", "opinion", "valid_from", "valid_until"])
