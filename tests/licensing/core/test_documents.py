"""Documents refuse figures that do not add up, and say what the law wants said."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from documents import invoice, report, statement

from contributions.core.words import Text
from licensing.core import documents

TEN = Fraction(1, 10)


def lines(*amounts):
    return tuple(documents.Line(Text("品", "Item"), Text("1", "1"), Text("", ""), net, TEN) for net in amounts)


def test_an_invoice_rounds_tax_once_per_rate():
    """Royalty vector: 333,333 + 333,333 + 333,335 at 10 % makes 100,000, not 99,999 line by line."""
    taxes = (documents.Tax(TEN, 1_000_001, 100_000),)
    document = dataclasses.replace(invoice(), lines=lines(333_333, 333_333, 333_335), taxes=taxes)
    assert document.total == Text("1,100,001円", "JPY 1,100,001")


@pytest.mark.parametrize("tax", [documents.Tax(TEN, 1_000_001, 99_999), documents.Tax(TEN, 1_000_000, 100_000)])
def test_an_invoice_whose_figures_do_not_add_up_cannot_be_made(tax):
    with pytest.raises(AssertionError):
        dataclasses.replace(invoice(), lines=lines(333_333, 333_333, 333_335), taxes=(tax,))


def test_a_reduced_rate_is_marked():
    line = dataclasses.replace(lines(100)[0], reduced=True)
    assert line.mark == "※"


def test_taxable_consideration_makes_a_purchase_statement_and_anything_else_a_notice():
    assert statement().title.ja == "仕入明細書"
    assert dataclasses.replace(statement(), purchase=False).title.ja == "配分通知書"


def test_a_statement_pays_what_remains_after_withholding():
    assert dataclasses.replace(statement(), withheld=1_000).withholding.ja == "△1,000円"
    with pytest.raises(AssertionError):
        dataclasses.replace(statement(), withheld=10**12)


def test_a_statement_says_until_when_silence_confirms():
    assert "2026年11月13日まで" in statement().confirmation.ja
    assert dataclasses.replace(statement(), confirm_by=None).confirmation is None


def test_a_report_is_never_called_an_accountants_opinion():
    assert report().title.ja == "来歴・権利検証報告書"


def test_every_specimen_says_so():
    assert invoice().marks == "見本・架空" and dataclasses.replace(invoice(), demo=False).marks == ""
    assert documents.marks(True, True) == "試験用署名・法的効力なし　見本・架空"
