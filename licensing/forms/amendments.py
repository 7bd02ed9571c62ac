"""An amendment: each variable as it stands, the price list, and wording to bring up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.forms.fields import DayField
from licensing.core.amendments import FIXED
from licensing.core.variables import Schema
from licensing.forms import variables as fields

# The price list sets these together, so they are not typed one by one.
PRICED = frozenset({"terms", "minimum", "schedule"})
# How it is printed, what negotiation chose from a ladder, how an evaluation is credited: no matter of an amendment.
PRINTED = frozenset({"layout", "numbering", "alternatives", "evaluation_credit", "evaluation_rest"})


class AmendmentForm(forms.Form):
    """The fields follow the template's variables; what is left as it stands does not change."""

    effective_from = DayField(
        label=_("Takes effect on"), help_text=_("Not before the end of the last reported period.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both sides can read it once the amendment is offered."),
    )

    def __init__(
        self, *args, schema: Schema, present: Mapping, schedules: Sequence, newer: Sequence, **options
    ) -> None:
        super().__init__(*args, **options)
        self.schema, self.present = schema, present
        self.schedules = {str(row): row for row in schedules}
        language = get_language() or "ja"
        for name, variable in schema.items():
            field = fields.field(variable, present.get(name), language)
            if field is not None and name not in FIXED | PRICED | PRINTED and not variable.part_of:
                self.fields[f"var_{name}"] = field
        self.fields["schedule"] = forms.ChoiceField(
            label=_("Price list"), required=False, choices=[("", _("as it stands")), *((n, n) for n in self.schedules)]
        )
        if newer:
            self.fields["clauses"] = forms.MultipleChoiceField(
                label=_("Clauses to bring to their newest wording"),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(one.id, f"{one.heading.of(language)}（{one.id}@{one.version}）") for one in newer],
            )

    def amendment(self) -> dict:
        """What `services.amendments.draft` needs beside who and when."""
        typed = self.cleaned_data
        changes = {}
        for name, variable in self.schema.items():
            if f"var_{name}" in self.fields:
                value = fields.json(variable, typed[f"var_{name}"], self.present.get(name))
                if value != self.present.get(name):
                    changes[name] = value
        return {
            "changes": changes,
            "effective_from": typed["effective_from"],
            "reason": typed["reason"],
            "schedule": self.schedules.get(typed["schedule"]),
            "clauses": typed.get("clauses", []),
        }
