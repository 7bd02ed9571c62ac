from __future__ import annotations

from datetime import date

import pytest

from contributions.core.words import Text
from licensing.core import books

DAY = date(2026, 10, 31)


def quarter() -> list[books.Slip]:
    return [
        books.invoice("J-1", DAY, "I-0001", licensee="kaku", net=1_000_001, tax=100_000, tax_code="standard"),
        books.receipt("J-2", DAY, "R-0001", licensee="kaku", amount=1_100_001),
        books.distribution(
            "J-3",
            DAY,
            "X-0001",
            payouts=[("honda", 500_000, 50_000), ("nec", 355_001, 35_500)],
            reserve=95_000,
            tax_code="standard",
        ),
        books.payout("J-4", DAY, "Y-0001", member="honda", amount=550_000),
    ]


def test_the_quarter_balances_and_the_receivable_is_paid() -> None:
    balances = {row.account.code: row.balance for row in books.trial_balance(quarter())}
    assert balances[books.RECEIVABLE] == 0
    assert balances[books.BANK] == 1_100_001 - 550_000
    assert balances[books.PAYABLE] == 355_001 + 35_500
    assert balances[books.REVENUE] - balances[books.SHARED] == 1_000_001 - 950_001


def test_an_unbalanced_slip_is_refused() -> None:
    lines = [books.PostingLine(books.BANK, books.DEBIT, 2), books.PostingLine(books.REVENUE, books.CREDIT, 1)]
    with pytest.raises(books.Unbalanced):
        books.slip("J-9", DAY, "", Text("", ""), lines)
    with pytest.raises(books.Unbalanced):
        books.slip("J-9", DAY, "", Text("", ""), [])


def test_an_unknown_account_or_a_negative_amount_is_refused() -> None:
    for account, amount in (("9999", 1), (books.BANK, -1)):
        lines = [books.PostingLine(account, side, amount) for side in (books.DEBIT, books.CREDIT)]
        with pytest.raises(books.BadPosting):
            books.slip("J-9", DAY, "", Text("", ""), lines)


def test_withholding_is_held_apart_from_what_is_paid() -> None:
    slip = books.payout("J-5", DAY, "Y-0002", member="abroad", amount=1_000_000, withheld=204_200)
    assert [(line.account, line.side, line.amount) for line in slip.lines] == [
        (books.PAYABLE, "debit", 1_000_000),
        (books.BANK, "credit", 795_800),
        (books.WITHHELD, "credit", 204_200),
    ]


def test_export_rows_hold_each_line_once_and_balance_by_slip() -> None:
    rows = books.journal_rows(quarter(), "ja")
    assert rows[0]["account_name"] == "売掛金"
    assert all(isinstance(row["debit"], int) for row in rows)
    for number in {row["slip"] for row in rows}:
        own = [row for row in rows if row["slip"] == number]
        assert sum(row["debit"] for row in own) == sum(row["credit"] for row in own) > 0
        assert [row["line"] for row in own] == list(range(1, len(own) + 1))
