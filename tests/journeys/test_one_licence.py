"""Two browsers, one licence: applied for, screened, negotiated with a deviation, signed, amended, renewed, ended."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from journeys.test_before_the_contract import CHECKS, applies, approve, record, takes_up
from journeys.test_contract_life import NEWEST as AMENDMENT
from journeys.test_contract_life import PAPER, act, seen_by_both
from journeys.test_negotiation import answers, approves, hands_over, state_on
from journeys.test_step_up import NEWEST, both_sign

PASSWORD = "見本の合言葉-2026-wakaba"
RENEWED = """SELECT r.term_until FROM licensing_renewal r JOIN licensing_agreement a ON r.agreement_id = a.id
    WHERE a.number = ?"""
TYPED = {
    "term_from": "2026-11-01",
    "term_last": "2028-10-31",
    "var_licensee_signatory_ja": "代表取締役　若葉　髙子（架空）",
    "var_licensee_signatory_en": "Takako Wakaba (fictitious)",
    "var_licensee_address_ja": "東京都見本区（見本）",
    "var_licensee_address_en": "Mihon-ku, Tokyo (specimen)",
}


def test_one_licence_from_its_application_to_its_end(person, site):
    lawyer, head, owner = person("homu"), person("bucho"), person()
    applies(owner)
    takes_up(lawyer)
    owner.page.goto(one_time_link(lawyer, site))
    sets_a_password(owner)
    for kind in (*CHECKS, "export"):
        record(lawyer, kind)
    approve(head)

    number = drafts(lawyer, site)
    table = f"/agreements/{number}/negotiation/"
    lawyer.page.locator("#talks > summary").click()
    lawyer.type_number(number)
    proposes(owner, table, "cure_days", "６０")
    hands_over(owner, table, number)
    answers(lawyer, f"{table}proposals/1/", "accept", "是正の実効性を優先する。（見本・架空）")
    assert "決裁中" in state_on(lawyer, table) and "決裁中" in state_on(owner, table)
    approves(head, site)
    hands_over(lawyer, table, number)
    owner.open(table)
    owner.page.locator("#move-agree > summary").click()
    owner.type_number(number)
    both_sign(lawyer, head, owner, site, number)
    assert "60日" in owner.fetch(f"/agreements/{number}/text/").text()

    life = f"/agreements/{number}/life/"
    in_force = seen_by_both(lawyer, owner, life)
    amendment = amends(lawyer, site, number)
    head.open(f"/amendments/{amendment}/")
    act(head, "approve", amendment)
    lawyer.open(f"/amendments/{amendment}/")
    for verb in ("offer", "sign"):
        act(lawyer, verb, amendment)
    owner.open(f"/amendments/{amendment}/")
    act(owner, "countersign", amendment)
    assert site.value(RENEWED, [number]) == "2029-11-01"

    lawyer.open(life)
    lawyer.page.locator("#act-terminate [name=paper]").set_input_files(PAPER)
    act(lawyer, "terminate", number, ground="agreed", reason="合意により終了（見本・架空）")
    assert seen_by_both(lawyer, owner, life) != in_force
    assert lawyer.complaints == owner.complaints == head.complaints == []


def one_time_link(lawyer, site) -> str:
    person = UUID(site.value("SELECT id FROM contributions_user WHERE username = 'wakaba-kanri'"))
    lawyer.open(f"/people/{person}/")
    lawyer.page.locator(f'form[action="/people/{person}/link/"] button').click()
    return lawyer.page.locator(".notice code").inner_text()


def sets_a_password(owner) -> None:
    for name in ("password1", "password2"):
        owner.page.locator(f"#id_{name}").fill(PASSWORD)
    owner.page.locator("main form button.first").click()
    owner.page.wait_for_load_state()
    owner.open("/accounts/login/")
    if owner.page.locator("#id_login").count():
        owner.page.locator("#id_login").fill("wakaba-kanri")
        owner.page.locator("#id_password").fill(PASSWORD)
        owner.page.locator(".signin button").click()
        owner.page.wait_for_url(owner.site.url + "/")


def drafts(lawyer, site) -> str:
    schedule = site.value("SELECT number || '@' || version FROM licensing_schedule WHERE number = 'S-ROBOT'")
    chosen = {"licensee": "wakaba", "template": "standard", "schedule": schedule, "release": "R-0.3"}
    lawyer.open("/agreements/new/?" + urlencode(chosen))
    page = lawyer.page
    for name, value in TYPED.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=var_fields][value=robot]").check()
    page.locator("[name=var_regions][value=JP]").check()
    with page.expect_navigation():
        page.locator(".submit button").last.click()
    number = site.value(NEWEST)
    assert page.url.endswith(f"/agreements/{number}/"), page.inner_text("main")
    return number


def proposes(owner, table: str, name: str, value: str) -> None:
    owner.open(f"{table}propose/variable/{name}/")
    owner.page.fill("input[name=value]", value)
    owner.page.fill("textarea[name=reason]", "社内の是正手続に2か月を要するため。（見本・架空）")
    owner.page.get_by_role("button", name="案を保存する").click()
    owner.page.wait_for_url("**/proposals/1/")


def amends(lawyer, site, number: str) -> str:
    page = lawyer.page
    lawyer.open(f"/agreements/{number}/amend/")
    page.locator("[name=effective_from]").fill("令和9年4月1日")
    page.locator("[name=var_term]").fill("2029-10-31")
    page.locator("textarea[name=reason]").fill("期間の延長（見本・架空）")
    with page.expect_navigation():
        page.locator(".submit button").click()
    return site.value(AMENDMENT)
