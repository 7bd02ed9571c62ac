"""Finance accepts and invoices new usage, records what the bank shows, and takes the journal home as a file."""

from __future__ import annotations

import csv
import io

import openpyxl
from playwright.sync_api import expect

SUMS = "SELECT SUM(CASE side WHEN 'debit' THEN amount ELSE -amount END) FROM licensing_posting"
TO_INVOICE = """SELECT u.number FROM licensing_usagereport u LEFT JOIN licensing_invoice i ON i.report_id = u.id
    WHERE u.state = 'accepted' AND i.id IS NULL"""
AGREEMENT = """SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
    JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = 'shinonome' AND a.state = 'executed'"""


def test_new_usage_is_accepted_invoiced_and_paid_and_the_books_balance(person, site):
    engineer = person("shinonome")
    engineer.open(f"/agreements/{site.value(AGREEMENT)}/usage/2026-07-01/")
    engineer.page.locator("#units-1").fill("900")
    engineer.page.locator("form#usage button.first").click()
    engineer.page.wait_for_url("**/usage/*-*/")
    number = site.value("SELECT number FROM licensing_usagereport WHERE state = 'submitted'")

    accountant = person("keiri")
    page = accountant.page
    page.locator(f'main a[href="/usage/{number}/"]').first.click()
    page.wait_for_url(f"**/usage/{number}/")
    accountant.finally_do(number)
    page.wait_for_load_state()
    accountant.finally_do(number)
    page.wait_for_url("**/invoices/*/")
    invoice = page.url.rstrip("/").rsplit("/", 1)[-1]
    net, tax, gross = site.rows("SELECT net, tax, gross FROM licensing_invoice WHERE number = ?", [invoice])[0]
    assert tax == net // 10 and gross == net + tax
    assert f"{gross:,}" in page.inner_text("main")

    page.locator(f'a[href="/invoices/{invoice}/receipt/"]').click()
    page.locator("input[name=amount]").fill(f"{gross + 1:,}")
    page.locator("input[name=reference]").fill("見本銀行　振込")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist").first).to_be_visible()
    assert page.locator("input[name=reference]").input_value() == "見本銀行　振込", "what was typed stays"
    page.locator("input[name=amount]").fill(f"{gross:,}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/invoices/{invoice}/")
    assert site.value("SELECT state FROM licensing_invoice WHERE number = ?", [invoice]) == "paid"
    assert site.value(SUMS) == 0
    assert accountant.complaints == []


def test_accepted_usage_waits_to_be_invoiced(person, site):
    accountant, number = person("keiri"), site.value(TO_INVOICE)
    accountant.page.locator(f'main a[href="/usage/{number}/"]').first.click()
    accountant.finally_do(number)
    accountant.page.wait_for_url("**/invoices/*/")
    assert site.value(TO_INVOICE) is None


def test_the_journal_goes_home_as_csv_and_xlsx(person, site):
    accountant = person("keiri")
    accountant.open("/books/")
    text = accountant.fetch("/books/export/?format=csv").body().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert "見本・架空" in lines[0][0]
    postings = site.value("SELECT COUNT(*) FROM licensing_posting")
    assert len(lines) == postings + 2
    book = openpyxl.load_workbook(io.BytesIO(accountant.fetch("/books/export/?format=xlsx").body()))
    rows = list(book.active.iter_rows(values_only=True))
    assert "見本・架空" in str(rows[0][0])
    assert len(rows) == postings + 2
    head = [str(cell) for cell in lines[1]]
    debit, credit = (next(i for i, cell in enumerate(head) if name in cell) for name in ("借方", "貸方"))
    whole = [sum(int(line[at] or 0) for line in lines[2:]) for at in (debit, credit)]
    assert whole[0] == whole[1] > 0
