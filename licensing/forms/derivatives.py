"""Registering a derivative model: what it is made of, what it asks for, and what is passed on with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.money import fraction_text
from contributions.core.words import Text
from contributions.forms.fields import DayField, ShareField, choices
from licensing.core.derivatives import KINDS

PARENTS_SHOWN = 3
_WEIGHT = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?")


class LineageForm(forms.Form):
    """What a model was made from, up to three parents with their weights, and what its owner asks for it."""

    rate = ShareField(
        label=_("Royalty that you ask of models made from it"),
        required=False,
        initial="0",
        help_text=_("A part of their revenue, such as 2 % or 1/50; 0 if none."),
    )

    def __init__(self, *args, models: Mapping[str, str], held: Sequence[Mapping[str, str]] = (), **options) -> None:
        super().__init__(*args, **options)
        listed = [("", "–"), *((number, f"{number} {name}") for number, name in models.items())]
        stated = dict(enumerate(held, 1)) or {1: {"model": "", "weight": "1"}}
        for number in range(1, max(PARENTS_SHOWN, len(held)) + 1):
            edge = stated.get(number, {"model": "", "weight": ""})
            self.fields[f"parent_{number}"] = forms.ChoiceField(
                label=_("Parent model %(number)s") % {"number": number},
                choices=listed,
                required=number == 1,
                initial=edge["model"],
            )
            self.fields[f"weight_{number}"] = forms.CharField(
                label=_("Weight of parent %(number)s") % {"number": number},
                required=number == 1,
                initial=edge["weight"],
                help_text=_("An exact fraction, such as 1 or 1/2; all weights sum to 1."),
                max_length=20,
            )

    def clean(self):
        typed = super().clean()
        self.parents = []
        for number in (int(name.removeprefix("parent_")) for name in self.fields if name.startswith("parent_")):
            model, weight = typed.get(f"parent_{number}"), typed.get(f"weight_{number}") or ""
            weight = unicodedata.normalize("NFKC", weight).replace(" ", "")
            if not model:
                continue
            if not _WEIGHT.fullmatch(weight):
                self.add_error(f"weight_{number}", _("Write a fraction, such as 1 or 1/2."))
                continue
            self.parents.append({"model": model, "weight": weight})
        return typed

    def lineage(self) -> dict:
        """What `services.derivatives.revise` needs beside who and when."""
        rate = self.cleaned_data["rate"]
        return {"rate": fraction_text(rate) if rate is not None else "0", "parents": self.parents}


class DerivativeForm(LineageForm):
    """A model made from what was licensed, and what is passed on with it."""

    name = forms.CharField(label=_("Name of the model"), max_length=120)
    kind = forms.ChoiceField(label=_("How it was made"))
    purpose = forms.CharField(label=_("Use"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    data_category = forms.CharField(label=_("Category of the data used for further training"), max_length=200)
    use_from = DayField(label=_("Used from"))
    field_order = ("name", "kind", "purpose", "data_category", "rate", "use_from")

    def __init__(self, *args, obligations: Mapping[str, Text], **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(KINDS)
        self.obligations = obligations
        for name, text in obligations.items():
            self.fields[f"pass_{name}"] = forms.BooleanField(
                label=_("Passed on: %(article)s") % {"article": text.of(get_language())}, required=False
            )

    def registration(self) -> dict:
        """What `services.derivatives.register` needs beside who and when."""
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in ("name", "kind", "purpose", "data_category", "use_from")},
            **self.lineage(),
            "passed_on": {name: typed[f"pass_{name}"] for name in self.obligations},
        }
