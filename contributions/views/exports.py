"""Lists as CSV for a spreadsheet: UTF-8 with its mark, one header row, and no cell that could run as a formula.

In a demo the first row says that the figures are invented.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from contributions import selectors, services
from contributions.adapters import tables
from contributions.core import datasets, periods, terms

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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


def until(end: date | None) -> date | None:
    """The last day of a half-open period, as pages show it; a period without end has none."""
    return periods.last_day(end) if end else None


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


def xlsx_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows as a workbook called `name`.xlsx; whole numbers and dates are typed cells, everything else is text."""
    head = selectors.log.head()
    cells = [[cell if isinstance(cell, int | date) else str(cell or "") for cell in row] for row in rows]
    content = tables.xlsx_bytes([str(cell) for cell in header], cells, illustrative=head is not None and head.demo)
    return _file(f"{name}.xlsx", content, XLSX)


def evidence_file(name: str, annex, *, marks: Iterable[str] = ()) -> HttpResponse:
    """A sealed file as it was handed in; the marks on it (営業秘密 …) travel in its name."""
    return content_file(name, services.journal.store().get(annex.sha256), annex.media, marks=marks)


def content_file(
    name: str, content: bytes, media: str = "application/octet-stream", *, marks: Iterable[str] = ()
) -> HttpResponse:
    """A file to keep, under a name that carries the marks of what it belongs to."""
    known = terms.MARKS | datasets.MARKS
    marked = "".join(f"[{known[mark].ja}]" for mark in marks if mark in known)
    return _file(f"{marked}{name}", content, media)


def _file(name: str, content: bytes, media: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
