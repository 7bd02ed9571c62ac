"""Tables as XLSX, row by row: whole numbers and dates are typed cells, everything else is text and never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from io import BytesIO

import xlsxwriter

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_MAX = 32_000
SAFE_INTEGER = 10**15  # a spreadsheet keeps 15 digits


def xlsx_bytes(title: str, header: Sequence[object], rows: Iterable[Sequence[object]], *, note: str = "") -> bytes:
    """One sheet, its header frozen; `note` stands above it."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2026, 4, 1, tzinfo=UTC)})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(title[:31])
        top = 0
        if note:
            sheet.write_string(0, 0, note)
            top = 1
        for column, name in enumerate(header):
            sheet.write_string(top, column, str(name), bold)
        sheet.freeze_panes(top + 1, 0)
        for line, row in enumerate(rows, start=top + 1):
            for column, value in enumerate(row):
                _write(sheet, line, column, value, day)
    return out.getvalue()


def _write(sheet, line: int, column: int, value: object, day) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | date):
        sheet.write_string(line, column, str(value)[:CELL_MAX])
    elif isinstance(value, int):
        if abs(value) < SAFE_INTEGER:
            sheet.write_number(line, column, value)
        else:
            sheet.write_string(line, column, str(value))
    else:
        sheet.write_datetime(line, column, value, day)
