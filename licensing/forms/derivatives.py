"""Registering a derivative model: what it is made of, what it asks for, and what is passed on with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.money import fraction_text
from contributions.core.words import Text
from contributions.forms.fields import DayField, ShareField, choices
from licensing.core.derivatives import KINDS

PARENTS_SHOWN = 3
_WEIGHT = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?")


class DerivativeForm(forms.Form):
    """A model made from what was licensed; up to three parents with their weights."""

    name = forms.CharField(label=_("Name of the model"), max_length=120)
    kind = forms.ChoiceField(label=_("How it was made"))
    purpose = forms.CharField(label=_("Use"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    data_category = forms.CharField(label=_("Category of the data used for further training"), max_length=200)
    rate = ShareField(
        label=_("Royalty that you ask of models made from it"),
        required=False,
        initial="0",
        help_text=_("A part of their revenue, such as 2 % or 1/50; 0 if none."),
    )
    use_from = DayField(label=_("Used from"))

    def __init__(self, *args, models: Mapping[str, str], obligations: Mapping[str, Text], **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(KINDS)
        listed = [("", "–"), *((number, f"{number} {name}") for number, name in models.items())]
        for number in range(1, PARENTS_SHOWN + 1):
            self.fields[f"parent_{number}"] = forms.ChoiceField(
                label=_("Parent model %(number)s") % {"number": number}, choices=listed, required=number == 1
            )
            self.fields[f"weight_{number}"] = forms.CharField(
                label=_("Weight of parent %(number)s") % {"number": number},
                required=number == 1,
                initial="1" if number == 1 else "",
                help_text=_("An exact fraction, such as 1 or 1/2; all weights sum to 1."),
                max_length=20,
            )
        self.obligations = obligations
        for name, text in obligations.items():
            self.fields[f"pass_{name}"] = forms.BooleanField(
                label=_("Passed on: %(article)s") % {"article": text.of(get_language())}, required=False
            )

    def clean(self):
        typed = super().clean()
        self.parents = []
        for number in range(1, PARENTS_SHOWN + 1):
            model, weight = typed.get(f"parent_{number}"), typed.get(f"weight_{number}") or ""
            weight = unicodedata.normalize("NFKC", weight).replace(" ", "")
            if not model:
                continue
            if not _WEIGHT.fullmatch(weight):
                self.add_error(f"weight_{number}", _("Write a fraction, such as 1 or 1/2."))
                continue
            self.parents.append({"model": model, "weight": weight})
        return typed

    def registration(self) -> dict:
        """What `services.derivatives.register` needs beside who and when."""
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in ("name", "kind", "purpose", "data_category", "use_from")},
            "rate": fraction_text(typed["rate"]) if typed["rate"] is not None else "0",
            "parents": self.parents,
            "passed_on": {name: typed[f"pass_{name}"] for name in self.obligations},
        }
