"""Invoice pages: what the law asks for, how the amount came about, receipts; nobody else's figures."""

import pytest
from django.urls import reverse

from licensing.models import Invoice


@pytest.fixture
def licensed_world(licensed_world):
    """June has been reported on."""
    licensed_world.wait_until("2026-10-10 09:00")
    return licensed_world


@pytest.fixture
def finance(client, licensed_world):
    client.force_login(licensed_world.user("finance"))
    return client


def test_an_invoice_is_issued_only_by_typing_the_report_s_number(finance, licensed_world):
    report = licensed_world.usage("robo")
    url = reverse("licensing:invoice_issue", args=[report.number])
    assert finance.post(url, {"confirm": "U-9999"}).status_code == 422
    assert not Invoice.objects.exists()
    response = finance.post(url, {"confirm": report.number})
    assert response.url == reverse("licensing:invoice", args=[Invoice.objects.get().number])


def test_the_page_states_the_legal_items_and_the_derivation(finance, licensed_world):
    invoice = licensed_world.invoice(licensed_world.usage("robo"))
    content = finance.get(reverse("licensing:invoice", args=[invoice.number])).content.decode()
    for stated in ("もやい事務局", "ロボ工業", "2026-10-13", "10", "7,080,000", "708,000", "7,788,000", "6,000,000"):
        assert stated in content


def test_a_receipt_reads_amounts_and_days_as_people_write_them(finance, licensed_world):
    invoice = licensed_world.invoice(licensed_world.usage("robo"))
    url = reverse("licensing:invoice_receipt", args=[invoice.number])
    finance.post(url, {"amount": "７００万", "received_on": "令和8年10月28日", "reference": "振込"})
    receipt = invoice.receipts.get()
    assert (receipt.amount, receipt.received_on.isoformat()) == (7_000_000, "2026-10-28")


def test_a_receipt_above_the_open_amount_is_refused_on_the_form_and_nothing_is_lost(finance, licensed_world):
    invoice = licensed_world.invoice(licensed_world.usage("robo"))
    url = reverse("licensing:invoice_receipt", args=[invoice.number])
    response = finance.post(url, {"amount": "7,788,001", "received_on": "2026/10/28", "reference": "bank 7"})
    assert response.status_code == 422
    assert "7,788,001" in response.content.decode()
    assert "bank 7" in response.content.decode()
    assert not invoice.receipts.exists()


def test_totals_and_what_is_open_stand_below_the_list(finance, licensed_world):
    licensed_world.receive(licensed_world.invoice(licensed_world.usage("robo")), 788_000)
    content = finance.get(reverse("licensing:invoices")).content.decode()
    assert "7,000,000" in content


def test_the_licensee_has_the_paper_and_cannot_record_a_receipt(client, licensed_world):
    invoice = licensed_world.invoice(licensed_world.usage("robo"))
    client.force_login(licensed_world.user("robo"))
    assert client.get(reverse("licensing:invoice_pdf", args=[invoice.number])).content.startswith(b"%PDF")
    assert client.get(reverse("licensing:invoice_receipt", args=[invoice.number])).status_code == 404


@pytest.mark.parametrize("username", ["arm", "tetsu"])
def test_for_a_rival_or_a_member_an_invoice_does_not_exist(client, licensed_world, username):
    invoice = licensed_world.invoice(licensed_world.usage("robo"))
    client.force_login(licensed_world.user(username))
    for name in ("invoice", "invoice_pdf"):
        response = client.get(reverse(f"licensing:{name}", args=[invoice.number]))
        assert response.status_code == 404
        assert b"7,788,000" not in response.content
