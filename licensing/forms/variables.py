"""Fields for the variables of an agreement, by kind, and what was typed as the JSON that agreement.json holds."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.money import fraction, fraction_text
from contributions.forms.fields import DayField, ShareField, YenField, choices
from licensing.core.decimals import percent
from licensing.core.variables import REGIONS, Variable


def field(variable: Variable, value, language: str) -> forms.Field | None:
    """The field of a variable, filled with its present value; none where its kind is not typed in one field."""
    common = {"label": variable.label.of(language), "required": variable.required and variable.kind != "flag"}
    match variable.kind:
        case "count":
            return forms.IntegerField(min_value=variable.least, max_value=1_000_000, initial=value, **common)
        case "money":
            return YenField(initial=value, **common)
        case "rate":
            return ShareField(initial=_share(value), **common)
        case "flag":
            return forms.BooleanField(initial=value, **common)
        case "choice":
            return forms.ChoiceField(choices=choices(variable.choices, empty="–"), initial=value, **common)
        case "choices" | "regions":
            known = variable.choices if variable.kind == "choices" else REGIONS
            return forms.MultipleChoiceField(
                choices=choices(known),
                initial=value,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "places"}),
                **common,
            )
        case "date":
            return DayField(initial=value, **common)
        case "period":
            until = date.fromisoformat(value["until"]) - timedelta(days=1)
            common["label"] = _("Last day of the term")
            return DayField(initial=until.isoformat(), **common)
    return None


def json(variable: Variable, typed, present):
    """What was typed as the variable's JSON; left empty, an optional one is taken out and any other stays."""
    if typed in (None, "", []):
        return present if variable.required else None
    match variable.kind:
        case "choices" | "regions":
            return present if set(typed) == set(present or ()) else typed
        case "money":
            return str(typed)
        case "rate":
            same = present is not None and fraction(present) == typed
            return present if same else fraction_text(typed)
        case "date":
            return typed.isoformat()
        case "period":
            return {"from": present["from"], "until": (typed + timedelta(days=1)).isoformat()}
    return typed


def _share(value: str | None) -> str | None:
    """A rate as people write it: 14.6 %, or a fraction where per cent would not end."""
    if value is None:
        return None
    written = percent(fraction(value))
    return fraction_text(fraction(value)) if "/" in written else written
