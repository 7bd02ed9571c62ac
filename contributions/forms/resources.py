"""What a member states when it records cash, people or background IP."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from hashlib import sha256
from uuid import UUID, uuid5

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.adapters import worklogs
from contributions.core import courses, terms
from contributions.core import resources as rules
from contributions.core.errors import Refused
from contributions.core.units import UNITS
from contributions.forms.fields import DayField, HoursField, LastDayField, MonthField, YenField, choices, plain
from contributions.forms.funding import RateField

# Which field says how much, where it is not the amount in yen.
_WANTED = {rules.PEOPLE: "hours", rules.DATA: "measure", rules.COMPUTE: "measure"}
# What only some kinds are asked; the rest is asked of all.
_ASKED = {
    rules.CASH: ("amount", "nature", "currency", "foreign_amount", "exchange_rate", "exchange_source", "exchange_on"),
    rules.PEOPLE: ("hours", "grade"),
    rules.BACKGROUND: ("amount", "limits", "use_fields", "use_by", "appraiser", "appraised_on"),
    rules.DATA: ("measure", "measure_unit"),
    rules.COMPUTE: ("measure", "measure_unit"),
}
_NEEDED = _("This is needed for the kind you chose.")
_NEEDED_OF = {
    rules.CASH: {"nature": _("State what the cash is.")},
    rules.PEOPLE: {"hours": _NEEDED, "grade": _("State the grade.")},
    rules.BACKGROUND: {"amount": _NEEDED},
    rules.DATA: {"measure": _NEEDED},
    rules.COMPUTE: {"measure": _NEEDED},
}
_AMOUNT_OF = {
    rules.CASH: _("Left out where it was paid in another currency, which is stated below."),
    rules.BACKGROUND: _("The appraised value."),
}
_OF_SOME = frozenset(name for names in _ASKED.values() for name in names)
CARRIED_MAX = 2_000_000
FILE_MAX = min(20_000_000, settings.UPLOAD_MAX_BYTES)


class EvidenceField(forms.FileField):
    """One file that stands behind a contribution."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file and file.size > FILE_MAX:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s."), params={"limit": filesizeformat(FILE_MAX)}
            )
        return file


class ResourceForm(forms.Form):
    """One contribution, of a kind that is chosen before; only what that kind needs is asked."""

    kind = forms.ChoiceField(label=_("Kind of contribution"), widget=forms.HiddenInput)
    sheet = forms.UUIDField(required=False, widget=forms.HiddenInput)
    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    amount = YenField(label=_("Amount in yen"), required=False)
    hours = HoursField(label=_("Hours worked"), required=False, help_text=_("Such as 152.75."))
    measure = forms.CharField(
        label=_("Quantity of data or compute"),
        required=False,
        max_length=30,
        help_text=_("Data and compute can be pledged here; what is given comes in as a dataset or a usage file."),
    )
    measure_unit = forms.ChoiceField(label=_("Its unit"), required=False)
    nature = forms.ChoiceField(
        label=_("Nature of the cash"), required=False, help_text=_("Equity counts in the stakes only.")
    )
    grade = forms.ChoiceField(label=_("Grade"), required=False)
    currency = forms.ChoiceField(
        label=_("Currency"), required=False, help_text=_("Foreign cash fixes its yen once, rounded down.")
    )
    foreign_amount = forms.CharField(label=_("Amount in that currency"), required=False, max_length=30)
    exchange_rate = forms.CharField(label=_("Yen for one unit of it"), required=False, max_length=30)
    exchange_source = forms.CharField(label=_("Source of the rate"), required=False, max_length=120)
    exchange_on = DayField(label=_("Date of the rate"), required=False)
    limits = forms.CharField(
        label=_("Limits of the background IP"),
        required=False,
        widget=forms.Textarea,
        max_length=2000,
        help_text=_("What may be used. Background IP that is not listed is not licensed."),
    )
    use_fields = forms.MultipleChoiceField(
        label=_("Fields it may be used in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    use_by = forms.MultipleChoiceField(label=_("Who may use it"), required=False, widget=forms.CheckboxSelectMultiple)
    appraiser = forms.CharField(label=_("Appraiser"), required=False, max_length=120)
    appraised_on = DayField(label=_("Date of the appraisal"), required=False)
    period_from = DayField(label=_("From"))
    period_until = LastDayField(label=_("Last day"), required=False)
    agreement = forms.ChoiceField(
        label=_("Inbound agreement"),
        required=False,
        help_text=_("Without one, people and background IP count nothing, and the inbox asks for it."),
    )
    funding = forms.ChoiceField(label=_("Funding source"), required=False)
    evidence = EvidenceField(
        label=_("Evidence"),
        required=False,
        help_text=_("Receipt, appraisal or contract. It is sealed by a salted digest and can be erased."),
    )
    pledged = forms.BooleanField(
        label=_("It is only pledged and not yet made"),
        required=False,
        help_text=_("A pledge stands on no account and counts nothing until you submit it."),
    )

    def __init__(self, *args, agreements, sources, **options) -> None:
        super().__init__(*args, **options)
        ja = get_language() == "ja"
        self.fields["kind"].choices = choices(rules.PLEDGED)
        self.kind = rules.CASH if (self["kind"].value() or "") not in rules.PLEDGED else self["kind"].value()
        for name, reason in _NEEDED_OF[self.kind].items():
            self.fields[name].required, self.fields[name].error_messages["required"] = True, reason
        self.fields["amount"].help_text = _AMOUNT_OF.get(self.kind, "")
        listed = rules.PROMISED_UNITS
        offered = listed.get(self.kind) or [unit for units in listed.values() for unit in units]
        self.fields["measure_unit"].choices = choices({unit: UNITS[unit].reads for unit in offered}, empty="–")
        self.fields["nature"].choices = choices(rules.NATURES, empty="–")
        self.fields["grade"].choices = choices(rules.GRADES, empty="–")
        self.fields["currency"].choices = [("", "JPY"), *((code, code) for code in rules.MINOR_DIGITS if code != "JPY")]
        self.fields["use_fields"].choices = choices(terms.FIELDS)
        self.fields["use_by"].choices = choices(terms.USERS)
        self.fields["agreement"].choices = [("", "–"), *((row.number, row.number) for row in agreements)]
        self.fields["funding"].choices = [
            ("", _("Own money")),
            *((row.code, row.name_ja if ja else row.name_en) for row in sources if row.mode != "own"),
        ]
        self.agreements = {row.number: row for row in agreements}
        self.sources = {row.code: row for row in sources}

    def visible_fields(self) -> list:
        """What the kind needs, and what all of them do."""
        asked = _ASKED[self.kind]
        return [field for field in super().visible_fields() if field.name in asked or field.name not in _OF_SOME]

    def clean(self):
        typed = super().clean()
        self.foreign, self.promised = self._foreign(typed), self._promised(typed)
        wanted = _WANTED.get(typed.get("kind", ""), "amount")
        if typed.get("currency") and typed.get("kind") == rules.CASH:
            wanted = "foreign_amount"
        if not self.errors.get(wanted) and typed.get(wanted) in {None, ""}:
            self.add_error(wanted, _NEEDED)
        if typed.get("kind") == rules.BACKGROUND:
            try:
                rules.check_appraisal(typed.get("appraiser", ""), typed.get("appraised_on"))
            except Refused as refusal:
                self.add_error("appraiser", refusal.text(get_language()))
        start, until = typed.get("period_from"), typed.get("period_until")
        if start and until and until <= start:
            self.add_error("period_until", _("The end must be later than the beginning."))
        return typed

    def act(self) -> UUID | None:
        """The id of what is asked for: the same sheet with the same words is the same act, sent again or not."""
        sheet, file = self.cleaned_data.get("sheet"), self.cleaned_data.get("evidence")
        if sheet is None:
            return None
        said = {name: self.data.getlist(name) for name in self.fields if name != "evidence"}
        if file:
            said["evidence"] = [file.name, sha256(file.read()).hexdigest()]
            file.seek(0)
        return uuid5(sheet, json.dumps(said, sort_keys=True))

    def _promised(self, typed: dict) -> int | None:
        """How much data or compute is pledged, in the unit's smallest part."""
        if typed.get("kind") not in rules.PROMISED or not typed.get("measure"):
            return None
        if not typed.get("pledged"):
            self.add_error("pledged", rules.OnlyPledged().text(get_language()))
        try:
            unit = rules.unit_of(typed["kind"], typed.get("measure_unit", ""))
            return rules.measured(plain(typed["measure"]), unit)
        except rules.NotMeasuredSo as refusal:
            self.add_error("measure_unit", refusal.text(get_language()))
        except Refused as refusal:
            self.add_error("measure", refusal.text(get_language()))
        return None

    def _foreign(self, typed: dict) -> rules.ForeignCash | None:
        """Foreign cash with its rate; the rule's refusal stands beside the field it is about."""
        if typed.get("kind") != rules.CASH:
            return None
        if not typed.get("currency"):
            if typed.get("foreign_amount") or typed.get("exchange_rate"):
                self.add_error("currency", _("Choose the currency of the amount, or leave amount and rate empty."))
            return None
        amount, rate = plain(typed.get("foreign_amount", "")), plain(typed.get("exchange_rate", ""))
        asked = "foreign_amount"
        try:
            rules.minor_units(amount, typed["currency"])
            asked = "exchange_rate"
            rules.check_rate(rate, source=typed.get("exchange_source", ""), dated=bool(typed.get("exchange_on")))
            asked = "foreign_amount"
            cash = rules.foreign_cash(
                amount,
                typed["currency"],
                rate=rate,
                source=typed.get("exchange_source", ""),
                on=typed.get("exchange_on"),
            )
            asked = "amount"
            if typed.get("amount") is not None:
                rules.check_yen(typed["amount"], cash)
            return cash
        except Refused as refusal:
            self.add_error(asked, refusal.text(get_language()))
        return None

    def named(self) -> dict:
        """What `services.resources.record` needs beside the member, who and when."""
        typed = self.cleaned_data
        kind = typed["kind"]
        return {
            "kind": kind,
            "title_ja": typed["title_ja"],
            "title_en": typed["title_en"] or typed["title_ja"],
            "quantity": self._quantity(kind),
            "unit": typed["measure_unit"] if kind in rules.PROMISED else "",
            "foreign": self.foreign,
            "nature": typed["nature"] if kind == rules.CASH else "",
            "grade": typed["grade"] if kind == rules.PEOPLE else "",
            "period_from": typed["period_from"],
            "period_until": typed["period_until"],
            "agreement": self.agreements.get(typed["agreement"]),
            "funding": self.sources.get(typed["funding"]),
        }

    def _quantity(self, kind: str) -> int | None:
        typed = self.cleaned_data
        if kind in rules.PROMISED:
            return self.promised
        return typed["hours"] if kind == rules.PEOPLE else None if self.foreign else typed["amount"]

    def appraisal(self) -> dict | None:
        """Of background IP: its limits and who valued it when."""
        typed = self.cleaned_data
        if typed["kind"] != rules.BACKGROUND:
            return None
        return {
            "appraiser": typed["appraiser"],
            "on": typed["appraised_on"],
            "limits": typed["limits"],
            "use_fields": tuple(typed["use_fields"]),
            "use_by": tuple(typed["use_by"]),
        }


class SheetForm(forms.Form):
    """A spreadsheet of many lines of one kind; first it is shown, then it is recorded as a whole."""

    kind = forms.ChoiceField(label=_("Kind of contribution"))
    file = forms.FileField(
        label=_("CSV file"), required=False, help_text=_("UTF-8, with the columns of the form in the first row.")
    )
    content = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(rules.KINDS)
        self.fields["file"].required = not self.data.get("content")

    def clean(self):
        typed = super().clean()
        file = typed.get("file")
        self.sent = file.read(2_000_000) if file else typed.get("content", "").encode()
        try:
            self.sent.decode()
        except UnicodeDecodeError as error:
            line = self.sent.count(b"\n", 0, error.start) + 1
            self.add_error("file", _("Line %(line)s is not UTF-8. Save the file as “CSV UTF-8”.") % {"line": line})
        return typed


class ReasonForm(forms.Form):
    """The words that a step needs."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=2000)


class AnswerForm(ReasonForm):
    """How a dispute is answered, and why."""

    outcome = forms.ChoiceField(label=_("Outcome"))
    field_order = ("outcome", "reason")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"].choices = choices({code: courses.STATES[code] for code in courses.OUTCOMES})


class WithdrawalForm(forms.Form):
    """From which day it is withdrawn."""

    withdrawn_from = DayField(label=_("Withdrawn from"), required=False)


class FulfilmentForm(forms.Form):
    """By what a pledge of data or compute was kept."""

    made = forms.CharField(
        label=_("Dataset version or usage file"),
        max_length=60,
        help_text=_("Its number, such as D-member-0001@1 or B-member-0001."),
    )


class RecoveryForm(forms.Form):
    """What part of the cost came back from elsewhere."""

    unconfirmed = ""

    part = RateField(label=_("Part recovered"), help_text=_("An exact fraction of the whole, such as 1/4."))
    source = forms.ChoiceField(label=_("Recovered by"))
    recovered_on = DayField(label=_("Recovered on"))

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["source"].choices = choices(rules.RECOVERIES)


class WorkLogForm(forms.Form):
    """One secondee's log of one month."""

    person = forms.CharField(
        label=_("Secondee"), max_length=150, help_text=_("The account name of a registered person of your company.")
    )
    month = MonthField(label=_("Month"), help_text=_("Such as 2026-05."))
    file = forms.FileField(
        label=_("Work log"),
        required=False,
        help_text=_("CSV or XLSX with the columns day, hours, task; start and end if there are times."),
    )
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    content = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = not self.data.get("content")

    def clean(self):
        """The file as it is uploaded now, or as it came before its columns were named."""
        typed = super().clean()
        file = typed.get("file")
        if file:
            self.sent_name, self.sent = file.name, file.read(worklogs.BYTES_MAX + 1)
            return typed
        try:
            self.sent_name, self.sent = typed.get("name", ""), b64decode(typed.get("content", ""), validate=True)
        except ValueError:
            self.sent_name, self.sent = "", b""
        if not self.sent and not self.errors:
            self.add_error("file", _("Choose a file."))
        return typed

    def carried(self) -> list[tuple[str, str]] | None:
        """What a form must carry so that the file need not be chosen again; None where it is too large for that."""
        if len(self.sent) > CARRIED_MAX:
            return None
        typed = self.cleaned_data
        return [("person", typed["person"]), ("month", typed["month"]), ("name", self.sent_name),
                ("content", b64encode(self.sent).decode()), ("naming", "1")]  # fmt: skip


class ReplacementForm(forms.Form):
    """What changes in a contribution that takes the place of another."""

    amount = YenField(label=_("Amount in yen"))
    hours = HoursField(label=_("Hours worked"))
    foreign_amount = forms.CharField(label=_("Amount in that currency"), max_length=30)
    evidence = EvidenceField(label=_("Evidence"), required=False)

    def __init__(self, *args, kind: str, currency: str = rules.YEN, **options) -> None:
        super().__init__(*args, **options)
        self.wanted = "hours" if kind == rules.PEOPLE else "amount" if currency == rules.YEN else "foreign_amount"
        for name in {"amount", "hours", "foreign_amount"} - {self.wanted}:
            del self.fields[name]
        if currency != rules.YEN:
            self.fields["foreign_amount"].label = _("Amount in %(currency)s") % {"currency": currency}

    def much(self) -> dict:
        """How much it is now, as `services.resources.supersede` wants it."""
        typed = self.cleaned_data[self.wanted]
        return {self.wanted: plain(typed)} if self.wanted == "foreign_amount" else {"quantity": typed}
