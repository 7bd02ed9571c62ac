from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from contributions.core.words import Text
from licensing.core import invoices, taxes

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "invoices.json").read_text())
DAY = date(2026, 10, 31)


def lines(*amounts: tuple[int, str]) -> tuple[invoices.InvoiceLine, ...]:
    return tuple(invoices.InvoiceLine(Text("利用料", "licence fee"), amount, tax) for amount, tax in amounts)


def totals(*amounts: tuple[int, str]) -> invoices.Totals:
    return invoices.total(lines(*amounts), table=taxes.CONSUMPTION_TAX, on=DAY)


def issue(**changes: Any) -> invoices.Issue:
    rows = lines((333_333, "standard"), (333_333, "standard"), (333_335, "standard"))
    complete = invoices.Issue(
        issuer="もやい株式会社",
        registration="T1234567890123",
        recipient="架空商事株式会社",
        supplied="2026-07-01 – 2026-09-30",
        lines=rows,
        totals=invoices.total(rows, table=taxes.CONSUMPTION_TAX, on=DAY),
    )
    return replace(complete, **changes)


@pytest.mark.parametrize("case", VECTORS["invoices"])
def test_tax_is_rounded_once_per_rate(case: dict[str, Any]) -> None:
    found = totals(*[(amount, tax) for amount, tax in case["lines"]])
    assert {row.tax: row.amount for row in found.rates} == case["tax"]
    assert found.gross == case["gross"] == found.net + found.tax


@pytest.mark.parametrize(("gross", "rate", "tax"), VECTORS["within_gross"])
def test_tax_within_a_gross_amount(gross: int, rate: str, tax: int) -> None:
    assert taxes.within_gross(gross, Fraction(rate)) == tax


def test_a_rate_that_is_not_in_force_on_the_day_is_refused() -> None:
    with pytest.raises(taxes.NoTaxRate):
        invoices.total(lines((1, "standard")), table=taxes.CONSUMPTION_TAX, on=date(2019, 9, 30))
    with pytest.raises(taxes.NoTaxRate):
        totals((1, "luxury"))


def test_a_change_of_rate_is_a_line_of_the_table() -> None:
    now = replace(taxes.CONSUMPTION_TAX[0], until=date(2027, 1, 1))
    then = replace(now, rate=Fraction(12, 100), start=date(2027, 1, 1), until=None)
    table = (now, then)
    assert taxes.in_force(table, "standard", date(2026, 12, 31)).rate == Fraction(1, 10)
    assert taxes.in_force(table, "standard", date(2027, 1, 1)).rate == Fraction(12, 100)


def test_an_invoice_of_nothing_or_of_a_credit_is_refused() -> None:
    with pytest.raises(invoices.EmptyInvoice):
        totals()
    with pytest.raises(invoices.BadAmount):
        totals((-1, "standard"))


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (date(2026, 10, 20), date(2026, 11, 30)),
        (date(2026, 9, 30), date(2026, 10, 30)),
        (date(2026, 12, 1), date(2027, 1, 29)),
        (date(2027, 1, 31), date(2027, 2, 26)),
    ],
)
def test_an_invoice_is_due_on_the_last_business_day_of_the_next_month(issued: date, due: date) -> None:
    assert invoices.due_date(issued, lambda day: day.weekday() < 5) == due


def test_a_complete_qualified_invoice_misses_nothing() -> None:
    assert invoices.missing_items(issue()) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issuer": ""}, "issuer"),
        ({"registration": "1234567890123"}, "registration"),
        ({"supplied": " "}, "supplied"),
        ({"lines": ()}, "lines"),
        ({"recipient": ""}, "recipient"),
    ],
)
def test_each_missing_item_is_named(changes: dict[str, Any], field: str) -> None:
    assert field in {finding.field for finding in invoices.missing_items(issue(**changes))}


def test_tax_rounded_per_line_is_not_a_qualified_invoice() -> None:
    good = issue()
    row = replace(good.totals.rates[0], amount=99_999)
    (finding,) = invoices.missing_items(issue(totals=replace(good.totals, rates=(row,))))
    assert finding.field == "rates"
