"""What a member states when it records cash, people or background IP."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import resources as rules
from contributions.forms.fields import DayField, HoursField, YenField, choices


class ResourceForm(forms.Form):
    """One contribution. Which of amount and hours is asked depends on its kind."""

    kind = forms.ChoiceField(label=_("Kind of contribution"))
    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    amount = YenField(
        label=_("Amount in yen"), required=False, help_text=_("For cash, and the appraised value of background IP.")
    )
    hours = HoursField(label=_("Hours worked"), required=False, help_text=_("For people, such as 152.75."))
    nature = forms.ChoiceField(
        label=_("Nature of the cash"), required=False, help_text=_("Equity counts in the stakes only.")
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False, help_text=_("For people."))
    period_from = DayField(label=_("From"))
    period_until = DayField(label=_("Until, not including"), required=False)
    agreement = forms.ChoiceField(label=_("Inbound agreement"), required=False)
    funding = forms.ChoiceField(label=_("Funding source"), required=False)

    def __init__(self, *args, agreements, sources, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.fields["kind"].choices = choices(rules.KINDS)
        self.fields["nature"].choices = choices(rules.NATURES, empty="–")
        self.fields["grade"].choices = choices(rules.GRADES, empty="–")
        self.fields["agreement"].choices = [("", "–"), *((row.number, row.number) for row in agreements)]
        self.fields["funding"].choices = [
            ("", _("Own money")),
            *((row.code, row.name_ja if ja else row.name_en) for row in sources if row.mode != "own"),
        ]
        self.agreements = {row.number: row for row in agreements}
        self.sources = {row.code: row for row in sources}

    def clean(self):
        typed = super().clean()
        wanted = "hours" if typed.get("kind") == rules.PEOPLE else "amount"
        if not self.errors.get(wanted) and typed.get(wanted) is None:
            self.add_error(wanted, _("This is needed for the kind you chose."))
        if typed.get("kind") == rules.CASH and not typed.get("nature"):
            self.add_error("nature", _("State what the cash is."))
        if typed.get("kind") == rules.PEOPLE and not typed.get("grade"):
            self.add_error("grade", _("State the grade."))
        start, until = typed.get("period_from"), typed.get("period_until")
        if start and until and until <= start:
            self.add_error("period_until", _("The end must be later than the beginning."))
        return typed

    def named(self) -> dict:
        """What `services.resources.record` needs beside the member, who and when."""
        typed = self.cleaned_data
        kind = typed["kind"]
        return {
            "kind": kind,
            "title_ja": typed["title_ja"],
            "title_en": typed["title_en"] or typed["title_ja"],
            "quantity": typed["hours"] if kind == rules.PEOPLE else typed["amount"],
            "nature": typed["nature"] if kind == rules.CASH else "",
            "grade": typed["grade"] if kind == rules.PEOPLE else "",
            "period_from": typed["period_from"],
            "period_until": typed["period_until"],
            "agreement": self.agreements.get(typed["agreement"]),
            "funding": self.sources.get(typed["funding"]),
        }
