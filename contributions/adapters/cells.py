"""Tables that people fill in, read by their header: each row is taken or rejected whole, with line, column and reason.

Columns may stand in any order, under names that a person has once mapped to ours. A cell that a spreadsheet would run
as a formula (it begins with = + - @) is rejected: what comes in here goes out again in exports that others open. Lines
and cells have bounds, and a line that is over-long is one rejected row, however long it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO, TypeVar

from contributions.core.errors import Finding, Refused
from contributions.core.imports import ColumnsUnknown, Rejected, check_plain
from contributions.core.periods import is_plausible
from contributions.core.words import Text

LINE_MAX = 1 << 16
CELL_MAX = 200
LONGEST = {"rate_source": 120, "limits": 2000, "note": 2000, "task": 500}
"""How many characters a cell may have, where it is not CELL_MAX."""
OPTIONAL = frozenset(
    {"rate", "rate_source", "rate_date", "limits", "funding", "agreement", "note", "jobs", "start", "end"}
)
"""Columns that a form may lack, and that may be empty."""
_FORMULA = tuple("=+-@＝＋－＠\t\r")

WORDS = {
    "cells": Text("列の数が {got} で、見出しの {want} と合いません。", "The row has {got} cells, the header {want}."),
    "not-utf-8": Text(
        "UTF-8 として読めません。「CSV UTF-8」で保存し直してください。",
        "The row is not UTF-8. Save the file as “CSV UTF-8”.",
    ),
    "control": Text("改行以外の制御文字が含まれています。", "The row holds a control character."),
    "quotes": Text(
        "引用符が閉じていません。セルの中の改行は空白に置き換えてください。",
        "A quotation mark is not closed. Put a space where a cell has a line break.",
    ),
    "line-too-long": Text("行が上限（{limit} バイト）を超えています。", "The line is longer than {limit} bytes."),
    "too-long": Text(
        "{limit} 文字を超えています。短くしてください。", "It has more than {limit} characters. Shorten it."
    ),
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
    "year": Text("「{value}」の年が正しくありません。", "The year of “{value}” cannot be right."),
    "time": Text("「{value}」は時刻（HH:MM）ではありません。", "“{value}” is not a time (HH:MM)."),
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


class HeaderNotUtf8(Refused):
    code = "header-not-utf-8"
    ja = "1 行目（見出し）を UTF-8 の文字として読めません。「CSV UTF-8」で保存し直してください。"
    en = "Line 1, the header, is not text in UTF-8. Save the file as “CSV UTF-8”."


class HeaderTwice(Refused):
    code = "columns-twice"
    ja = "見出しの行に同じ列が二度あります：{twice}。どちらを読むべきか定まらないため、一方を除いてください。"
    en = "The header names a column twice: {twice}. Which of them to read is not clear; remove one."


class Fault(Exception):
    """One fault of one row, on its way to becoming a finding."""

    def __init__(self, field: str, code: str, **facts: object) -> None:
        super().__init__(code)
        self.field, self.code, self.words, self.facts = field, code, WORDS.get(code), facts

    def finding(self, line: int) -> Finding:
        """The fault with its line, in the words of its code."""
        assert self.words is not None, f"the fault {self.code} has no words"
        return Finding(line, self.field, self.code, self.words.ja, self.words.en, self.facts)


class RefusedField(Fault):
    """What a rule of the core refused of one cell, in the rule's own words."""

    def __init__(self, field: str, why: Refused) -> None:
        super().__init__(field, why.code, **why.facts)
        self.words = Text(why.ja, why.en)


def csv_line(cells: Iterable[str]) -> str:
    """Cells as one line of CSV, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, counted from 1. Of one longer than LINE_MAX only the beginning is kept, without its end."""
    number = 0
    while raw := stream.readline(LINE_MAX):
        number, rest = number + 1, raw
        while len(rest) == LINE_MAX and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_MAX)
        yield number, raw


def read(
    stream: BinaryIO,
    columns: tuple[str, ...],
    build: Callable[[int, Row], T],
    mapping: Mapping[str, str] | None = None,
) -> Iterator[T | Rejected]:
    """Each row below the header, as `build` makes it of its cells, or rejected; empty rows are passed over."""
    header: list[str] | None = None
    for number, raw in lines(stream):
        if header is None:
            header = header_of(raw, columns, mapping)
            continue
        if not raw.strip(b" ,\r\n"):
            continue
        yield _judged(number, raw, lambda raw=raw, header=header: _row(raw, header, columns), build)
    if header is None:
        raise HeaderRefused((), columns, wanted="、".join(columns))


def read_texts(
    rows: Iterable[tuple[int, Mapping[str, str]]], columns: tuple[str, ...], build: Callable[[int, Row], T]
) -> Iterator[tuple[str, T | Rejected]]:
    """The same of rows whose cells come as texts by our columns, each with the row as one line of CSV."""
    for line, cells in rows:
        raw = csv_line(cells[name] for name in columns if name in cells)
        yield raw, _judged(line, raw.encode(), lambda cells=cells: _checked(list(cells), cells, columns), build)


def _judged(line: int, raw: bytes, cells: Callable[[], Row], build: Callable[[int, Row], T]) -> T | Rejected:
    """What the rule makes of a row; a fault becomes a finding."""
    try:
        return build(line, cells())
    except Fault as fault:
        return Rejected(fault.finding(line), raw)


def header_of(raw: bytes, columns: tuple[str, ...], mapping: Mapping[str, str] | None = None) -> list[str]:
    """The columns that the first row names, by a person's mapping or by their own names."""
    return names_of(printed(raw), columns, mapping)


def printed(raw: bytes) -> list[str]:
    """The names of columns as the first row prints them."""
    check_plain(raw)
    try:
        text = raw.decode("utf-8-sig").strip()
        if any(ord(sign) < 32 and sign != "\t" for sign in text):
            raise HeaderNotUtf8
        return next(csv.reader([text]), [])
    except UnicodeDecodeError:
        raise HeaderNotUtf8 from None
    except csv.Error:
        return []


def names_of(shown: Sequence[str], columns: tuple[str, ...], mapping: Mapping[str, str] | None = None) -> list[str]:
    """Our names of printed columns; refuses what lacks a needed one, and what names one twice."""
    lower = [name.strip().lower() for name in shown]
    names = [(mapping or {}).get(name, name) for name in lower]
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise HeaderTwice(twice="、".join(twice))
    missing = [name for name in columns if name not in names and name not in OPTIONAL]
    if missing:
        raise HeaderRefused(lower, missing, wanted="、".join(columns))
    return names


def _row(raw: bytes, header: list[str], columns: tuple[str, ...]) -> Row:
    if len(raw) == LINE_MAX and not raw.endswith(b"\n"):
        raise Fault("row", "line-too-long", limit=LINE_MAX)
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
    """The row's cells by column: none that runs as a formula, none over-long, none empty that must not be."""
    row = dict.fromkeys(columns, "") | {name: cell.strip() for name, cell in cells.items() if name in columns}
    for name in header:
        if cells[name].startswith(_FORMULA):
            raise Fault(name, "formula", value=cells[name][:CELL_MAX])
        if len(cells[name]) > (limit := LONGEST.get(name, CELL_MAX)):
            raise Fault(name, "too-long", limit=limit)
    for name in columns:
        if not row[name] and name not in OPTIONAL:
            raise Fault(name, "empty")
    return row


def field(name: str, read: Callable[[], T]) -> T:
    """What the rule makes of a cell; its refusal becomes a finding about that column."""
    try:
        return read()
    except Refused as why:
        raise RefusedField(name, why) from None


def day(row: Row, name: str) -> date:
    """The cell as a day that there is."""
    try:
        if len(row[name]) != len("YYYY-MM-DD"):
            raise ValueError(row[name])
        found = date.fromisoformat(row[name])
    except ValueError:
        raise Fault(name, "date", value=row[name]) from None
    if not is_plausible(found):
        raise Fault(name, "year", value=row[name])
    return found


def count(row: Row, name: str) -> int:
    """The cell as a number of things; empty is none."""
    text = row[name] or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Fault(name, "count", value=text)
    return int(text)
