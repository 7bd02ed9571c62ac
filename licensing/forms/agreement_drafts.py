"""Drafting an agreement: first what it is made of, then its variables, each with what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.forms.fields import DayField
from licensing.core.drafts import NEGOTIATED, SETTLED
from licensing.core.variables import Schema
from licensing.forms import variables as fields

PRINTED = ("layout", "numbering")


class ChoiceForm(forms.Form):
    """What the agreement is made of."""

    licensee = forms.ChoiceField(label=_("Licensee"))
    template = forms.ChoiceField(label=_("Agreement template"))
    schedule = forms.ChoiceField(label=_("Price list"))
    release = forms.ChoiceField(label=_("Model release"))

    def __init__(self, *args, rows: Mapping[str, Mapping[str, tuple[object, str]]], **options) -> None:
        super().__init__(*args, **options)
        self.rows = rows
        for name, known in rows.items():
            self.fields[name].choices = [("", "–"), *((code, label) for code, (_row, label) in known.items())]

    def chosen(self) -> dict[str, object]:
        """The rows that were chosen."""
        return {name: known[self.cleaned_data[name]][0] for name, known in self.rows.items()}


class AgreementDraftForm(forms.Form):
    """The term and every variable that is typed; words that are printed are asked for in both languages."""

    term_from = DayField(label=_("First day of the term"))
    term_last = DayField(label=_("Last day of the term"))

    def __init__(self, *args, schema: Schema, usual: Mapping, **options) -> None:
        super().__init__(*args, **options)
        self.schema, self.usual = schema, usual
        language = get_language() or "ja"
        names = sorted((name for name in schema if name not in SETTLED | NEGOTIATED), key=lambda one: one in PRINTED)
        for name in names:
            variable = schema[name]
            if variable.kind in ("words", "text"):
                self._words(name, language)
            elif (field := fields.field(variable, usual.get(name), language)) is not None:
                self.fields[f"var_{name}"] = field

    def clean(self) -> dict:
        """The last day comes after the first."""
        typed = super().clean() or {}
        first, last = typed.get("term_from"), typed.get("term_last")
        if first and last and last < first:
            self.add_error("term_last", _("The last day lies before the first day."))
        return typed

    def term(self) -> tuple:
        """The half-open term."""
        return self.cleaned_data["term_from"], self.cleaned_data["term_last"] + timedelta(days=1)

    def variables(self) -> dict:
        """What was typed, as agreement.json holds it."""
        found: dict[str, object] = {}
        for name, variable in self.schema.items():
            if f"var_{name}" in self.fields:
                found[name] = fields.json(variable, self.cleaned_data[f"var_{name}"], None)
            elif f"var_{name}_ja" in self.fields:
                pair = {side: self.cleaned_data[f"var_{name}_{side}"] for side in ("ja", "en")}
                found[name] = pair if all(pair.values()) else None
        return found

    def _words(self, name: str, language: str) -> None:
        variable, value = self.schema[name], self.usual.get(name)
        if variable.kind == "text":
            self.fields[f"var_{name}"] = forms.CharField(
                label=variable.label.of(language), max_length=200, initial=value, required=variable.required
            )
            return
        for side, tongue in (("ja", _("in Japanese")), ("en", _("in English"))):
            label = (
                f"{variable.label.of(language)}（{tongue}）" if language == "ja" else f"{variable.label.en}, {tongue}"
            )
            initial = value[side] if isinstance(value, Mapping) else None
            self.fields[f"var_{name}_{side}"] = forms.CharField(
                label=label, max_length=200, initial=initial, required=variable.required
            )


def listed(rows: Sequence, code, label) -> dict[str, tuple[object, str]]:
    """Rows to choose from, by the code that the address carries."""
    return {str(code(row)): (row, str(label(row))) for row in rows}
