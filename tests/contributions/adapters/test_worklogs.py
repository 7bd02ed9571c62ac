"""Work-log files: CSV and XLSX alike, every unreadable cell a finding with its line, nothing opened that explodes."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from datetime import date, time

import openpyxl
import pytest

from contributions.adapters import worklogs
from contributions.core.errors import Refused
from contributions.core.worklogs import LogRefused, Worked

GOOD = "task,day,hours,start,end\n整備,2026-05-01,3,09:00,12:00\n整備,2026-05-01,4.75,13:00,17:45\n"
WORKED = [
    Worked(2, date(2026, 5, 1), 180, "整備", 540, 720),
    Worked(3, date(2026, 5, 1), 285, "整備", 780, 1065),
]


def book(*rows: tuple[object, ...]) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def test_a_csv_and_a_workbook_read_alike():
    assert worklogs.rows(GOOD.encode("utf-8-sig"), name="may.csv") == WORKED
    cells = book(
        ("task", "day", "hours", "start", "end"),
        ("整備", date(2026, 5, 1), 3, time(9), time(12)),
        ("整備", "2026-05-01", 4.75, "13:00", "17:45"),
    )
    assert worklogs.rows(cells, name="may.XLSX") == WORKED


def test_every_cell_that_cannot_be_read_is_a_finding_with_its_line():
    bad = "day,hours,task\n2026-02-30,1,a\n2026-05-01,NaN,b\n2026-05-01,-1,c\n2026-05-01,1,=1+1\n2026-05-01,1,\n1,2\n"
    with pytest.raises(LogRefused) as refusal:
        worklogs.rows(bad.encode(), name="x.csv")
    assert [(found.line, found.field, found.code) for found in refusal.value.findings] == [
        (2, "day", "date"), (3, "hours", "not-a-decimal"), (4, "hours", "formula"),
        (5, "task", "formula"), (6, "task", "empty"), (7, "row", "cells"),
    ]  # fmt: skip


def test_every_cell_of_a_row_is_judged():
    bad = 'day,hours,task,start,end\n2026-02-30,NaN,"a\nb",25:00,x\n2026-05-01,1,b,,\n'
    with pytest.raises(LogRefused) as refusal:
        worklogs.rows(bad.encode(), name="x.csv")
    assert [(found.line, found.field, found.code) for found in refusal.value.findings] == [
        (2, "day", "date"), (2, "hours", "not-a-decimal"), (2, "task", "line-break"),
        (2, "start", "time"), (2, "end", "time"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.csv", "header-refused"),
        (b"day,hours\n", "x.csv", "header-refused"),
        (b"\xff\xfed\x00", "x.csv", "file-not-utf-8"),
        ("日付,時間,業務\n".encode("cp932"), "x.csv", "header-not-utf-8"),
        (b"PK\x03\x04 as a table", "x.csv", "packed-file"),
        (b"\x1f\x8b as a table", "x.csv", "packed-file"),
        (b"PK not a zip", "x.xlsx", "worklog-file"),
        (b"x" * (worklogs.BYTES_MAX + 1), "x.csv", "worklog-file"),
        (book(("day", "hours")), "x.xlsx", "header-refused"),
        (b"day,hours,task,DAY\n", "x.csv", "columns-twice"),
    ],
)
def test_a_file_that_is_no_work_log_is_refused(content, name, code):
    with pytest.raises(Refused) as refusal:
        worklogs.rows(content, name=name)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("line", "field", "code"),
    [
        (b"2026-05-01,1,\xff\xfe", "row", "not-utf-8"),
        (b'2026-05-01,1,"a', "row", "quotes"),
        (b"2026-05-01,1,a\x00b", "row", "control"),
        (b"2026-05-01,1," + b"x" * 501, "task", "too-long"),
        (b"2026-05-01,1," + b"x" * 200_000, "row", "line-too-long"),
        (b"2026-05-01," + b"9" * 30 + b",a", "hours", "not-a-decimal"),
        (b"2026-05-01,99999999999999999,a", "hours", "out-of-range"),
        (b"0000-05-01,1,a", "day", "date"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_lines_after_it_keep_their_number(line, field, code):
    content = b"day,hours,task\n2026-05-01,1,a\n" + line + b"\n2026-05-01,1,=b\n"
    with pytest.raises(LogRefused) as refusal:
        worklogs.rows(content, name="x.csv")
    assert [(found.line, found.field, found.code) for found in refusal.value.findings] == [
        (3, field, code), (4, "task", "formula"),
    ]  # fmt: skip


def test_columns_are_read_under_the_names_that_a_person_mapped():
    mapping = {"業務": "task", "日付": "day", "時間": "hours"}
    content = "日付,業務,時間\n2026-05-01,整備,3\n".encode()
    assert worklogs.header(content, name="x.csv") == ["日付", "業務", "時間"]
    [row] = worklogs.rows(content, name="x.csv", mapping=mapping)
    sheet = book(("日付", "業務", "時間"), ("2026-05-01", "整備", 3))
    assert worklogs.header(sheet, name="x.xlsx") == ["日付", "業務", "時間"]
    assert worklogs.rows(sheet, name="x.xlsx", mapping=mapping) == [row] == [Worked(2, date(2026, 5, 1), 180, "整備")]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(xml: bytes) -> bytes:
    """A workbook whose first sheet is that XML."""
    with zipfile.ZipFile(io.BytesIO(book(("day", "hours", "task")))) as archive:
        return packed(**{name: xml if name == SHEET else archive.read(name) for name in archive.namelist()})


def sheet_of(rows: bytes, before: bytes = b"") -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return before + head + rows + b"</sheetData></worksheet>"


def cell(place: bytes, text: bytes) -> bytes:
    return b'<c r="' + place + b'" t="inlineStr"><is><t>' + text + b"</t></is></c>"


HEADER = b'<row r="1">' + cell(b"A1", b"day") + cell(b"B1", b"hours") + cell(b"C1", b"task") + b"</row>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed(**{SHEET: b"0" * (worklogs.UNPACKED_MAX + 1)}), "unpacks"),
        (packed(**{f"part{n}.xml": b"" for n in range(worklogs.PARTS_MAX + 1)}), "unpacks"),
        (with_sheet(sheet_of(HEADER, LAUGHS)), "document type"),
        (with_sheet(sheet_of(HEADER, LAUGHS).decode().encode("utf-16")), "document type"),
        (with_sheet(sheet_of(HEADER + b'<row r="999999999"><c r="A999999999"/></row>')), "rows"),
        (with_sheet(sheet_of(HEADER)[:-20]), "readable"),
        (with_sheet(b"<" * 100_000), "readable"),
    ],
    ids=["unpacks to much", "many parts", "entities", "entities in UTF-16", "endless rows", "cut", "deep"],
)
def test_a_workbook_that_would_explode_is_refused(content, said):
    assert len(content) < worklogs.BYTES_MAX
    with pytest.raises(worklogs.FileRefused, match=said):
        worklogs.rows(content, name="bomb.xlsx")


def test_a_workbook_that_lies_about_what_it_unpacks_to_is_no_workbook():
    content = bytearray(packed(**{SHEET: b"0" * 1_000_000}))
    for sign, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(sign) + place
        content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(worklogs.FileRefused, match="readable"):
        worklogs.rows(bytes(content), name="bomb.xlsx")


def test_wide_and_short_rows_of_a_workbook_are_read_by_their_header():
    wide = b'<row r="2">' + cell(b"A2", b"2026-05-01") + cell(b"B2", b"1") + cell(b"C2", b"a") + cell(b"XFD2", b"z")
    short = b'<row r="3">' + cell(b"A3", b"2026-05-02") + cell(b"B3", b"1") + b"</row>"
    with pytest.raises(LogRefused) as refusal:
        worklogs.rows(with_sheet(sheet_of(HEADER + wide + b"</row>" + short)), name="x.xlsx")
    assert [(found.line, found.field, found.code) for found in refusal.value.findings] == [(3, "task", "empty")]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_is_refused_or_read_and_nothing_else(seed):
    chance = random.Random(seed)
    content = bytearray(book(("day", "hours", "task"), ("2026-05-01", 3, "a")))
    for _ in range(chance.choice((1, 3, 30))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    with contextlib.suppress(Refused):
        assert worklogs.rows(bytes(content), name="x.xlsx") is not None
