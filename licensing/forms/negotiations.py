"""What is typed in a negotiation: wordings, figures, prices, comments, answers, and a counterpart's file."""

from __future__ import annotations

from fractions import Fraction

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.core.money import fraction_text
from licensing.forms.figures import RateField, plain

_WORDS = {"rows": 12, "class": "deed", "spellcheck": "false"}


class Drafting(forms.Form):
    """What every draft carries: the reason, and the edition that the person had before their eyes."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads it with the proposal."),
    )
    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)


class WordingForm(Drafting):
    """A clause in both languages: one line for each paragraph and item."""

    ja = forms.CharField(label=_("Japanese wording"), widget=forms.Textarea(attrs=_WORDS | {"lang": "ja"}))
    en = forms.CharField(
        label=_("English wording"), required=False, widget=forms.Textarea(attrs=_WORDS | {"lang": "en"})
    )
    field_order = ("ja", "en", "reason", "edition")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["ja"].help_text = _("One line for each paragraph; items begin with their number in brackets.")
        self.fields["en"].help_text = _("May follow later, but nothing is accepted before both languages agree.")


class SpecialForm(WordingForm):
    """A clause that the library does not have."""

    heading_ja = forms.CharField(label=_("Japanese heading"), max_length=60)
    heading_en = forms.CharField(label=_("English heading"), max_length=100)
    after = forms.ChoiceField(label=_("It stands after"))
    field_order = ("heading_ja", "heading_en", "after", "ja", "en", "reason", "edition")

    def __init__(self, *args, clauses, **options) -> None:
        super().__init__(*args, **options)
        self.fields["after"].choices = clauses


class FigureForm(Drafting):
    """Another value of a figure: a whole number, or a rate."""

    value = forms.CharField(label=_("New value"), max_length=40)
    field_order = ("value", "reason", "edition")

    def __init__(self, *args, kind: str, label: str, **options) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        widget = forms.TextInput(attrs={"class": "num", "inputmode": "decimal", "autocomplete": "off"})
        if kind == "rate":
            self.fields["value"] = RateField(label=label, help_text=_("Such as 14.6% or 73/500."))
        else:
            self.fields["value"] = forms.CharField(label=label, max_length=40, widget=widget)

    def clean_value(self) -> object:
        value = self.cleaned_data["value"]
        if self.kind == "rate":
            return value
        typed = plain(str(value))
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 12):
            raise forms.ValidationError(_("Write a whole number."), code="invalid")
        return int(typed) if self.kind == "count" else typed


class PriceForm(Drafting):
    """Prices tier by tier, and the minimum fee; the bounds of the tiers stay the schedule's."""

    def __init__(self, *args, terms: dict, tiers: list[str], percentage: bool, **options) -> None:
        super().__init__(*args, **options)
        self.terms, self.percentage = terms, percentage
        names = [f"price_{at}" for at in range(len(tiers))]
        for name, label in zip(names, tiers, strict=True):
            self.fields[name] = _price_field(label, percentage)
        self.fields["minimum"] = _price_field(_("Minimum fee for each licence year (yen)"), False)
        self.order_fields([*names, "minimum", "reason", "edition"])

    def clean(self) -> dict:
        found = super().clean()
        if not self.errors:
            tiers = [row | {"price": found[f"price_{at}"]} for at, row in enumerate(self.terms["tiers"])]
            found["terms"] = self.terms | {"tiers": tiers, "minimum": found["minimum"]}
        return found


class PriceField(forms.CharField):
    """A price in yen with decimals, kept as the text that the rating engine reads."""

    def clean(self, value: object) -> str:
        typed = plain(super().clean(value))
        whole, _dot, decimals = typed.partition(".")
        if not (typed.isascii() and whole.isdigit() and len(whole) <= 15 and (not decimals or decimals.isdigit())):
            raise forms.ValidationError(_("Write an amount of yen, such as 12,000 or 0.5."), code="invalid")
        return typed


class CommentForm(forms.Form):
    """A remark on a clause."""

    clause = forms.SlugField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    internal = forms.BooleanField(label=_("A note of the secretariat’s own"), required=False)

    def __init__(self, *args, inside: bool, **options) -> None:
        super().__init__(*args, **options)
        if not inside:
            del self.fields["internal"]


class WhyForm(forms.Form):
    """Why, for the other side to read."""

    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptForm(forms.Form):
    """The licensor's acceptance: why the deviation may stand, for its own file, and a word to the other side."""

    reason = forms.CharField(
        label=_("Why the deviation may stand"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the secretariat’s file and the approval; the licensee does not see it."),
    )
    answer = forms.CharField(
        label=_("Answer to the licensee"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    """The licensee's acceptance."""

    answer = forms.CharField(
        label=_("Answer to the licensor"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ImportForm(forms.Form):
    """A word-processor file that the other side has edited."""

    file = forms.FileField(label=_("Edited file (DOCX)"), widget=forms.FileInput(attrs={"accept": ".docx"}))


def shown_rate(value: object) -> str:
    """A stored rate as a person would type it."""
    rate = Fraction(str(value)) * 100
    return f"{rate.numerator}%" if rate.denominator == 1 else fraction_text(rate / 100)


def _price_field(label: object, percentage: bool) -> forms.Field:
    if percentage:
        return RateField(label=label)
    widget = forms.TextInput(attrs={"class": "num", "inputmode": "decimal", "autocomplete": "off"})
    return PriceField(label=label, max_length=30, widget=widget)
