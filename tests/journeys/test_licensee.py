"""A licensee's engineer reports a quarter's usage; another licensee countersigns the agreement it was offered."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

AGREEMENT = """SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
    JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = ? AND a.state = ?"""
JULY = "2026-07-01"


@pytest.fixture
def form(person, site):
    """The form for July to September, found where it waits."""
    engineer, number = person("shinonome"), site.value(AGREEMENT, ["shinonome", "executed"])
    engineer.page.locator(f'main a[href="/agreements/{number}/usage/{JULY}/"]').first.click()
    engineer.page.wait_for_url(f"**/usage/{JULY}/")
    return engineer


def test_a_faulty_line_is_named_and_nothing_typed_is_lost(form, site):
    page = form.page
    page.locator("#units-1").fill("７００")
    page.locator("#units-2").fill("たくさん")
    page.locator("textarea[name=note]").fill("9月に一台故障。")
    page.keyboard.press("Tab")
    page.locator("form#usage button.first").click()
    expect(page.locator("#findings li").first).to_contain_text("2")
    assert page.locator("#units-1").input_value() == "７００"
    assert page.locator("#units-2").input_value() == "たくさん"
    assert page.locator("#units-2").get_attribute("aria-invalid") == "true"
    assert page.locator("textarea[name=note]").input_value() == "9月に一台故障。"
    assert site.value("SELECT COUNT(*) FROM licensing_usagereport WHERE period_from = ?", [JULY]) == 1  # aoba's alone


def test_the_fee_shows_while_figures_are_typed_and_is_what_is_handed_in(form, site):
    page = form.page
    page.locator("#units-1").press_sequentially("1,200")
    expect(page.locator("#preview .why")).to_be_visible()
    shown = page.locator("#preview .why .sum").inner_text()
    page.locator("form#usage button.first").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/usage/*-*/")
    assert digits(shown)[-1] in digits(page.inner_text("dl.facts .big"))
    assert site.rows("SELECT state FROM licensing_usagereport ORDER BY seq DESC LIMIT 1") == [("submitted",)]
    assert form.complaints == []


def digits(text: str) -> list[str]:
    return [word for word in text.replace(",", "").replace("円", " ").replace("¥", " ").split() if word.isdigit()]


def test_a_period_reported_once_is_not_asked_for_again(person, site):
    engineer, number = person("shinonome"), site.value(AGREEMENT, ["shinonome", "executed"])
    assert engineer.page.locator(f'a[href="/agreements/{number}/usage/{JULY}/"]').count() == 0
    engineer.open(f"/agreements/{number}/usage/{JULY}/")
    assert "/usage/U-" in engineer.page.url or engineer.page.url.endswith("/usage/") is False


def test_the_offered_agreement_is_countersigned(person, site):
    signer, number = person("aoba"), site.value(AGREEMENT, ["aoba", "signed"])
    signer.page.locator(f'main a[href="/agreements/{number}/"]').first.click()
    signer.page.wait_for_url(f"**/agreements/{number}/")
    signer.finally_do(number)
    signer.page.wait_for_load_state()
    assert site.value("SELECT state FROM licensing_agreement WHERE number = ?", [number]) == "executed"
    assert signer.page.locator("text=法的効力なし").count() >= 1
    executed = signer.fetch(f"/agreements/{number}/document/executed.pdf")
    assert executed.status == 200 and executed.body().startswith(b"%PDF")
    assert signer.complaints == []
