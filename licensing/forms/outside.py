"""An outside agreement as somebody types it: the same fields in the browser and in a row of a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from contributions.forms.fields import DayField, EvidenceField, YenField, choices, read_amount, read_date
from licensing.core import outside as rules
from licensing.core.obligations import OUTSIDE_PARTIES
from licensing.core.outside import Duty, Row, Terms

COLUMNS = {
    "file": "ファイル", "kind": "種別", "title": "件名", "counterparty": "相手方", "organization": "組織コード",
    "signed_on": "締結日", "term_from": "期間の初日", "term_last": "期間の末日", "amount": "金額", "renewal": "更新",
    "renewal_months": "更新月数", "notice_months": "予告月数", "relation": "関係", "follows": "もとの契約",
    "remark": "備考", "duties": "義務",
}  # fmt: skip
LIST_BYTES_MAX = 5_000_000
_WORDS = {"kind": rules.KINDS, "renewal": rules.RENEWALS, "relation": rules.RELATIONS}


class OutsideForm(forms.Form):
    """The terms of a contract that exists on paper or was signed elsewhere."""

    kind = forms.ChoiceField(label=_("Kind of agreement"))
    title = forms.CharField(label=_("Title"), max_length=200)
    counterparty = forms.CharField(label=_("Counterparty"), max_length=200, help_text=_("As the contract names it."))
    organization = forms.ChoiceField(
        label=_("Organization on record"),
        required=False,
        help_text=_("Where the counterparty is one: its rivals’ people then do not see this contract."),
    )
    signed_on = DayField(label=_("Concluded on"))
    term_from = DayField(label=_("Contract term from"), required=False, help_text=_("Empty: the day of conclusion."))
    term_last = DayField(
        label=_("Contract term to (last day)"), required=False, help_text=_("Empty: without a fixed end.")
    )
    amount = YenField(label=_("Amount, yen"), required=False, help_text=_("Empty where the contract names none."))
    renewal = forms.ChoiceField(label=_("Renewal"), required=False)
    renewal_months = forms.IntegerField(label=_("Renews for months"), required=False, min_value=0, max_value=600)
    notice_months = forms.IntegerField(
        label=_("Notice, months before the end"), required=False, min_value=0, max_value=60
    )
    relation = forms.ChoiceField(label=_("Relation"), required=False)
    follows = forms.CharField(
        label=_("Number of the agreement that it refers to"),
        max_length=40,
        required=False,
        help_text=_("An outside agreement (X-…) or one of ours (L-…)."),
    )
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    duties = forms.CharField(
        label=_("Duties"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(
            attrs={"rows": 4, "placeholder": "2026-12-31；相手方；年次報告書の提出；；第8条第1項；12"}
        ),
        help_text=_(
            "One a line: due day; who owes it (us or them); what; amount; clause; again every months. All but the first"
            " three may be left out. More can be added later."
        ),
    )

    def __init__(self, *args, organizations: Iterable[tuple[str, str]] = (), **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(rules.KINDS)
        self.fields["renewal"].choices = choices(rules.RENEWALS)
        self.fields["relation"].choices = choices(rules.RELATIONS, empty=_("none"))
        self.fields["organization"].choices = [("", _("none")), *organizations]

    def clean(self) -> dict:
        typed = super().clean() or {}
        if not self.errors:
            try:
                typed["duties"] = duties(typed.get("duties", ""))
                typed["terms"] = self._terms(typed)
            except rules.OutsideRefused as refusal:
                field = "term_last" if refusal.field == "term_until" else refusal.field
                self.add_error(field if field in self.fields else None, refusal.text(get_language()))
        return typed

    def _terms(self, typed: Mapping) -> Terms:
        last = typed["term_last"]
        return Terms(
            kind=typed["kind"],
            title=typed["title"],
            counterparty=typed["counterparty"],
            signed_on=typed["signed_on"],
            term_from=typed["term_from"] or typed["signed_on"],
            term_until=last + timedelta(days=1) if last else None,
            amount=typed["amount"],
            renewal=typed["renewal"] or "none",
            renewal_months=typed["renewal_months"] or 0,
            notice_months=typed["notice_months"] or 0,
            relation=typed["relation"],
            remark=typed["remark"],
        )

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal of the service beside the field that it speaks of."""
        field = getattr(refusal, "field", "")
        self.add_error(field if field in self.fields else None, refusal.text(get_language()))


class TakeForm(OutsideForm):
    """With the contract's file: a scan, or the PDF that was signed elsewhere."""

    file = EvidenceField(label=_("File of the contract"), required=True, help_text=_("PDF, PNG, JPEG or TIFF."))

    field_order = ("file",)


class Files(forms.ClearableFileInput):
    """A field for any number of files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """At least one file, each as a field of its own would take it."""

    widget = Files

    def clean(self, data, initial=None) -> list:
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class ListForm(forms.Form):
    """A folder's worth of contracts: the list, and the files that it names."""

    files = FilesField(
        label=_("The list and the files that it names"),
        widget=Files(attrs={"accept": ".csv,.pdf,.png,.jpg,.jpeg,.tif,.tiff"}),
        help_text=_("Choose agreements.csv and the files together, as they lie in one folder."),
    )
    strict = forms.BooleanField(
        label=_("Take in all rows or none"),
        required=False,
        help_text=_("Otherwise good rows are taken in, and what is wrong with the others is told."),
    )

    def clean_files(self) -> dict[str, bytes]:
        """The content of each file by its name."""
        files = self.cleaned_data["files"]
        if sum(file.size for file in files) > settings.UPLOAD_AT_ONCE_BYTES:
            limit = filesizeformat(settings.UPLOAD_AT_ONCE_BYTES)
            raise forms.ValidationError(
                _("Together the files are larger than %(limit)s. Send them in several lots."),
                params={"limit": limit},
            )  # fmt: skip
        return {file.name: file.read() for file in files}


def read_list(data: bytes | None, organizations: Collection[str]) -> list[Row]:
    """The rows of a list, each with what it states or what is wrong with it; refused where it is no list at all."""
    if data is None or len(data) > LIST_BYTES_MAX:
        raise rules.NoList(columns=", ".join(COLUMNS.values()))
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        raise rules.NoList(columns=", ".join(COLUMNS.values())) from None
    if not {"file", COLUMNS["file"]} & set(reader.fieldnames or ()):
        raise rules.NoList(columns=", ".join(COLUMNS.values()))
    return [_read(line, of_row(row), organizations) for line, row in rows]


def _read(line: int, stated: dict[str, str], organizations: Collection[str]) -> Row:
    file, follows = stated.pop("file"), stated.pop("follows")
    form = OutsideForm(stated, organizations=[(code, code) for code in organizations])
    if not form.is_valid():
        said = [(field, str(error)) for field, errors in form.errors.items() for error in errors]
        faults = tuple(
            Finding(line, field, "outside", *[text.replace("{", "{{").replace("}", "}}")] * 2) for field, text in said
        )
        return Row(line, file, follows, faults=faults)
    typed = form.cleaned_data
    return Row(line, file, follows, typed["organization"], typed["terms"], tuple(typed["duties"]))


def duties(text: str) -> list[Duty]:
    """The duties as they were typed, a line each; what cannot be read is named by its line."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    return [_duty(number, [part.strip() for part in re.split(r"[;；]", line)]) for number, line in lines]


def _duty(line: int, parts: list[str]) -> Duty:
    day, party, title, amount, clause, every = (*parts, "", "", "", "", "", "")[:6]
    due_on = read_date(day)
    side = next((code for code, word in OUTSIDE_PARTIES.items() if party in _SIDES[code] | _spellings(code, word)), "")
    yen = read_amount(amount) if amount else None
    faults = {
        "day": due_on is None,
        "party": not side,
        "title": not title or len(title) > 200 or len(clause) > 60 or len(parts) > 6,
        "amount": bool(amount) and yen is None,
        "every": bool(every) and not re.fullmatch(r"[0-9]{1,2}", every),
    }
    if wrong := next((name for name, bad in faults.items() if bad), ""):
        raise rules.DutyUnread(line=line, reason=_UNREAD[wrong])
    assert due_on is not None
    return Duty(title, side, due_on, clause, None, yen, int(every or 0))


_SIDES = {"licensor": {"当方", "自社", "us"}, "licensee": {"相手方", "them"}}
_UNREAD = {
    "day": Text("期日が読めません。", "the due day cannot be read."),
    "party": Text("負担する側が読めません。", "who owes it cannot be read."),
    "title": Text(
        "内容がないか、長すぎるか、項目が多すぎます。",
        "what is owed is missing or too long, or there are too many parts.",
    ),
    "amount": Text("金額が読めません。", "the amount cannot be read."),
    "every": Text("くり返しの月数が読めません。", "the months of repetition cannot be read."),
}


def of_row(row: Mapping[str, str]) -> dict[str, str]:
    """A row of a CSV file as the form takes it: either language's column names and words."""
    found = {name: (row.get(name) or row.get(title) or "").strip() for name, title in COLUMNS.items()}
    for name, words in _WORDS.items():
        found[name] = next((code for code, word in words.items() if found[name] in _spellings(code, word)), found[name])
    return found


def _spellings(code: str, word: Text) -> set[str]:
    return {code, word.ja, word.en, word.en.lower()}
