"""Tables for spreadsheets and accounting programs: exact, the same each time, and nothing that runs."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest

from contributions.adapters import tables

HEADER = ["日付", "摘要", "金額"]
ROWS = [[date(2026, 10, 31), "配分", 1_234_567], [date(2026, 11, 1), '=HYPERLINK("http://x")', -5]]


def test_csv_has_a_mark_for_excel_and_crlf():
    data = tables.csv_bytes(HEADER, ROWS)
    assert data.startswith(b"\xef\xbb\xbf") and data.decode("utf-8-sig").split("\r\n")[1] == "2026-10-31,配分,1234567"


def test_a_text_that_would_run_as_a_formula_is_neutralised_but_a_negative_number_is_not():
    line = tables.csv_bytes(HEADER, ROWS).decode("utf-8-sig").split("\r\n")[2]
    assert line == '2026-11-01,"\'=HYPERLINK(""http://x"")",-5'


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"])
def test_every_way_to_begin_a_formula_is_neutralised(text):
    assert tables.plain(text) == "'" + text


def test_cp932_holds_what_shift_jis_lacks_and_refuses_what_it_cannot():
    assert "髙﨑".encode("cp932") in tables.csv_bytes(["名"], [["髙﨑"]], encoding="cp932")
    with pytest.raises(tables.NotInEncoding) as refusal:
        tables.csv_bytes(["名"], [["山田"], ["𠮷田"]], encoding="cp932")
    assert refusal.value.facts["row"] == 3 and "𠮷" in refusal.value.text("ja")


def test_an_illustrative_table_says_so_first():
    assert tables.csv_bytes(HEADER, ROWS, illustrative=True).decode("utf-8-sig").startswith("見本・架空\r\n")
    assert read(tables.xlsx_bytes(HEADER, ROWS, illustrative=True))[0][0] == "見本・架空"


def test_xlsx_keeps_numbers_and_dates_as_such_and_runs_nothing():
    rows = read(tables.xlsx_bytes(HEADER, ROWS))
    assert rows[1][0].date() == date(2026, 10, 31) and rows[1][2] == 1_234_567
    assert rows[2][1] == '=HYPERLINK("http://x")'
    sheet = openpyxl.load_workbook(BytesIO(tables.xlsx_bytes(HEADER, ROWS))).active
    assert sheet["B3"].data_type != "f"


def test_a_number_too_long_for_a_spreadsheet_is_kept_as_text():
    assert read(tables.xlsx_bytes(["量"], [[2**60]]))[1][0] == str(2**60)


def test_the_same_rows_give_the_same_bytes():
    assert tables.xlsx_bytes(HEADER, ROWS) == tables.xlsx_bytes(HEADER, ROWS)


def test_an_exact_share_is_written_as_a_fraction():
    assert tables.plain(Fraction(1, 3)) == "1/3"


def read(data):
    return list(openpyxl.load_workbook(BytesIO(data)).active.iter_rows(values_only=True))
