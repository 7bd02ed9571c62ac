"""CSV forms: each row taken or rejected whole, no formula let in."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from contributions.adapters import cells, spreadsheets
from contributions.core import compute, resources
from contributions.core.imports import Rejected

DEMO = Path(__file__).resolve().parents[3] / "demo" / "resources"
CASH = "member,title,nature,currency,amount,rate,rate_source,rate_date,period_from,period_until,funding"
GOOD = ["mufg", "負担金", "levy", "JPY", "1000", "", "", "", "2026-04-01", "2027-04-01", "own"]
DAYS = "facility,day,accelerator,jobs,cpu_hours,node_hours,gpu_hours"


def cash(*rows: list[str] | bytes, header: str = CASH) -> list[resources.Resource | Rejected]:
    lines = [header.encode(), *(row if isinstance(row, bytes) else ",".join(row).encode() for row in rows)]
    return list(spreadsheets.cash(io.BytesIO(b"\r\n".join(lines))))


def changed(**cells: str) -> list[str]:
    return list((dict(zip(CASH.split(","), GOOD, strict=True)) | cells).values())


def days(*rows: str) -> list[spreadsheets.MeteredDay | Rejected]:
    return list(spreadsheets.compute_days(io.BytesIO("\n".join(["\ufeff" + DAYS, *rows]).encode()), "osaka"))


@pytest.mark.parametrize("kind", sorted(spreadsheets.READERS))
def test_the_demo_forms_have_no_finding_and_mark_every_line(kind: str) -> None:
    with (DEMO / f"{kind}.csv").open("rb") as stream:
        rows = list(spreadsheets.READERS[kind](stream))
    assert rows
    assert all(isinstance(row, resources.Resource) and row.note.startswith("見本・架空") for row in rows)


def test_a_good_line_is_exact_and_columns_are_free_in_order() -> None:
    (line,) = cash(GOOD)
    assert (line.member, line.quantity, line.unit, line.nature, line.line) == ("mufg", 1000, "JPY", "levy", 2)
    names = CASH.split(",")[::-1]
    assert cash(GOOD[::-1], header=",".join(names)) == [line]


def test_foreign_cash_keeps_its_currency_and_its_rate() -> None:
    (line,) = cash(
        changed(currency="USD", amount="2500000.00", rate="151.37", rate_source="TTM", rate_date="2026-06-30")
    )
    assert (line.quantity, line.foreign.currency, line.foreign.minor) == (378_425_000, "USD", 250_000_000)


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"title": "=1+1"}, "title", "formula"),
        ({"title": "@SUM(A1)"}, "title", "formula"),
        ({"title": "＝1"}, "title", "formula"),
        ({"amount": "-5"}, "amount", "formula"),
        ({"amount": "5e3"}, "amount", "not-a-decimal"),
        ({"amount": "10.5"}, "amount", "too-fine"),
        ({"amount": ""}, "amount", "empty"),
        ({"nature": "gift"}, "nature", "unknown-nature"),
        ({"currency": "USD"}, "rate", "rate-needed"),
        ({"currency": "BTC"}, "currency", "unknown-currency"),
        ({"period_from": "2026-02-30"}, "period_from", "date"),
        ({"period_from": "20260401"}, "period_from", "date"),
        ({"period_until": "2026-04-01"}, "period_until", "empty-period"),
        ({"funding": "heaven"}, "funding", "funding"),
    ],
)
def test_a_bad_cell_rejects_its_row_by_line_and_column(cells: dict[str, str], field: str, code: str) -> None:
    good, bad = cash(GOOD, changed(**cells))
    assert isinstance(good, resources.Resource)
    assert (bad.finding.line, bad.finding.field, bad.finding.code) == (3, field, code)
    assert bad.finding.text("ja") != bad.finding.text("en")
    assert b"mufg" in bad.raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"mufg,x", "cells"), ("銀行".encode("cp932"), "not-utf-8"), (b'"mufg,x', "quotes"), (b"a\x00b", "control")],
)
def test_a_damaged_row_is_rejected_and_the_next_is_read(raw: bytes, code: str) -> None:
    bad, good = cash(raw, GOOD)
    assert bad.finding.code == code
    assert isinstance(good, resources.Resource)


def told(row: Rejected) -> list[tuple[str, str]]:
    return [(finding.field, finding.code) for finding in row.findings]


def test_every_fault_of_a_row_is_told_in_the_order_of_its_columns() -> None:
    bad, usd, day = (
        *cash(
            changed(title="=1", nature="gift", amount="x", currency="BTC", period_from="2026-02-30", funding="heaven"),
            changed(currency="USD", amount="1.234", rate="", rate_date="2026-13-01", period_until="2026-04-01"),
        ),
        *days("kyoto,2026-05-32,h100,x,NaN,,-1"),
    )
    assert told(bad) == [
        ("title", "formula"), ("nature", "unknown-nature"), ("currency", "unknown-currency"),
        ("amount", "not-a-decimal"), ("period_from", "date"), ("funding", "funding"),
    ]  # fmt: skip
    assert told(usd) == [
        ("amount", "too-fine"), ("rate", "rate-needed"), ("rate_date", "date"), ("period_until", "empty-period"),
    ]  # fmt: skip
    assert told(day) == [
        ("facility", "facility"), ("day", "date"), ("jobs", "count"), ("cpu_hours", "not-a-decimal"),
        ("node_hours", "empty"), ("gpu_hours", "formula"),
    ]  # fmt: skip
    assert {finding.line for finding in (*bad.findings, *day.findings)} == {2}


def test_a_cell_that_goes_on_over_lines_is_one_rejected_row_and_the_lines_after_it_keep_their_number() -> None:
    broken = ",".join(changed(title='"負担金\r\n\r\n2回目"', nature="gift")).encode()
    bad, good, last = cash(broken, GOOD, changed(amount="x"))
    assert told(bad) == [("title", "line-break"), ("nature", "unknown-nature")]
    assert bad.raw.strip() == broken and bad.finding.line == 2
    assert (good.line, last.finding.line) == (5, 6)


@pytest.mark.parametrize(
    "rows",
    [
        [b'"mufg,x', GOOD, b'y",z'],
        [b'mufg,"x', *[GOOD] * 60, b'",'],
        [b'a"', GOOD, b'"b'],
        [b'"' + b"x" * cells.LINE_MAX, GOOD, b'"'],
    ],
)
def test_a_stray_quotation_mark_takes_no_other_line_with_it(rows: list) -> None:
    taken = cash(*rows)
    good = [row for row in taken if isinstance(row, resources.Resource)]
    assert len(good) == len(rows) - 2 and len(taken) == len(rows)


def test_a_header_without_a_needed_column_refuses_the_form() -> None:
    with pytest.raises(cells.HeaderRefused, match="amount"):
        cash(GOOD, header=CASH.replace("amount", "yen"))
    with pytest.raises(cells.HeaderRefused):
        list(spreadsheets.cash(io.BytesIO(b"")))


def test_hours_with_six_decimals_give_back_the_very_seconds() -> None:
    (day,) = days(
        f"osaka,2026-05-01,H100,3,{compute.hours_text(7)},{compute.hours_text(1)},{compute.hours_text(12345677)}"
    )
    assert day.total == compute.DayTotal("h100", date(2026, 5, 1), 3, 7, 1, 12345677)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("kyoto,2026-05-01,h100,1,1,1,1", "facility"),
        ("osaka,2026-05-32,h100,1,1,1,1", "date"),
        ("osaka,2026-05-01,h100,-1,1,1,1", "formula"),
        ("osaka,2026-05-01,h100,x,1,1,1", "count"),
        ("osaka,2026-05-01,h100,1,NaN,1,1", "not-a-decimal"),
        ("osaka,2026-05-01,h100,1,999999999999999999,1,1", "too-much"),
        ("osaka,2026-04-30,h100,1,1,1,1", "repeated"),
    ],
)
def test_a_bad_day_is_rejected_by_its_reason(row: str, code: str) -> None:
    good, bad = days("osaka,2026-04-30,h100,1,1,1,1", row)
    assert isinstance(good, spreadsheets.MeteredDay)
    assert bad.finding.code == code
