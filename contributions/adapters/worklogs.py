"""Work-log files as secondees keep them: CSV in UTF-8 or the first sheet of an XLSX, in the same columns.

Columns, in any order and under names that a person has mapped once: day, hours, task; start and end (HH:MM) where the
log keeps times. Cells are judged as those of every form (`adapters.cells`). Of a workbook nothing is unpacked beyond a
bound, no document type is taken, and neither are more rows than a month can have.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from io import BytesIO, StringIO
from xml.parsers import expat

import openpyxl

from contributions.adapters import cells
from contributions.adapters.cells import Cells
from contributions.core import resources
from contributions.core.errors import Finding, Refused
from contributions.core.imports import Rejected
from contributions.core.words import Text
from contributions.core.worklogs import Day, LogRefused, Worked

COLUMNS = ("day", "hours", "task", "start", "end")
BYTES_MAX, UNPACKED_MAX, PARTS_MAX = 5_000_000, 20_000_000, 500
ROWS_MAX, COLUMNS_MAX = 5_000, 100
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TIME = re.compile(r"([0-2]?\d):([0-5]\d)")


class FileRefused(Refused):
    code = "worklog-file"
    ja = "従事日誌を読めません。{reason}"
    en = "The work log cannot be read. {reason}"


def media_of(name: str) -> str:
    """What kind of file it is, by its name."""
    return XLSX if name.lower().endswith(".xlsx") else CSV


def rows(content: bytes, *, name: str, mapping: Mapping[str, str] | None = None) -> list[Worked]:
    """Every row of the file; refused with every finding if one cannot be read."""
    found: list[Worked] = []
    findings: list[Finding] = []
    for row in _rows(content, name, mapping):
        if isinstance(row, Rejected):
            findings += row.findings
        else:
            found.append(row)
    if findings:
        raise LogRefused(findings)
    return found


def days_csv(days: Iterable[Day]) -> bytes:
    """The days of a log as a table of our own: day, minutes, tasks. What was handed in may name its columns anyhow."""
    lines = [cells.csv_line(("day", "minutes", "tasks"))]
    lines += [cells.csv_line((day.day.isoformat(), str(day.minutes), "／".join(day.tasks))) for day in days]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def days_of(content: bytes) -> list[Day]:
    """The days in such a table."""
    table = csv.reader(StringIO(content.decode("utf-8-sig")))
    next(table)
    return [Day(date.fromisoformat(day), int(minutes), tuple(tasks.split("／"))) for day, minutes, tasks in table]


def header(content: bytes, *, name: str) -> list[str]:
    """How the file names its columns, as it prints them."""
    _check_size(content)
    if media_of(name) == XLSX:
        texts = next((texts for _, texts in _sheet(content)), [])
        return texts[: max((at for at, text in enumerate(texts, 1) if text), default=0)]
    return cells.printed(content.partition(b"\n")[0][: cells.LINE_MAX])


def _rows(content: bytes, name: str, mapping: Mapping[str, str] | None) -> Iterator[Worked | Rejected]:
    _check_size(content)
    if media_of(name) != XLSX:
        yield from cells.read(BytesIO(content), COLUMNS, _worked, mapping)
        return
    sheet = _sheet(content)
    names = cells.names_of(next((texts for _, texts in sheet), []), COLUMNS, mapping)
    table = ((line, dict(zip(names, _fitted(texts, len(names)), strict=True))) for line, texts in sheet)
    for _, row in cells.read_texts(table, COLUMNS, _worked):
        yield row


def _check_size(content: bytes) -> None:
    if len(content) > BYTES_MAX:
        raise FileRefused(reason=Text("大きさが上限（5 MB）を超えています。", "It is larger than the limit (5 MB)."))


def _fitted(texts: list[str], width: int) -> list[str]:
    """A row of a sheet has as many cells as the header: what is empty behind them is nothing."""
    return [*texts, *[""] * width][:width]


def _worked(line: int, row: Cells) -> Worked:
    """The row as a piece of work. A number of a workbook is read as it prints: 7.75 is 7.75 and not its double."""
    if line > ROWS_MAX:
        raise _too_many_rows()
    day, minutes = row.read("day", cells.day), row.read("hours", resources.minutes)
    start, end = row.read("start", _clock), row.read("end", _clock)
    return Worked(line, day, minutes, row["task"], start, end)


def _clock(text: str) -> int | None:
    if not text:
        return None
    match = _TIME.fullmatch(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minute <= 24 * 60:
        raise cells.Fault("time", value=text)
    return minute


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that have something in them, each cell as text."""
    try:
        _check_package(content)
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=COLUMNS_MAX), start=1):
            if number > 2 * ROWS_MAX:
                raise _too_many_rows()
            texts = [_text(value) for value in row]
            if any(texts):
                yield number, texts
    except Refused:
        raise
    except Exception as error:  # whatever the library stumbles over, it is the workbook that is broken
        raise FileRefused(reason=Text("XLSX として読めません。", "It is not a readable XLSX file.")) from error


def _check_package(content: bytes) -> None:
    """What a workbook says it unpacks to, before anything is; and no part that declares entities."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        entries = packed.infolist()
        if len(entries) > PARTS_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX:
            raise FileRefused(reason=Text("展開後の大きさが上限を超えます。", "It unpacks to more than the limit."))
        for entry in entries:
            scout = expat.ParserCreate()
            scout.StartDoctypeDeclHandler = _refuse_entities
            try:
                scout.Parse(packed.read(entry), True)
            except expat.ExpatError:
                continue  # a picture, or a part that the reader will refuse


def _refuse_entities(*_: object) -> None:
    raise FileRefused(reason=Text("文書型宣言が含まれています。", "It holds a document type declaration."))


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value).strip()


def _too_many_rows() -> FileRefused:
    return FileRefused(reason=Text(f"{ROWS_MAX} 行を超えています。", f"It has more than {ROWS_MAX} rows."))
