"""What a reviewer decides, what an owner replies, and which reviews the rules ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import datasets, requirements
from contributions.core import reviews as rules
from contributions.core.errors import Refused
from contributions.forms.fields import DayField, EvidenceField, LastDayField, choices

CONDITIONS = 3
"""How many conditions the form has room for; the API takes any number."""

_DETAILS = ("item", "judge", "judged_on", "basis", "records")


class DecideForm(forms.Form):
    """A decision on one review. What is asked beside the outcome depends on the kind of review."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Classification"), required=False)
    channel = forms.ChoiceField(
        label=_("Channel of pseudonymised data"),
        required=False,
        help_text=_("Only where the data is pseudonymised."),
    )
    basis = forms.ChoiceField(
        label=_("Ground for personal data"), required=False, help_text=_("Only where personal data remains.")
    )
    records = forms.CharField(
        label=_("Where the records of provision are kept"),
        required=False,
        max_length=200,
        help_text=_("Only where personal data remains."),
    )
    item = forms.CharField(
        label=_("Item of the list"), required=False, max_length=60, help_text=_("The item judged, such as 9(7).")
    )
    judge = forms.CharField(label=_("Judged by"), required=False, max_length=120)
    judged_on = DayField(label=_("Judged on"), required=False)
    opinion = forms.CharField(
        label=_("Opinion"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The contributor reads it. A refusal needs a reason and how to mend it."),
    )
    evidence = EvidenceField(label=_("Opinion as a file"), help_text=_("At most 32 MB. The log keeps its digest."))
    valid_from = DayField(label=_("First day it holds"))
    valid_until = LastDayField(
        label=_("Last day it holds"), required=False, help_text=_("A pass needs a day on which it ends.")
    )

    def __init__(self, *args, kind: str, **options) -> None:
        super().__init__(*args, **options)
        self.fields["decision"].choices = choices(rules.DECISIONS)
        for number in range(1, CONDITIONS + 1):
            self._add_condition(number)
        spared = {rules.PRIVACY: {"item", "judge", "judged_on"}, rules.EXPORT: {"channel", "basis", "records"}}
        for name in spared.get(kind, {"ground", "channel", *_DETAILS}):
            del self.fields[name]
        if kind == rules.PRIVACY:
            self.fields["ground"].label = _("Standing under the privacy act")
            self.fields["ground"].choices = choices(rules.PRIVACY_OUTCOMES, empty="–")
            self.fields["channel"].choices = choices(rules.PSEUDONYMISED_CHANNELS, empty="–")
            self.fields["basis"].choices = choices(rules.PERSONAL_GROUNDS, empty="–")
        elif kind == rules.EXPORT:
            self.fields["ground"].label = _("Outcome of the classification")
            self.fields["ground"].choices = choices(rules.EXPORT_OUTCOMES, empty="–")

    def _add_condition(self, number: int) -> None:
        help_text = _("A pass holds only while each condition is not yet due or is fulfilled.") if number == 1 else ""
        self.fields[f"condition_{number}"] = forms.CharField(
            label=_("Condition %(n)s") % {"n": number}, required=False, max_length=1000, help_text=help_text
        )
        self.fields[f"due_{number}"] = DayField(label=_("Condition %(n)s is due") % {"n": number}, required=False)

    def ending(self) -> dict:
        """What `services.reviews.decide` needs beside who and when."""
        typed = self.cleaned_data
        details = {name: typed[name] for name in _DETAILS if typed.get(name)}
        if details.get("judged_on"):
            details["judged_on"] = details["judged_on"].isoformat()
        pairs = [(typed[f"condition_{n}"], typed[f"due_{n}"]) for n in range(1, CONDITIONS + 1)]
        return {
            "decision": typed["decision"],
            "opinion": typed["opinion"],
            "valid_from": typed["valid_from"],
            "valid_until": typed["valid_until"],
            "ground": typed.get("ground", ""),
            "channel": typed.get("channel", ""),
            "details": details,
            "conditions": [(words, due) for words, due in pairs if words or due],
            "evidence": typed["evidence"],
        }


class ReplyForm(forms.Form):
    """What the owner answers, to the review as a whole or to one condition."""

    condition = forms.ChoiceField(label=_("Answers"), required=False)
    text = forms.CharField(label=_("Reply"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = EvidenceField(label=_("Evidence"))

    def __init__(self, *args, conditions, **options) -> None:
        super().__init__(*args, **options)
        self.conditions = {row.key: row for row in conditions}
        listed = [(key, _("Condition %(n)s") % {"n": row.number}) for key, row in self.conditions.items()]
        self.fields["condition"].choices = [("", _("The review as a whole")), *listed]

    def answer(self) -> dict:
        """What `services.reviews.reply` needs beside who and when."""
        typed = self.cleaned_data
        return {
            "text": typed["text"],
            "evidence": typed["evidence"],
            "condition": self.conditions.get(typed["condition"]),
        }


class FulfilForm(forms.Form):
    """From which day on a condition is fulfilled."""

    on = DayField(label=_("Fulfilled on"))


class AssignForm(forms.Form):
    """Which review body takes a review."""

    body = forms.ChoiceField(label=_("Review body"))

    def __init__(self, *args, bodies, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.fields["body"].choices = [(row.code, row.name_ja if ja else row.name_en) for row in bodies]


class RequirementForm(forms.Form):
    """The table of required reviews: for each kind of data and review the number of opinions; empty is not required."""

    valid_from = DayField(label=_("In force from"))
    source_ja = forms.CharField(label=_("Source in Japanese"), max_length=200)
    source_en = forms.CharField(label=_("Source in English"), max_length=200)

    def __init__(self, *args, lines, **options) -> None:
        super().__init__(*args, **options)
        self.kinds = list(datasets.KINDS)
        for kind in self.kinds:
            for review in rules.REVIEWS:
                self.fields[f"{kind}-{review}"] = forms.IntegerField(
                    label=f"{datasets.KINDS[kind].of(get_language())} / {rules.REVIEWS[review].of(get_language())}",
                    required=False,
                    min_value=0,
                    max_value=requirements.QUOTA_MAX,
                    initial=lines.get(kind, dict.fromkeys(rules.REVIEWS, 1)).get(review, 0),
                )

    @property
    def head(self):
        """The fields that stand above the table."""
        return [self[name] for name in ("valid_from", "source_ja", "source_en")]

    @property
    def rows(self):
        """The table as it is printed: a kind, and its fields in the order of the reviews."""
        return [(kind, [self[f"{kind}-{review}"] for review in rules.REVIEWS]) for kind in self.kinds]

    def clean(self):
        typed = super().clean()
        lines = {
            kind: {review: typed[f"{kind}-{review}"] for review in rules.REVIEWS if typed.get(f"{kind}-{review}")}
            for kind in self.kinds
        }
        try:
            self.lines = requirements.check(lines)
        except Refused as refusal:
            raise forms.ValidationError(refusal.text(get_language())) from None
        return typed
