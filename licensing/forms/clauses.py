"""Writing clauses and templates, putting them in force, and answering a checklist."""

from __future__ import annotations

import json

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contributions.core.roles import FINANCE, LEGAL, WORKPLACES
from contributions.core.words import Text
from licensing.core import checklists, drafting
from licensing.core.clauses import FAMILIES, PREFERRED, RANKS

DOCUMENT_MAX = 200_000
NOTE_MAX = 2_000


def _labelled(words: dict[str, Text], language: str) -> list[tuple[str, str]]:
    return [(code, text.of(language)) for code, text in words.items()]


class ClauseForm(forms.Form):
    """One clause as it is written: the two languages side by side."""

    code = forms.SlugField(
        label=_("Identifier"),
        max_length=40,
        help_text=_("Lower-case letters, digits and hyphens; it never changes."),
        widget=forms.TextInput(attrs={"class": "id", "spellcheck": "false"}),
    )
    family = forms.ChoiceField(label=_("Family"))
    base = forms.ChoiceField(
        label=_("Alternative of"),
        required=False,
        help_text=_("Only for wordings that stand in another clause's place."),
    )
    rank = forms.ChoiceField(label=_("Rank on the ladder"))
    owner = forms.ChoiceField(label=_("Owner"))
    condition = forms.CharField(
        label=_("Condition"),
        required=False,
        max_length=400,
        help_text=_("Such as: minimum > 0 and 'TH' in regions. Without one the clause always stands."),
        widget=forms.TextInput(attrs={"class": "code", "spellcheck": "false"}),
    )
    heading_ja = forms.CharField(label=_("Heading (Japanese)"), max_length=80)
    heading_en = forms.CharField(label=_("Heading (English)"), max_length=120)
    text_ja = forms.CharField(
        label=_("Wording (Japanese)"),
        max_length=drafting.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 16, "lang": "ja"}),
    )
    text_en = forms.CharField(
        label=_("Wording (English)"),
        max_length=drafting.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 16, "lang": "en"}),
    )
    rationale_ja = forms.CharField(
        label=_("Rationale (Japanese)"), required=False, max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    rationale_en = forms.CharField(
        label=_("Rationale (English)"), required=False, max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments, language: str, bases: list[str], fixed: bool, **named) -> None:
        super().__init__(*arguments, **named)
        self.fields["family"].choices = _labelled(FAMILIES, language)
        self.fields["rank"].choices = _labelled(RANKS, language)
        self.fields["owner"].choices = [(code, WORKPLACES[code].of(language)) for code in (LEGAL, FINANCE)]
        self.fields["base"].choices = [("", "–"), *((code, code) for code in bases)]
        for name in ("code", "family", "base") if fixed else ():
            self.fields[name].disabled = True

    def clean(self) -> dict:
        given = super().clean()
        base, rank = given.get("base"), given.get("rank")
        if base and rank == PREFERRED:
            self.add_error("rank", _("An alternative is never the preferred wording."))
        if not base and rank and rank != PREFERRED:
            self.add_error("rank", _("Only an alternative of another clause has this rank."))
        return given

    @property
    def heading(self) -> Text:
        return Text(self._typed("heading_ja"), self._typed("heading_en"))

    @property
    def text(self) -> Text:
        return Text(self._typed("text_ja"), self._typed("text_en"))

    @property
    def rationale(self) -> Text:
        return Text(self.cleaned_data["rationale_ja"], self.cleaned_data["rationale_en"])

    def _typed(self, name: str) -> str:
        """What was typed, whether the form as a whole is valid or not, so that a preview can show it."""
        return str(self[name].value() or "")


class DayForm(forms.Form):
    """From or until which day."""

    day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *arguments, label: object = None, **named) -> None:
        super().__init__(*arguments, **named)
        if label is not None:
            self.fields["day"].label = label


class TemplateForm(forms.Form):
    """A template as its document."""

    document = forms.CharField(
        label=_("Template (JSON)"),
        help_text=_("The order of the clauses is that of the contract. Versions are filled in on approval."),
        widget=forms.Textarea(attrs={"rows": 30, "class": "code", "spellcheck": "false"}),
        max_length=DOCUMENT_MAX,
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_document(self) -> dict:
        try:
            document = json.loads(self.cleaned_data["document"])
        except ValueError as fault:
            raise forms.ValidationError(_("This is not JSON: %(fault)s") % {"fault": fault}) from None
        if not isinstance(document, dict):
            raise forms.ValidationError(_("The document must be a JSON object."))
        return document


class AnswerForm(forms.Form):
    """The answer to one item of the checklist; an item left open is not an error."""

    answer = forms.ChoiceField(required=False)
    clause = forms.ChoiceField(required=False)
    note = forms.CharField(required=False, max_length=NOTE_MAX)

    def __init__(self, *arguments, item: str, clauses: list[tuple[str, str]], language: str, **named) -> None:
        super().__init__(*arguments, prefix=item, **named)
        self.item = item
        self.fields["answer"].choices = [("", "–"), *_labelled(checklists.ANSWERS, language)]
        self.fields["clause"].choices = [("", "–"), *clauses]
        self.fields["answer"].label, self.fields["clause"].label = pgettext_lazy("to a question", "Answer"), _("Clause")
        self.fields["note"].label = _("Reason or remark")
        for field in self.fields.values():  # in a table the column heads it; a screen reader hears item and label
            field.widget.attrs["aria-label"] = f"{item} {field.label}"

    @property
    def given(self) -> checklists.Given | None:
        """The answer, if one was chosen."""
        data = self.cleaned_data
        if not data.get("answer"):
            return None
        return checklists.Given(self.item, data["answer"], data.get("clause", ""), data.get("note", ""))
