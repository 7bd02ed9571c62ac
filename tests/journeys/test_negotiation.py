"""Two browsers at once: a licensee proposes, a third person approves, and both sides come to the same text."""

from __future__ import annotations

TALKS = """SELECT a.number FROM licensing_negotiation n JOIN licensing_agreement a ON n.agreement_id = a.id"""
STATE = "SELECT state FROM licensing_negotiation"
APPROVAL = "SELECT number FROM licensing_approval ORDER BY id DESC LIMIT 1"


def test_a_deviation_is_proposed_approved_by_another_person_and_accepted(person, site):
    number = site.value(TALKS)
    licensor, licensee, head = person("homu"), person("shinonome"), person("bucho")
    table = f"/agreements/{number}/negotiation/"
    sees_nothing_of_the_secretariat(licensee, table)

    approves(head, site)
    answers(licensor, f"{table}proposals/3/", "reject", "料金表を維持します。")
    hands_over(licensor, table, number)
    assert "利用者の検討中" in state_on(licensor, table) and "利用者の検討中" in state_on(licensee, table)

    licensee.open(f"{table}propose/variable/cure_days/")
    licensee.page.fill("input[name=value]", "６０")
    licensee.page.fill("textarea[name=reason]", "社内の是正手続に2か月を要するため。")
    licensee.page.get_by_role("button", name="案を保存する").click()
    licensee.page.wait_for_url("**/proposals/4/")
    assert licensor.open(f"{table}proposals/4/").status == 404, "a draft is its own side's"
    hands_over(licensee, table, number)

    answers(licensor, f"{table}proposals/4/", "accept", "是正の実効性を優先する。")
    assert "決裁中" in state_on(licensor, table) and "決裁中" in state_on(licensee, table)
    assert licensor.open(f"/approvals/{site.value(APPROVAL)}/").ok
    assert licensor.page.locator("#approval-approve").count() == 0, "whoever applied decides nothing"
    approves(head, site)
    hands_over(licensor, table, number)

    licensee.open(table)
    licensee.page.locator("#move-agree > summary").click()
    licensee.type_number(number)
    assert site.value(STATE) == "agreed"
    assert "文言合意" in state_on(licensor, table)
    licensor.open(f"/agreements/{number}/")
    assert "60" in licensor.fetch(f"/agreements/{number}/text/").text()
    assert licensor.complaints == licensee.complaints == head.complaints == []


def sees_nothing_of_the_secretariat(licensee, table: str) -> None:
    licensee.open(table)
    page = licensee.page.content()
    assert "上限額は動かさない" not in page and "DV-" not in page and "AP-2026" not in page
    assert licensee.open("/deviations/").status == 404
    assert licensee.open("/approvals/").status == 404


def state_on(somebody, table: str) -> str:
    somebody.open(table)
    return somebody.page.locator(".title").inner_text()


def answers(somebody, path: str, verb: str, reason: str) -> None:
    somebody.open(path)
    somebody.page.locator(f"#act-{verb} > summary").click()
    somebody.page.fill(f"#{verb}-reason", reason)
    with somebody.page.expect_navigation():
        somebody.page.locator(f"#act-{verb} button").click()


def hands_over(somebody, table: str, number: str) -> None:
    somebody.open(table)
    somebody.page.locator("#move-hand-over > summary").click()
    somebody.type_number(number)


def approves(head, site) -> None:
    number = site.value(APPROVAL)
    head.open(f"/approvals/{number}/")
    head.page.locator("#approval-approve > summary").click()
    head.type_number(number)
    assert site.value("SELECT state FROM licensing_approval WHERE number = ?", [number]) == "approved"
