"""Tables for other people's programs: CSV (UTF-8 with BOM, or CP932) and XLSX, the same bytes for the same rows.

In CSV a text that a spreadsheet would run as a formula gets a leading apostrophe (in XLSX it is a text cell, which
nothing runs); characters that CP932 cannot hold are refused, never swapped. On demand the first row says 見本・架空, so
that no illustrative file passes for a real one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO, StringIO

import xlsxwriter

from contributions.core.errors import Refused

ILLUSTRATIVE = "見本・架空"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIXED = datetime(2026, 1, 1, tzinfo=UTC)
_EXACT = 10**15  # what a spreadsheet's double still holds exactly; longer numbers go in as text
_SHEET_NAME_MAX = 31

Cell = str | int | bool | date | Fraction | None


class NotInEncoding(Refused):
    code = "not-in-encoding"
    ja = "{row}行目の文字「{character}」は {encoding} で表せません。"
    en = "The character “{character}” in row {row} cannot be written in {encoding}."


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, encoding: str = "utf-8-sig", illustrative: bool = False
) -> bytes:
    """A CSV file with CRLF ends; `encoding` is "utf-8-sig" or "cp932"."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in _marked(header, rows, illustrative):
        writer.writerow([plain(cell) for cell in row])
    try:
        return out.getvalue().encode(encoding)
    except UnicodeEncodeError as error:
        row = out.getvalue().count("\r\n", 0, error.start) + 1
        raise NotInEncoding(row=row, character=error.object[error.start], encoding=encoding) from error


def xlsx_bytes(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "表",
    illustrative: bool = False,
    created: datetime = _FIXED,
) -> bytes:
    """An XLSX file; whole numbers and dates are typed cells, everything else is text."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": created.replace(tzinfo=None)})
        page = book.add_worksheet(sheet[:_SHEET_NAME_MAX])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        amount = book.add_format({"num_format": "#,##0"})
        top = 2 if illustrative else 1
        for number, row in enumerate(_marked(header, rows, illustrative)):
            for column, cell in enumerate(row):
                if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < _EXACT:
                    page.write_number(number, column, cell, amount)
                elif isinstance(cell, date) and not isinstance(cell, datetime):
                    page.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
                else:
                    page.write_string(number, column, _text(cell), bold if number < top else None)
        page.freeze_panes(top, 0)
        page.set_column(0, max(len(header) - 1, 0), 18)
    return out.getvalue()


def plain(cell: Cell) -> str:
    """A cell as text that no spreadsheet runs.

    >>> plain("=HYPERLINK(1)"), plain(-5), plain(None), plain(Fraction(1, 3))
    ("'=HYPERLINK(1)", '-5', '', '1/3')
    """
    text = _text(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_RISKY) else text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _marked(header: Sequence[str], rows: Iterable[Sequence[Cell]], illustrative: bool) -> Iterable[Sequence[Cell]]:
    if illustrative:
        yield [ILLUSTRATIVE]
    yield header
    for row in rows:
        assert len(row) == len(header), "a row has as many cells as the header"
        yield row
