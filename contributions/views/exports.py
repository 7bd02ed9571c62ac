"""Lists as CSV for a spreadsheet: UTF-8 with its mark, one header row, and no cell that could run as a formula.

In a demo the first row says that the figures are invented.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from contributions import selectors
from contributions.adapters import workbooks

SAMPLE = "見本・架空 / Sample, invented figures"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows as a file called `name`.csv."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    out = csv.writer(response)
    head = selectors.log.head()
    if head is not None and head.demo:
        out.writerow([SAMPLE])
    out.writerow([str(cell) for cell in header])
    out.writerows([_cell(cell) for cell in row] for row in rows)
    return response


def xlsx_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows as a workbook called `name`.xlsx."""
    head = selectors.log.head()
    note = SAMPLE if head is not None and head.demo else ""
    response = HttpResponse(workbooks.xlsx_bytes(name, header, rows, note=note), content_type=workbooks.MEDIA)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def as_file(kind: str, name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows in the form that was asked for."""
    return (xlsx_file if kind == "xlsx" else csv_file)(name, header, rows)


def _cell(value: object) -> object:
    """A text that a spreadsheet would run is shown as text; figures stay figures."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
