"""A stranger calculates, checks itself, applies; legal screens it, a failed check blocks, another approves."""

from __future__ import annotations

import re

from playwright.sync_api import expect

CHECKS = ("japanese-firm", "antisocial", "affiliates", "competition")


def test_from_a_strangers_first_look_to_its_approval(person, site):
    stranger, legal, second = person(), person("homu"), person("bucho")
    calculates(stranger)
    checks_itself(stranger)
    own_page = applies(stranger)
    takes_up(legal)
    a_failed_check_blocks(legal, second)
    is_approved_by_another(legal, second)
    stranger.page.goto(own_page)
    expect(stranger.page.locator(".state.ok")).to_be_visible()
    assert site.value("SELECT state FROM licensing_licensee ORDER BY seq DESC LIMIT 1") == "approved"
    assert stranger.complaints == legal.complaints == second.complaints == []


def calculates(stranger) -> None:
    stranger.open("/guide/")
    stranger.page.locator('.ways a[href="/guide/calculator/"]').click()
    page = stranger.page
    page.locator("#list").select_option("S-ROBOT")
    page.locator("select[name=region]").nth(1).select_option("TH")
    page.locator("input[name=units]").nth(0).press_sequentially("600")
    page.locator("input[name=units]").nth(1).press_sequentially("２００")
    expect(page.locator("#answer .total b")).to_contain_text("10,560,000")
    page.wait_for_url(re.compile(r"region=JP&units=600&region=TH"))
    page.reload()
    expect(page.locator("#answer .total b")).to_contain_text("10,560,000")


def checks_itself(stranger) -> None:
    page = stranger.page
    stranger.open("/guide/eligibility/")
    page.locator("#id_foreign_control").fill("10 %")
    for name in ("antisocial", "residency", "category", "affiliates"):
        page.locator(f"input[name={name}][value=no]").check()
    with page.expect_navigation():
        page.locator("form.form button.first").click()
    expect(page.locator(".verdict .state.ok").first).to_be_visible()
    assert page.url.endswith("/guide/eligibility/"), "no answer stands in the address"


def applies(stranger) -> str:
    page = stranger.page
    stranger.open("/guide/apply/")
    typed = {
        "company_ja": "若葉工機株式会社（架空）",
        "company_en": "Wakaba Machines (fictional)",
        "address_en": "1-1 Mihon, Tokyo (fictional)",
        "address": "東京都見本区",
        "foreign_control": "10 %",
        "contact": "若葉",
        "purpose": "搬送ロボット（見本・架空）",
        "email": "wakaba@example.invalid",
    }
    for name, value in typed.items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_field_of_use").select_option("robotics")
    page.locator("#id_antisocial").check()
    with page.expect_navigation():
        page.locator("form.form button.first").click()
    assert "/guide/apply/" in page.url and page.locator("h1").is_visible()
    return page.url


def takes_up(legal) -> None:
    page = legal.page
    legal.open("/inquiries/?q=若葉")
    page.locator("main tbody a.id").first.click()
    page.locator('a[href$="/take-up/"]').click()
    page.locator("#id_code").fill("wakaba")
    page.locator("#id_username").fill("wakaba-kanri")
    with page.expect_navigation():
        page.locator("form.form button.first").click()
    assert page.url.endswith("/licensees/wakaba/")


def record(legal, kind: str, outcome: str = "passed") -> None:
    page = legal.page
    legal.open(f"/licensees/wakaba/screening/{kind}/")
    page.locator(f"input[name=outcome][value={outcome}]").check()
    page.locator("#id_finding").fill("確認しました。（見本・架空）")
    page.locator("#id_evidence").set_input_files(
        {"name": "確認資料（見本）.txt", "mimeType": "text/plain", "buffer": "見本・架空".encode()}
    )
    with page.expect_navigation():
        page.locator("form.form button.first").click()


def a_failed_check_blocks(legal, second) -> None:
    page = legal.page
    for kind in CHECKS:
        record(legal, kind)
        assert page.url.endswith("/licensees/wakaba/"), kind
    legal.open("/licensees/wakaba/screening/export/")
    page.locator("#id_category").select_option("unknown")
    page.locator("input[name=outcome][value=passed]").check()
    page.locator("#id_finding").fill("x")
    page.locator("#id_evidence").set_input_files({"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"})
    with page.expect_navigation():
        page.locator("form.form button.first").click()
    expect(page.locator(".notice.stop").first).to_contain_text("特定類型")
    record(legal, "export", "refused")
    second.open("/licensees/wakaba/")
    expect(second.page.locator(".notice.wait").first).to_contain_text("取引審査")
    expect(second.page.locator("#decide-approve")).to_have_count(0)


def is_approved_by_another(legal, second) -> None:
    record(legal, "export")
    expect(legal.page.locator(".notice.wait").first).to_contain_text("承認できる方")
    expect(legal.page.locator("#decide-approve")).to_have_count(0)
    approve(second)
    expect(second.page.locator(".title .state.ok")).to_be_visible()


def approve(legal) -> None:
    page = legal.page
    legal.open("/licensees/wakaba/")
    page.locator("#decide-approve > summary").click()
    with page.expect_navigation():
        page.locator("#decide-approve-number").fill("wakaba")
        page.keyboard.press("Enter")
