"""Work-log files: CSV and XLSX alike, every unreadable cell a finding with its line, nothing opened that explodes."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time

import openpyxl
import pytest

from contributions.adapters import worklogs
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
        (2, "day", "date"), (3, "hours", "not-a-decimal"), (4, "hours", "formula"), (4, "hours", "not-a-decimal"),
        (5, "task", "formula"), (6, "task", "empty"), (7, "row", "cells"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "x.csv"), (b"day,hours\n", "x.csv"), (b"\xff\xfe", "x.csv"), (b"day,hours,task\n\"a", "x.csv"),
     (b"PK not a zip", "x.xlsx"), (b"x" * (worklogs.BYTES_MAX + 1), "x.csv")],
)  # fmt: skip
def test_a_file_that_is_no_work_log_is_refused(content, name):
    with pytest.raises(worklogs.FileRefused):
        worklogs.rows(content, name=name)


def test_a_workbook_that_unpacks_beyond_the_limit_is_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (worklogs.UNPACKED_MAX + 1))
    assert len(out.getvalue()) < worklogs.BYTES_MAX
    with pytest.raises(worklogs.FileRefused, match="unpacks"):
        worklogs.rows(out.getvalue(), name="bomb.xlsx")
