"""Adopting the next version of a table of factors."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core import ratecards as rules
from contributions.core.errors import Refused
from contributions.forms.fields import DayField, choices

OWN_NAME = "table"


class RateCardForm(forms.Form):
    """Which table, from which day, by which source, and all of its lines: it stands in the place of the last."""

    card = forms.ChoiceField(label=_("Table"))
    name = forms.CharField(
        label=_("Name of a signed table"),
        required=False,
        max_length=16,
        help_text=_("Only for a table that a policy shares by: “table-” and up to ten small letters and digits."),
    )
    valid_from = DayField(label=_("In force from"))
    source_ja = forms.CharField(label=_("Source in Japanese"), max_length=300)
    source_en = forms.CharField(label=_("Source in English"), max_length=300)
    lines = forms.CharField(
        label=_("Lines"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 14, "class": "id", "spellcheck": "false"}),
        help_text=_("One a line: key, comma, factor. What is left out counts no more."),
    )
    confirm = forms.CharField(
        label=_("To adopt it for good, type the name of the table once more"),
        required=False,
        max_length=16,
        help_text=_("Without it, the page only shows what would change."),
    )

    def __init__(self, *given, **options) -> None:
        super().__init__(*given, **options)
        own = [(OWN_NAME, _("A signed table of amounts by member"))]
        self.fields["card"].choices = [*choices(rules.CARDS), *own]

    def clean_lines(self) -> dict[str, str]:
        try:
            return rules.read(self.cleaned_data["lines"])
        except rules.BadCard as refusal:
            raise forms.ValidationError([finding.text(get_language()) for finding in refusal.findings]) from None

    def clean(self) -> dict:
        found = super().clean()
        if found.get("card") == OWN_NAME:
            found["card"] = (found.get("name") or "").strip()
        typed = (found.get("confirm") or "").strip()
        if typed and typed != found.get("card"):
            self.add_error("confirm", _("This is not the name %(name)s.") % {"name": found.get("card")})
        return found

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal where it belongs: faults of lines beside the lines."""
        findings = getattr(refusal, "findings", [])
        for finding in findings:
            self.add_error("name" if finding.field == "card" else "lines", finding.text(get_language()))
        if not findings:
            self.add_error(None, refusal.text(get_language()))
