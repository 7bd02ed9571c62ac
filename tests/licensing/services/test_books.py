"""The books: every slip balances, and the books as a whole come to zero."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from contributions.core.words import Text
from contributions.models import Entry
from licensing import selectors, services
from licensing.core import books as rules
from licensing.models import Distribution, Invoice, Payout, Posting, Slip


@pytest.fixture
def paid_out(settled_world):
    """Every member has confirmed and been paid."""
    world = settled_world
    for payout in Payout.objects.select_related("member__organization").order_by("number"):
        code = payout.member.code
        services.distributions.confirm(payout, **world.by(code))
        services.distributions.pay(payout, paid_on=date(2026, 11, 30), **world.by("finance"))
    return world


def balances(world) -> dict[str, int]:
    return {row.account.code: row.balance for row in selectors.books.trial_balance(world.viewer("finance"))}


def test_the_trial_balance_comes_to_zero(paid_out):
    rows = selectors.books.trial_balance(paid_out.viewer("auditor"))
    assert sum(row.debit for row in rows) == sum(row.credit for row in rows) > 0


def test_what_is_owed_and_what_was_paid_is_what_the_documents_say(paid_out):
    found = balances(paid_out)
    received = sum(invoice.gross for invoice in Invoice.objects.all())
    paid = sum(payout.gross for payout in Payout.objects.all())
    distribution = Distribution.objects.get()
    assert found[rules.RECEIVABLE] == found[rules.PAYABLE] == 0
    assert found[rules.BANK] == received - paid
    assert found[rules.REVENUE] == sum(invoice.net for invoice in Invoice.objects.all())
    assert found[rules.OUTPUT_TAX] == sum(invoice.tax for invoice in Invoice.objects.all())
    assert found[rules.INPUT_TAX] == sum(payout.tax for payout in Payout.objects.all())
    assert found[rules.RESERVE] == int(distribution.steps["reserve"]) + int(distribution.steps["held"])


def test_each_slip_balances_and_names_its_fact(paid_out):
    for slip in Slip.objects.prefetch_related("postings"):
        sides = {
            side: sum(row.amount for row in slip.postings.all() if row.side == side) for side in ("debit", "credit")
        }
        assert sides["debit"] == sides["credit"] > 0
        entry = Entry.objects.get(seq=slip.seq)
        assert entry.kind in {"invoice.issued", "receipt.recorded", "distribution.approved", "payout.paid"}


def test_slips_are_numbered_without_a_gap_within_their_month(paid_out):
    numbers = sorted(Slip.objects.values_list("number", flat=True))
    assert [number for number in numbers if number.startswith("J-202611")] == [f"J-202611-{n:04d}" for n in range(1, 5)]


def test_a_slip_that_does_not_balance_is_never_stored(settled_world):
    lines = [rules.PostingLine("1110", "debit", 5), rules.PostingLine("4110", "credit", 4)]
    before = Slip.objects.count()
    with pytest.raises(rules.Unbalanced):
        rules.slip("J-202611-0099", date(2026, 11, 1), "x", Text("x", "x"), lines)
    assert Slip.objects.count() == before


def test_a_posting_is_neither_changed_nor_negative(settled_world):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Posting.objects.update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(slip=Slip.objects.first(), account="1110", side="debit", amount=-1, tax="none")


def test_the_export_lists_every_line_with_both_sides_equal(paid_out):
    rows = selectors.books.export_rows(paid_out.viewer("finance"), "ja")
    assert len(rows) == Posting.objects.count()
    assert sum(int(row["debit"] or 0) for row in rows) == sum(int(row["credit"] or 0) for row in rows)
    assert selectors.books.export_rows(paid_out.viewer("legal"), "ja") == []
