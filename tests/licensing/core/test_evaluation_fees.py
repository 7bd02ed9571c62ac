"""What was paid for an evaluation: credited up to what was received, and taxed by either reading of the clause."""

from datetime import date
from fractions import Fraction

from contributions.core.words import Text
from licensing.core import books, taxes
from licensing.core import evaluation_fees as rules
from licensing.core.invoices import InvoiceLine, total


def fee(net: int, on: date = date(2026, 9, 30)):
    return total([InvoiceLine(Text("利用料", "fee"), net)], table=taxes.CONSUMPTION_TAX, on=on)


def test_no_more_is_credited_than_was_agreed_and_received_and_what_was_taken_is_gone():
    assert rules.balance(500_000, 500_000, 0) == 500_000
    assert rules.balance(300_000, 500_000, 100_000) == 200_000
    assert rules.balance(500_000, 250_000, 250_000) == 0
    assert rules.balance(500_000, 100_000, 250_000) == 0, "a refund of what was paid never makes it negative"
    assert rules.paid_net(500_000, 550_000, 549_999) == 499_999, "rounded down: the last yen is not there yet"
    assert rules.paid_net(0, 0, 0) == 0


def test_a_return_goes_with_the_tax_of_the_evaluation_whatever_the_licences_rate_is():
    charged = fee(1_800_001)
    assert rules.tax_back(rules.DISCOUNT, 500_000, Fraction(8, 100)) == 0
    back = rules.Credited(
        "L-1", "INV-1", rules.RETURN, 500_000, rules.tax_back(rules.RETURN, 500_000, Fraction(8, 100)), Fraction(8, 100)
    )
    left = rules.less(charged, back)
    assert (left.net, left.tax, left.gross) == (1_300_001, 180_000 - 40_000, 1_300_001 + 140_000)
    assert left.gross == sum(row.net + row.amount for row in left.rates)
    assert rules.read(rules.document(back)) == back


def test_the_slip_of_a_credited_invoice_shows_what_was_credited_on_its_own_account():
    slip = books.invoice(
        "S-1", date(2026, 10, 13), "INV-2", licensee="robo", net=1_300_000, tax=130_000, tax_code="standard",
        credited=500_000,
    )  # fmt: skip
    lines = {(line.account, line.side): line.amount for line in slip.lines}
    assert lines == {
        ("1210", "debit"): 1_430_000, ("4190", "debit"): 500_000, ("4110", "credit"): 1_800_000,
        ("2210", "credit"): 130_000,
    }  # fmt: skip
    (row,) = [one for one in books.trial_balance([slip]) if one.account.code == "4190"]
    assert row.balance == 500_000, "it grows on the debit side, against revenue"
    assert [one["account_name"] for one in books.journal_rows([slip], "ja")][1] == "売上値引（評価の対価の充当）"
