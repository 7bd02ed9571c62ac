"""CSV forms that people fill in: compute by day, cash, people, background IP.

A form is a comma-separated table in UTF-8 with its column names in the first row; their order is free. Each row is
taken or rejected whole, with line, column and reason. A cell that a spreadsheet would run as a formula (it begins with
= + - @) is rejected: what comes in here goes out again in exports that others open.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, TypeVar

from contributions.core import compute, resources
from contributions.core.errors import Finding, Refused
from contributions.core.imports import ColumnsUnknown, Rejected
from contributions.core.periods import Period
from contributions.core.units import AMOUNT_MAX
from contributions.core.words import Text

LINE_MAX = 1 << 16
COMPUTE = ("facility", "day", "accelerator", "jobs", "cpu_hours", "node_hours", "gpu_hours")
_COMMON = ("period_from", "period_until", "funding", "agreement", "note")
CASH = ("member", "title", "nature", "currency", "amount", "rate", "rate_source", "rate_date", *_COMMON)
PEOPLE = ("member", "title", "grade", "hours", *_COMMON)
BACKGROUND = ("member", "title", "appraised_value_jpy", "limits", *_COMMON)
OPTIONAL = frozenset({"rate", "rate_source", "rate_date", "limits", "funding", "agreement", "note", "jobs"})
_FORMULA = tuple("=+-@＝＋－＠\t\r")
FUNDING = ("own", "commission", "subsidy")

WORDS = {
    "cells": Text("列の数が {got} で、見出しの {want} と合いません。", "The row has {got} cells, the header {want}."),
    "not-utf-8": Text(
        "UTF-8 として読めません。「CSV UTF-8」で保存し直してください。",
        "The row is not UTF-8. Save the file as “CSV UTF-8”.",
    ),
    "control": Text("改行以外の制御文字が含まれています。", "The row holds a control character."),
    "quotes": Text("引用符が閉じていません。", "A quotation mark is not closed."),
    "formula": Text(
        "「{value}」は表計算ソフトで数式として実行されるおそれがあるため、受け付けません。先頭の記号を除いてください。",
        "“{value}” could run as a formula in a spreadsheet and is not taken. Remove the sign at its beginning.",
    ),
    "empty": Text("記入がありません。", "Nothing is filled in."),
    "date": Text("「{value}」は実在する日付（YYYY-MM-DD）ではありません。", "“{value}” is not a date (YYYY-MM-DD)."),
    "funding": Text(
        "資金の出所「{value}」は own、commission、subsidy のいずれかです。",
        "The funding “{value}” must be own, commission or subsidy.",
    ),
    "facility": Text(
        "施設「{value}」は、この受付の施設「{want}」と異なります。",
        "The facility “{value}” is not the one of this import ({want}).",
    ),
    "accelerator": Text(
        "計算資源の種別「{value}」は登録されていません。次のいずれかを記入してください：{known}",
        "There is no accelerator “{value}”. Use one of: {known}",
    ),
    "no-gpu": Text(
        "種別 cpu の行に GPU 時間「{value}」があります。GPU の種別を記入してください。",
        "A row of cpu states GPU hours ({value}). Name the type of the GPUs.",
    ),
    "count": Text("「{value}」は 0 以上の整数ではありません。", "“{value}” is not an integer of 0 or more."),
    "too-much": Text("数量「{value}」が大きすぎます。", "The quantity “{value}” is too large."),
    "repeated": Text(
        "同じ日と計算資源の行が {first} 行目にあります。", "Line {first} has the same day and accelerator."
    ),
}

T = TypeVar("T")
Row = Mapping[str, str]


class HeaderRefused(ColumnsUnknown):
    code = "header-refused"
    ja = "見出しの行に必要な列がありません：{missing}。様式の列は {wanted} です。"
    en = "The header lacks {missing}. The columns of this form are {wanted}."


class HeaderTwice(Refused):
    code = "columns-twice"
    ja = "見出しの行に同じ列が二度あります：{twice}。どちらを読むべきか定まらないため、一方を除いてください。"
    en = "The header names a column twice: {twice}. Which of them to read is not clear; remove one."


class Fault(Exception):
    """One fault of one row, on its way to becoming a finding."""

    def __init__(self, field: str, code: str, **facts: object) -> None:
        super().__init__(code)
        self.field, self.code, self.facts = field, code, facts


@dataclass(frozen=True, slots=True)
class MeteredDay:
    """A row of the compute form: one day of one accelerator, with the line it stands on."""

    total: compute.DayTotal
    line: int


class DayForm:
    """The rule for a row of the compute form. `known` are the accelerators there are; none named: any is taken."""

    def __init__(self, facility: str, known: Collection[str] = ()) -> None:
        self.facility, self.known = facility, known
        self.seen: dict[tuple[str, date], int] = {}

    def day(self, line: int, row: Row) -> MeteredDay:
        """The day that a row states; hours become seconds, to the nearest (six decimals print any second exactly)."""
        if row["facility"] != self.facility:
            raise Fault("facility", "facility", value=row["facility"], want=self.facility)
        accelerator = row["accelerator"].lower()
        if self.known and accelerator not in self.known:
            raise Fault("accelerator", "accelerator", value=row["accelerator"], known="、".join(sorted(self.known)))
        total = compute.DayTotal(
            accelerator=accelerator,
            day=_date(row, "day"),
            jobs=_count(row, "jobs"),
            cpu_s=_seconds(row, "cpu_hours"),
            node_s=_seconds(row, "node_hours"),
            gpu_s=_seconds(row, "gpu_hours"),
        )
        if total.accelerator == compute.CPU_ONLY and total.gpu_s:
            raise Fault("gpu_hours", "no-gpu", value=row["gpu_hours"])
        first = self.seen.setdefault((total.accelerator, total.day), line)
        if first != line:
            raise Fault("day", "repeated", first=first)
        return MeteredDay(total, line)


def compute_days(
    stream: BinaryIO, facility: str, *, known: Collection[str] = (), mapping: Mapping[str, str] | None = None
) -> Iterator[MeteredDay | Rejected]:
    """Days of the compute form in CSV."""
    return _read(stream, COMPUTE, DayForm(facility, known).day, mapping)


def compute_cells(
    rows: Iterator[tuple[int, Mapping[str, str]]], facility: str, *, known: Collection[str] = ()
) -> Iterator[tuple[str, MeteredDay | Rejected]]:
    """Days of the compute form whose cells come as texts by column, each with the row as one line of CSV."""
    form = DayForm(facility, known)
    for line, cells in rows:
        raw = csv_line(cells[name] for name in COMPUTE if name in cells)
        yield raw, _judged(line, raw.encode(), lambda cells=cells: _checked(list(cells), cells, COMPUTE), form.day)


def csv_line(cells: Iterable[str]) -> str:
    """Cells as one line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def cash(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[resources.Resource | Rejected]:
    """Lines of the cash form."""

    def line_of(line: int, row: Row) -> resources.Resource:
        currency = row["currency"]
        foreign = None
        if currency == "JPY":
            quantity = _field("amount", lambda: resources.minor_units(row["amount"], "JPY"))
        else:
            on = _date(row, "rate_date") if row["rate_date"] else None
            rate, source = row["rate"], row["rate_source"]
            foreign = _field(
                "rate", lambda: resources.foreign_cash(row["amount"], currency, rate=rate, source=source, on=on)
            )
            quantity = foreign.yen
        nature = _field("nature", lambda: resources.check_nature(row["nature"]))
        return _resource(resources.CASH, quantity, line, row, nature=nature, foreign=foreign)

    return _read(stream, CASH, line_of, mapping)


def people(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[resources.Resource | Rejected]:
    """Lines of the work form: hours by grade."""

    def line_of(line: int, row: Row) -> resources.Resource:
        worked = _field("hours", lambda: resources.minutes(row["hours"]))
        grade = _field("grade", lambda: resources.check_grade(row["grade"]))
        return _resource(resources.PEOPLE, worked, line, row, grade=grade)

    return _read(stream, PEOPLE, line_of, mapping)


def background(stream: BinaryIO, mapping: Mapping[str, str] | None = None) -> Iterator[resources.Resource | Rejected]:
    """Lines of the background form: what is listed, its limits and its appraised value."""

    def line_of(line: int, row: Row) -> resources.Resource:
        value = _field("appraised_value_jpy", lambda: resources.minor_units(row["appraised_value_jpy"], "JPY"))
        return _resource(resources.BACKGROUND, value, line, row, limits=row["limits"])

    return _read(stream, BACKGROUND, line_of, mapping)


READERS: dict[str, Callable[..., Iterator[resources.Resource | Rejected]]] = {
    resources.CASH: cash,
    resources.PEOPLE: people,
    resources.BACKGROUND: background,
}
FORMS = {resources.CASH: CASH, resources.PEOPLE: PEOPLE, resources.BACKGROUND: BACKGROUND}
"""The columns of each kind's form; those not in OPTIONAL are needed."""


def _read(
    stream: BinaryIO,
    columns: tuple[str, ...],
    build: Callable[[int, Row], T],
    mapping: Mapping[str, str] | None = None,
) -> Iterator[T | Rejected]:
    header: list[str] | None = None
    for number, raw in enumerate(iter(lambda: stream.readline(LINE_MAX), b""), start=1):
        if header is None:
            header = header_of(raw, columns, mapping)
            continue
        if not raw.strip(b" ,\r\n"):
            continue
        yield _judged(number, raw, lambda raw=raw, header=header: _row(raw, header, columns), build)
    if header is None:
        raise HeaderRefused((), columns, wanted="、".join(columns))


def _judged(line: int, raw: bytes, cells: Callable[[], Row], build: Callable[[int, Row], T]) -> T | Rejected:
    """What the rule makes of a row; a fault becomes a finding."""
    try:
        return build(line, cells())
    except Fault as fault:
        words = WORDS[fault.code]
        return Rejected(Finding(line, fault.field, fault.code, words.ja, words.en, fault.facts), raw)
    except _RefusedField as refused:
        why = refused.why
        return Rejected(Finding(line, refused.field, why.code, why.ja, why.en, why.facts), raw)


def header_of(raw: bytes, columns: tuple[str, ...], mapping: Mapping[str, str] | None = None) -> list[str]:
    """The columns that the first row names, by a person's mapping or by their own names."""
    try:
        printed = next(csv.reader([raw.decode("utf-8-sig", "replace").strip()]), [])
    except csv.Error:
        printed = []
    return names_of(printed, columns, mapping)


def names_of(printed: Sequence[str], columns: tuple[str, ...], mapping: Mapping[str, str] | None = None) -> list[str]:
    """Our names of printed columns; refuses what lacks a needed one, and what names one twice."""
    lower = [name.strip().lower() for name in printed]
    names = [(mapping or {}).get(name, name) for name in lower]
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise HeaderTwice(twice="、".join(twice))
    missing = [name for name in columns if name not in names and name not in OPTIONAL]
    if missing:
        raise HeaderRefused(lower, missing, wanted="、".join(columns))
    return names


def _row(raw: bytes, header: list[str], columns: tuple[str, ...]) -> Row:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Fault("row", "not-utf-8") from None
    if any(ord(sign) < 32 and sign != "\t" for sign in text):
        raise Fault("row", "control")
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise Fault("row", "quotes") from None
    if len(cells) != len(header):
        raise Fault("row", "cells", got=len(cells), want=len(header))
    return _checked(header, dict(zip(header, cells, strict=True)), columns)


def _checked(header: Sequence[str], cells: Mapping[str, str], columns: tuple[str, ...]) -> Row:
    """The row's cells by column: none that runs as a formula, none empty that must not be."""
    row = dict.fromkeys(columns, "") | {name: cell.strip() for name, cell in cells.items() if name in columns}
    for name in header:
        if cells[name].startswith(_FORMULA):
            raise Fault(name, "formula", value=cells[name])
    for name in columns:
        if not row[name] and name not in OPTIONAL:
            raise Fault(name, "empty")
    return row


def _resource(
    kind: str,
    quantity: int,
    line: int,
    row: Row,
    *,
    nature: str | None = None,
    grade: str | None = None,
    foreign: resources.ForeignCash | None = None,
    limits: str = "",
) -> resources.Resource:
    funding = row["funding"] or "own"
    if funding not in FUNDING:
        raise Fault("funding", "funding", value=funding)
    start, until = _date(row, "period_from"), _date(row, "period_until")
    return resources.Resource(
        kind=kind,
        member=row["member"],
        quantity=quantity,
        period=_field("period_until", lambda: Period(start, until)),
        title=row["title"],
        nature=nature,
        grade=grade,
        foreign=foreign,
        limits=limits,
        funding=funding,
        agreement=row["agreement"],
        note=row["note"],
        line=line,
    )


class _RefusedField(Exception):
    def __init__(self, field: str, why: Refused) -> None:
        super().__init__(field)
        self.field, self.why = field, why


def _field(name: str, read: Callable[[], T]) -> T:
    """What the rule makes of a cell; its refusal becomes a finding about that column."""
    try:
        return read()
    except Refused as why:
        raise _RefusedField(name, why) from None


def _date(row: Row, name: str) -> date:
    try:
        if len(row[name]) != len("YYYY-MM-DD"):
            raise ValueError(row[name])
        return date.fromisoformat(row[name])
    except ValueError:
        raise Fault(name, "date", value=row[name]) from None


def _count(row: Row, name: str) -> int:
    text = row[name] or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Fault(name, "count", value=text)
    return int(text)


def _seconds(row: Row, name: str) -> int:
    hours = _field(name, lambda: resources.decimal(row[name]))
    seconds = int((2 * hours * compute.SECONDS_PER_HOUR + 1) // 2)
    if seconds >= AMOUNT_MAX:
        raise Fault(name, "too-much", value=row[name])
    return seconds
