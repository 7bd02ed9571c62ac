"""Work-log files as secondees keep them: CSV in UTF-8 or the first sheet of an XLSX, in the same columns.

Columns, in any order: day, hours, task; start and end (HH:MM) where the log keeps times. A cell that a spreadsheet
would run as a formula is rejected, a workbook that unpacks to more than the limit is not opened.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO, StringIO

import openpyxl

from contributions.core import resources
from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from contributions.core.worklogs import LogRefused, Worked

COLUMNS = ("day", "hours", "task")
TIMES = ("start", "end")
BYTES_MAX, UNPACKED_MAX, ROWS_MAX = 5_000_000, 50_000_000, 5_000
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = tuple("=+-@＝＋－＠\t\r")
_TIME = re.compile(r"([0-2]?\d):([0-5]\d)")

WORDS = {
    "formula": (
        "「{value}」は表計算ソフトで数式として実行されるおそれがあるため、受け付けません。",
        "“{value}” could run as a formula in a spreadsheet and is not taken.",
    ),
    "date": ("「{value}」は実在する日付（YYYY-MM-DD）ではありません。", "“{value}” is not a date (YYYY-MM-DD)."),
    "time": ("「{value}」は時刻（HH:MM）ではありません。", "“{value}” is not a time (HH:MM)."),
    "empty": ("記入がありません。", "Nothing is filled in."),
    "cells": ("列の数が見出しと合いません。", "The row does not have as many cells as the header."),
}


class FileRefused(Refused):
    code = "worklog-file"
    ja = "従事日誌を読めません。{reason}"
    en = "The work log cannot be read. {reason}"


def media_of(name: str) -> str:
    """What kind of file it is, by its name."""
    return XLSX if name.lower().endswith(".xlsx") else CSV


def rows(content: bytes, *, name: str) -> list[Worked]:
    """Every row of the file; refused with every finding if one cannot be read."""
    if len(content) > BYTES_MAX:
        raise FileRefused(reason=Text("大きさが上限（5 MB）を超えています。", "It is larger than the limit (5 MB)."))
    cells = _sheet(content) if media_of(name) == XLSX else _lines(content)
    header = next(cells, None)
    names = [str(cell).strip().lower() for cell in (header[1] if header else ())]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        wanted = "、".join(missing)
        raise FileRefused(reason=Text(f"見出しに {wanted} がありません。", f"The header lacks {wanted}."))
    found: list[Worked] = []
    findings: list[Finding] = []
    for line, values in cells:
        if line > ROWS_MAX:
            raise FileRefused(reason=Text(f"{ROWS_MAX} 行を超えています。", f"It has more than {ROWS_MAX} rows."))
        row = _row(line, names, values, findings)
        if row is not None:
            found.append(row)
    if findings:
        raise LogRefused(findings)
    return found


def _row(line: int, names: list[str], values: list[object], findings: list[Finding]) -> Worked | None:
    if len(values) != len(names):
        findings.append(_finding(line, "row", "cells"))
        return None
    cell = dict(zip(names, values, strict=True))
    before = len(findings)
    for name in names:
        if isinstance(cell[name], str) and str(cell[name]).startswith(_FORMULA):
            findings.append(_finding(line, name, "formula", value=cell[name]))
    day = _day(line, cell["day"], findings)
    minutes = _minutes(line, cell["hours"], findings)
    start, end = (_clock(line, name, cell.get(name), findings) for name in TIMES)
    task = str(cell["task"]).strip()
    if not task:
        findings.append(_finding(line, "task", "empty"))
    if len(findings) > before or day is None or minutes is None:
        return None
    return Worked(line, day, minutes, task, start, end)


def _day(line: int, value: object, findings: list[Finding]) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    try:
        text = str(value).strip()
        if len(text) != len("YYYY-MM-DD"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        findings.append(_finding(line, "day", "date", value=value))
        return None


def _minutes(line: int, value: object, findings: list[Finding]) -> int | None:
    """Hours to the minute. A number of a workbook is read as it prints, so that 7.75 is 7.75 and not its double."""
    try:
        return resources.minutes(str(value).strip())
    except Refused as why:
        findings.append(Finding(line, "hours", why.code, why.ja, why.en, why.facts))
        return None


def _clock(line: int, name: str, value: object, findings: list[Finding]) -> int | None:
    if value in {None, ""}:
        return None
    text = value.strftime("%H:%M") if isinstance(value, time) else str(value).strip()
    match = _TIME.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minute <= 24 * 60:
        findings.append(_finding(line, name, "time", value=value))
        return None
    return minute


def _lines(content: bytes) -> Iterator[tuple[int, list[object]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            reason=Text("UTF-8 として読めません。「CSV UTF-8」で保存し直してください。", "Save it as “CSV UTF-8”.")
        ) from None
    try:
        for number, cells in enumerate(csv.reader(StringIO(text), strict=True), start=1):
            if any(cell.strip() for cell in cells):
                yield number, [cell.strip() for cell in cells]
    except csv.Error:
        raise FileRefused(reason=Text("引用符が閉じていません。", "A quotation mark is not closed.")) from None


def _sheet(content: bytes) -> Iterator[tuple[int, list[object]]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
        if unpacked > UNPACKED_MAX:
            raise FileRefused(reason=Text("展開後の大きさが上限を超えます。", "It unpacks to more than the limit."))
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            if any(cell not in {None, ""} for cell in cells):
                yield number, ["" if cell is None else cell for cell in cells]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError):
        raise FileRefused(reason=Text("XLSX として読めません。", "It is not a readable XLSX file.")) from None


def _finding(line: int, field: str, code: str, **facts: object) -> Finding:
    ja, en = WORDS[code]
    return Finding(line, field, code, ja, en, facts)
