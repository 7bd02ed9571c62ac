"""Drafting an agreement: first what it is made of, then its variables, each with what is usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Refused
from contributions.forms.fields import DayField, choices
from licensing.core import clauses, particulars
from licensing.core.drafts import STEPPING, UNTYPED
from licensing.core.regions import REGIONS
from licensing.core.variables import Schema, Variable, VariableRefused
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
    """The term and every variable that is typed; words that are printed are asked for in both languages.

    Destinations are ticked field by field, and of each clause with a ladder the wording that stands is chosen.
    """

    term_from = DayField(label=_("First day of the term"))
    term_last = DayField(label=_("Last day of the term"))

    def __init__(
        self,
        *args,
        schema: Schema,
        usual: Mapping,
        ladders: Mapping[str, Sequence] | None = None,
        stepping: bool = False,
        **options,
    ) -> None:
        super().__init__(*args, **options)
        settled = UNTYPED if stepping else UNTYPED | STEPPING
        self.schema, self.usual, self.ladders = schema, usual, ladders or {}
        language = get_language() or "ja"
        typed = [name for name, variable in schema.items() if name not in settled and not variable.part_of]
        for name in sorted(typed, key=lambda one: one in PRINTED):
            self._ask(schema[name], usual.get(name), language)

    def _ask(self, variable: Variable, value, language: str) -> None:
        match variable.kind:
            case "words" | "text":
                self._words(variable.name, language)
            case "destinations":
                self._destinations(variable, language)
            case "alternatives":
                self._alternatives(variable, language)
            case _ if (field := fields.field(variable, value, language)) is not None:
                self.fields[f"var_{variable.name}"] = field

    def clean(self) -> dict:
        """The last day comes after the first."""
        typed = super().clean() or {}
        first, last = typed.get("term_from"), typed.get("term_last")
        if first and last and last < first:
            self.add_error("term_last", _("The last day lies before the first day."))
        if typed.get("var_on_board") and "destinations" in self.schema:
            self._check_destinations()
        return typed

    def _check_destinations(self) -> None:
        lacking, stray = particulars.destinations_amiss(
            self.cleaned_data.get("var_fields") or (), self._typed_destinations()
        )
        for names, said in (
            (lacking, _("State where products of this field may go.")),
            (stray, _("This field is not licensed: take its destinations out, or license it.")),
        ):
            for name in names:
                self.add_error(f"var_destinations_{name}", said)

    def refuse(self, refusal: Refused) -> None:
        """Say each fault at the field it is about, and whatever has none at the top."""
        language = get_language()
        for fault in getattr(refusal, "facts", {}).get("faults", (refusal,)):
            name = f"var_{fault.facts.get('variable')}" if isinstance(fault, VariableRefused) else ""
            at = next((one for one in self.fields if name and (one == name or one.startswith(f"{name}_"))), None)
            self.add_error(at, str(fault.facts["reason"].of(language)) if at else fault.text(language))

    def term(self) -> tuple:
        """The half-open term."""
        return self.cleaned_data["term_from"], self.cleaned_data["term_last"] + timedelta(days=1)

    def variables(self) -> dict:
        """What was typed, as agreement.json holds it."""
        found: dict[str, object] = {}
        for name, variable in self.schema.items():
            if variable.kind == "destinations":
                found[name] = self._typed_destinations() if self.cleaned_data.get("var_on_board", True) else None
            elif variable.kind == "alternatives":
                placed = {base: self.cleaned_data[f"var_{name}_{base}"] for base in self.ladders}
                found[name] = {base: chosen for base, chosen in placed.items() if chosen} or None
            elif f"var_{name}" in self.fields:
                found[name] = fields.json(variable, self.cleaned_data[f"var_{name}"], None)
            elif f"var_{name}_ja" in self.fields:
                pair = {side: self.cleaned_data[f"var_{name}_{side}"] for side in ("ja", "en")}
                found[name] = pair if all(pair.values()) else None
        return found

    def _typed_destinations(self) -> dict[str, list[str]]:
        return {
            code: typed
            for code in self.schema["destinations"].choices
            if (typed := self.cleaned_data.get(f"var_destinations_{code}"))
        }

    def _destinations(self, variable: Variable, language: str) -> None:
        """The places of inference are proposed for each field that is proposed; they count once the box is ticked."""
        for code, field in variable.choices.items():
            proposed = self.usual.get("regions") if code in (self.usual.get("fields") or ()) else None
            self.fields[f"var_{variable.name}_{code}"] = forms.MultipleChoiceField(
                label=_joined(variable.label.of(language), field.of(language), language),
                help_text=_("Counts only where products are exported with the model on board."),
                choices=choices(REGIONS),
                initial=proposed,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "places"}),
                required=False,
            )

    def _alternatives(self, variable: Variable, language: str) -> None:
        for base, rungs in self.ladders.items():
            self.fields[f"var_{variable.name}_{base}"] = forms.ChoiceField(
                label=_joined(variable.label.of(language), rungs[0].document["heading"][language], language),
                choices=[(one.clause.code if one.clause.base else "", _rung(one, language)) for one in rungs],
                initial="",
                widget=forms.RadioSelect,
                required=False,
            )

    def _words(self, name: str, language: str) -> None:
        variable, value = self.schema[name], self.usual.get(name)
        if variable.kind == "text":
            self.fields[f"var_{name}"] = forms.CharField(
                label=variable.label.of(language), max_length=200, initial=value, required=variable.required
            )
            return
        for side, tongue in (("ja", _("in Japanese")), ("en", _("in English"))):
            label = _joined(variable.label.of(language), tongue, language)
            initial = value[side] if isinstance(value, Mapping) else None
            self.fields[f"var_{name}_{side}"] = forms.CharField(
                label=label, max_length=200, initial=initial, required=variable.required
            )


def listed(rows: Sequence, code, label) -> dict[str, tuple[object, str]]:
    """Rows to choose from, by the code that the address carries."""
    return {str(code(row)): (row, str(label(row))) for row in rows}


def _joined(label: str, part: object, language: str) -> str:
    return f"{label}（{part}）" if language == "ja" else f"{label}, {part}"


def _rung(row, language: str) -> str:
    """What a wording of a ladder is worth, and why it is there."""
    rank, why = clauses.RANKS[row.rank].of(language), row.rationale_ja if language == "ja" else row.rationale_en
    return f"{rank}：{why}" if language == "ja" and why else f"{rank}: {why}" if why else rank
