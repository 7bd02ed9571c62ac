"""Invoices: an accepted report once, taxed once, paid exactly."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Organization
from licensing import selectors, services
from licensing.core import books as accounts
from licensing.core.advances import NoAdvance, NotInvoiced
from licensing.models import Agreement, Invoice, Receipt, Slip
from licensing.services import papers


@pytest.fixture
def autumn(licensed_world):
    licensed_world.wait_until("2026-10-10 09:00")
    return licensed_world


def test_an_invoice_takes_the_fee_and_taxes_it_once(autumn):
    invoice = autumn.invoice(autumn.usage("robo", "620"))
    assert (invoice.number, invoice.net, invoice.tax, invoice.gross) == ("INV-2026-0001", 7_080_000, 708_000, 7_788_000)
    assert (invoice.tax_rate, invoice.due_on) == ("1/10", date(2026, 11, 30))
    facts = canonical.loads(bytes(Entry.objects.get(seq=invoice.seq).statement.content))["facts"]
    assert (facts["net"], facts["tax"], facts["gross"]) == ("7080000", "708000", "7788000")


def test_the_tax_of_a_fee_with_an_odd_yen_is_rounded_down_once(autumn):
    """12,000 · 0.0…: 6,000,000 minimum, so a fee above it with a broken tenth of a yen."""
    invoice = autumn.invoice(autumn.usage("robo", "500.0001"))
    assert (invoice.net, invoice.tax) == (6_000_000, 600_000)
    odd = autumn.invoice(autumn.usage("robo", "600.0005", start=date(2026, 7, 1)))
    assert (odd.net, odd.tax) == (6_900_004, 690_000)


def test_an_invoice_keeps_its_own_copy_of_every_name(autumn):
    invoice = autumn.invoice(autumn.usage("robo"))
    Organization.objects.filter(code="robo").update(name_ja="改名後")
    assert Invoice.objects.get().parties["recipient"]["name"]["ja"] == "ロボ工業"
    assert invoice.parties["issuer"]["name"]["en"] == "Moyai Secretariat"


def test_a_report_is_invoiced_once_and_only_when_accepted(autumn):
    report = autumn.usage("robo", accepted=False)
    with pytest.raises(services.invoices.NotAccepted, match=report.number):
        autumn.invoice(report)
    services.usage.accept(report, **autumn.by("finance"))
    autumn.invoice(report)
    with pytest.raises(services.invoices.NotAccepted, match=report.number):
        autumn.invoice(report)
    assert Invoice.objects.count() == 1


def test_money_may_come_in_parts_but_never_too_much(autumn):
    invoice = autumn.invoice(autumn.usage("robo"))
    autumn.receive(invoice, 7_000_000)
    for amount in (788_001, 7_788_000):
        with pytest.raises(services.invoices.TooMuch, match="788,000"):
            autumn.receive(invoice, amount)
    assert Invoice.objects.get().state == "issued"
    autumn.receive(invoice, 788_000)
    assert Invoice.objects.get().state == "paid" and Receipt.objects.count() == 2
    with pytest.raises(services.invoices.TooMuch):
        autumn.receive(invoice, 1)


@pytest.mark.parametrize("amount", [-1, -7_788_000])
def test_a_negative_receipt_is_refused(autumn, amount):
    with pytest.raises(services.invoices.TooMuch):
        autumn.receive(autumn.invoice(autumn.usage("robo")), amount)


@pytest.mark.parametrize("username", ["legal", "robo", "tetsu", "auditor", "desk"])
def test_only_finance_invoices_and_records_money(autumn, username):
    report = autumn.usage("robo")
    with pytest.raises(NotAllowed):
        services.invoices.issue(report, issued_on=date(2026, 10, 13), **autumn.by(username))
    invoice = autumn.invoice(report)
    with pytest.raises(NotAllowed):
        services.invoices.record_receipt(invoice, amount=1, received_on=date(2026, 10, 28), **autumn.by(username))


def test_each_fact_has_its_slip_in_the_books(autumn):
    invoice = autumn.invoice(autumn.usage("robo"))
    autumn.receive(invoice, 1_000_000)
    assert [slip.source for slip in Slip.objects.order_by("number")] == [invoice.number] * 2
    rows = {row.account.code: row for row in selectors.books.trial_balance(autumn.viewer("finance"))}
    assert rows[accounts.RECEIVABLE].balance == 6_788_000 and rows[accounts.BANK].balance == 1_000_000
    assert rows[accounts.REVENUE].balance == 7_080_000 and rows[accounts.OUTPUT_TAX].balance == 708_000


def test_what_waits_to_be_invoiced_and_distributed(autumn):
    finance = autumn.viewer("finance")
    report = autumn.usage("robo")
    assert list(selectors.invoices.to_issue(finance)) == [report]
    receipt = autumn.receive(autumn.invoice(report))
    assert not selectors.invoices.to_issue(finance).exists()
    assert list(selectors.invoices.undistributed(finance)) == [receipt]
    assert not selectors.invoices.undistributed(autumn.viewer("legal")).exists()


@pytest.mark.slow
def test_the_paper_is_drawn_once_and_served_ever_after(autumn):
    invoice = autumn.invoice(autumn.usage("robo"))
    assert services.papers.draw_invoice(number=invoice.number, **autumn.by("finance")) == {"invoice": invoice.number}
    drawn = papers.invoice(Invoice.objects.get())
    assert drawn.startswith(b"%PDF") and papers.invoice(Invoice.objects.get()) == drawn


# ---- an advance ------------------------------------------------------------------------------------------------------
@pytest.fixture
def advanced(autumn):
    """The agreement of the robot maker asks for an advance of 8,000,000, carried over."""
    agreement = autumn.agreement("robo")
    terms = agreement.variables["terms"] | {"advance": "8000000"}
    Agreement.objects.filter(pk=agreement.pk).update(variables=agreement.variables | {"terms": terms})
    return autumn


def balances(number: str) -> dict[str, int]:
    slip = Slip.objects.get(source=number)
    return {f"{row.side} {row.account}": row.amount for row in slip.postings.all()}


def test_usage_is_not_accepted_before_its_advance_is_invoiced_and_then_pays_only_what_it_leaves(advanced):
    report = advanced.usage("robo", "620", accepted=False)
    with pytest.raises(NotInvoiced, match="L-2026-002"):
        services.usage.accept(report, **advanced.by("finance"))
    finance = advanced.viewer("finance")
    assert [row.number for row in selectors.invoices.advances_to_issue(finance)] == ["L-2026-002"]
    paper = services.invoices.issue_advance(
        advanced.agreement("robo"), issued_on=date(2026, 10, 12), **advanced.by("finance")
    )
    assert (paper.net, paper.tax, paper.report) == (8_000_000, 800_000, None)
    assert balances(paper.number) == {
        f"debit {accounts.RECEIVABLE}": 8_800_000,
        f"credit {accounts.ADVANCES}": 8_000_000,
        f"credit {accounts.OUTPUT_TAX}": 800_000,
    }
    with pytest.raises(NoAdvance):
        services.invoices.issue_advance(
            advanced.agreement("robo"), issued_on=date(2026, 10, 12), **advanced.by("finance")
        )

    first = services.usage.accept(report, **advanced.by("finance"))
    assert first.fee["advance"] == {"before": "8000000", "used": "7080000", "lapsed": "0", "after": "920000"}
    nothing = advanced.invoice(first)
    assert (nothing.gross, nothing.state) == (0, "paid")
    assert balances(nothing.number) == {
        f"debit {accounts.ADVANCES}": 7_080_000,
        f"credit {accounts.REVENUE}": 7_080_000,
    }
    second = advanced.invoice(advanced.usage("robo", "620", start=date(2026, 7, 1)))
    assert (second.net, second.tax) == (7_080_000 - 920_000, 616_000)
    assert [line.amount for line in second.lines.all()][-1] == "-920000"
    assert services.fees.advance_left(advanced.agreement("robo")) == 0


def test_the_papers_of_an_advance_and_of_what_it_paid_can_be_drawn(advanced):
    paper = services.invoices.issue_advance(
        advanced.agreement("robo"), issued_on=date(2026, 10, 12), **advanced.by("finance")
    )
    drawn = papers.invoice_document(paper)
    assert (drawn.subject.ja, drawn.derivation) == ("基盤モデル利用料の前払金（契約 L-2026-002）", ())
    row = advanced.invoice(advanced.usage("robo", "620"))
    assert papers.invoice_document(row).derivation[-1].amount == "920,000円"
