"""Tables that people fill in, read by their header: each row is taken or rejected whole, with every fault of its cells.

Columns may stand in any order, under names that a person has once mapped to ours. A cell that a spreadsheet would run
as a formula (it begins with = + - @) is rejected: what comes in here goes out again in exports that others open. Lines
and cells have bounds, and a line that is over-long is one rejected row, however long it is. A row whose quoted cell
goes on over several lines is one row, and rejected for that.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import BinaryIO, TypeVar, cast

from contributions.core.errors import Finding, Refused
from contributions.core.imports import ColumnsUnknown, Rejected, check_plain
from contributions.core.periods import is_plausible
from contributions.core.words import Text

LINE_MAX = 1 << 16
JOINED_MAX = 50
"""Over how many lines a quoted cell may go on and still be told as such."""
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
        '引用符（"）が閉じていないか、閉じた後に文字が続いています。引用符を直してください。',
        "A quotation mark is not closed, or text follows where one closes. Mend the quotation marks.",
    ),
    "line-break": Text(
        "セルの中に改行があります。改行を空白に置き換えてください。",
        "The cell holds a line break. Put a space in its place.",
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
    "not-on-day": Text(
        "計算資源の種別「{value}」は {day} には設置されていません。その日に使えた種別は {known} です。",
        "The accelerator “{value}” was not installed on {day}. There were then: {known}",
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
    """What is wrong with a row, or with the cell that a rule reads, on its way to becoming a finding."""

    def __init__(self, code: str, *, words: Text | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code, self.words, self.facts = code, words or WORDS[code], facts

    def finding(self, line: int, field: str) -> Finding:
        """The fault with its place, in the words of its code."""
        return Finding(line, field, self.code, self.words.ja, self.words.en, self.facts)


class Faults(Exception):
    """A row has faults, and nothing can be made of it."""


class Cells(dict[str, str]):
    """The cells of a row by column, and what is wrong with them: of each column the first fault.

    Whoever makes something of a row reads every cell first, and settles before it uses what it read.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__(texts)
        self.faults: dict[str, Fault] = {}

    def read(self, name: str, rule: Callable[[str], T]) -> T:
        """What the rule makes of the cell. Where it refuses, the fault is kept and None stands in until `settle`."""
        if name not in self.faults:
            try:
                return rule(self[name])
            except Refused as why:
                self.faults[name] = Fault(why.code, words=Text(why.ja, why.en), **why.facts)
            except Fault as fault:
                self.faults[name] = fault
        return cast(T, None)

    def refuse(self, name: str, code: str, *, words: Text | None = None, **facts: object) -> None:
        """Keep what is wrong with a cell beside others."""
        self.faults.setdefault(name, Fault(code, words=words, **facts))

    def settle(self) -> None:
        """Go no further with a row that has faults."""
        if self.faults:
            raise Faults

    def findings(self, line: int, columns: Sequence[str]) -> tuple[Finding, ...]:
        """Every fault, in the order of the columns."""
        names = sorted(self.faults, key=lambda name: columns.index(name) if name in columns else len(columns))
        return tuple(self.faults[name].finding(line, name) for name in names)


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
    build: Callable[[int, Cells], T],
    mapping: Mapping[str, str] | None = None,
) -> Iterator[T | Rejected]:
    """Each row below the header, as `build` makes it of its cells, or rejected; empty rows are passed over."""
    table = lines(stream)
    first = next(table, None)
    if first is None:
        raise HeaderRefused((), columns, wanted="、".join(columns))
    header = header_of(first[1], columns, mapping)
    for number, raw in _joined(table, len(header)):
        if raw.strip(b" ,\r\n"):
            yield _judged(number, raw, lambda raw=raw: _row(raw, header, columns), build, columns)


def read_texts(
    rows: Iterable[tuple[int, Mapping[str, str]]], columns: tuple[str, ...], build: Callable[[int, Cells], T]
) -> Iterator[tuple[str, T | Rejected]]:
    """The same of rows whose cells come as texts by our columns, each with the row as one line of CSV."""
    for line, cells in rows:
        raw = csv_line(cells[name] for name in columns if name in cells)
        yield raw, _judged(line, raw.encode(), lambda cells=cells: _checked(cells, columns), build, columns)


def _joined(table: Iterator[tuple[int, bytes]], width: int) -> Iterator[tuple[int, bytes]]:
    """The lines of the table, and those of one row together where a quoted cell goes on over several."""
    ahead: deque[tuple[int, bytes]] = deque()
    while ahead or _drawn(table, ahead):
        number, raw = ahead.popleft()
        yield number, _whole(raw, table, ahead, width) if _is_open(raw) else raw


def _whole(raw: bytes, table: Iterator[tuple[int, bytes]], ahead: deque[tuple[int, bytes]], width: int) -> bytes:
    """The row that begins with a line, where the lines up to the end of its quotation make one; else the line."""
    whole = raw
    for taken in range(1, JOINED_MAX):
        if (len(ahead) < taken and not _drawn(table, ahead)) or len(whole + ahead[taken - 1][1]) >= LINE_MAX:
            break
        whole += ahead[taken - 1][1]
        if _is_open(ahead[taken - 1][1]):
            if len(_split(whole)) != width:
                break
            for _ in range(taken):
                ahead.popleft()
            return whole
    return raw


def _drawn(table: Iterator[tuple[int, bytes]], ahead: deque[tuple[int, bytes]]) -> bool:
    """Draw one more line; whether there was one."""
    line = next(table, None)
    if line is not None:
        ahead.append(line)
    return line is not None


def _is_open(raw: bytes) -> bool:
    """Whether a quotation begins in the line that does not end there, or the other way about."""
    return raw.count(b'"') % 2 == 1


def _split(raw: bytes) -> list[str]:
    """The cells of a row; none where it is no row."""
    try:
        return next(csv.reader([raw.decode("utf-8").rstrip("\r\n")], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return []


def _judged(
    line: int, raw: bytes, cells: Callable[[], Cells], build: Callable[[int, Cells], T], columns: Sequence[str]
) -> T | Rejected:
    """What the rule makes of a row; its faults become findings."""
    try:
        row = cells()
    except Fault as fault:
        return Rejected(fault.finding(line, "row"), raw)
    try:
        made = build(line, row)
        row.settle()
        return made
    except Faults:
        first, *more = row.findings(line, columns)
        return Rejected(first, raw, tuple(more))


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


def _row(raw: bytes, header: list[str], columns: tuple[str, ...]) -> Cells:
    if len(raw) == LINE_MAX and not raw.endswith(b"\n"):
        raise Fault("line-too-long", limit=LINE_MAX)
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Fault("not-utf-8") from None
    if any(ord(sign) < 32 and sign not in "\t\n" for sign in text.replace("\r\n", "\n")):
        raise Fault("control")
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise Fault("quotes") from None
    if len(cells) != len(header):
        raise Fault("cells", got=len(cells), want=len(header))
    return _checked(dict(zip(header, cells, strict=True)), columns)


def _checked(cells: Mapping[str, str], columns: tuple[str, ...]) -> Cells:
    """The row's cells by column: none that runs as a formula, none over-long, none empty that must not be."""
    row = Cells(dict.fromkeys(columns, "") | {name: cell.strip() for name, cell in cells.items() if name in columns})
    for name, cell in cells.items():
        if cell.startswith(_FORMULA):
            row.refuse(name, "formula", value=cell[:CELL_MAX])
        if len(cell) > (limit := LONGEST.get(name, CELL_MAX)):
            row.refuse(name, "too-long", limit=limit)
        if "\n" in cell or "\r" in cell:
            row.refuse(name, "line-break")
    for name in columns:
        if not row[name] and name not in OPTIONAL:
            row.refuse(name, "empty")
    return row


def day(text: str) -> date:
    """The cell as a day that there is."""
    try:
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)
        found = date.fromisoformat(text)
    except ValueError:
        raise Fault("date", value=text) from None
    if not is_plausible(found):
        raise Fault("year", value=text)
    return found


def count(text: str) -> int:
    """The cell as a number of things; empty is none."""
    number = text or "0"
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Fault("count", value=number)
    return int(number)
