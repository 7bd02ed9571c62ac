"""Two browsers: an evaluation is drafted by its page and signed by both, and stepped up to the full licence."""

from __future__ import annotations

from urllib.parse import urlencode

NEWEST = "SELECT number FROM licensing_agreement ORDER BY id DESC LIMIT 1"
STATE = "SELECT state FROM licensing_agreement WHERE number = ?"
RELEASE = "R-0.3"


def test_an_evaluation_becomes_a_full_licence_and_ends_as_that_is_signed(person, site):
    lawyer, head, engineer = person("homu"), person("bucho"), person("shinonome")
    lawyer.open("/agreements/")
    lawyer.page.get_by_role("link", name="契約書案を作成する").click()
    typed = {"var_liability_floor": "1,000,000", "var_evaluation_fee": "50万"}
    evaluation = drafts(lawyer, site, "evaluation", "2026-11-01", "2027-01-31", **typed)
    both_sign(lawyer, head, engineer, site, evaluation)

    engineer.open(f"/agreements/{evaluation}/")
    engineer.page.get_by_role("link", name="利用許諾への移行").click()
    engineer.page.wait_for_url("**/step-up/")
    conditions = engineer.page.locator("h2 + .scroll td .state").all_inner_texts()
    assert len(conditions) == 3 and "満たしていない" not in "".join(conditions)
    engineer.page.locator("#act-request > summary").click()
    engineer.page.locator("#act-request textarea").fill("量産機への組込み。2027年1月から。（見本・架空）")
    engineer.type_number(evaluation)
    assert "移行の申出中" in engineer.page.locator(".title").inner_text()

    lawyer.open("/")
    lawyer.page.locator(f'main a[href="/agreements/{evaluation}/step-up/"]').first.click()
    lawyer.page.get_by_role("link", name="利用許諾契約の案を作成する").click()
    lawyer.page.wait_for_url("**/agreements/new/**")
    full = drafts(lawyer, site, "standard", "2026-11-01", "2028-10-31", step_up=f"SU-{evaluation}-1")
    both_sign(lawyer, head, engineer, site, full)
    for somebody in (lawyer, engineer):
        somebody.open(f"/agreements/{evaluation}/")
        page = somebody.page.inner_text("main")
        assert "終了" in somebody.page.locator(".title").inner_text() and full in page
        somebody.open(f"/agreements/{full}/")
        assert evaluation in somebody.page.inner_text("dl.facts") and somebody.complaints == []


def drafts(lawyer, site, template: str, first: str, last: str, step_up: str = "", **typed: str) -> str:
    """What it is made of is chosen in the address, as the page's own form would; then the terms, as they are usual."""
    schedule = site.value("SELECT number || '@' || version FROM licensing_schedule WHERE number = 'S-ROBOT'")
    chosen = {"licensee": "shinonome", "template": template, "schedule": schedule, "release": RELEASE}
    lawyer.open("/agreements/new/?" + urlencode(chosen | ({"step_up": step_up} if step_up else {})))
    page = lawyer.page
    assert page.locator("[name=var_licensor_signatory_ja]").input_value(), "what is usual stands there already"
    for name, value in {"term_from": first, "term_last": last, **typed}.items():
        page.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        page.locator(".submit button").last.click()
    number = site.value(NEWEST)
    assert page.url.endswith(f"/agreements/{number}/"), page.inner_text("main")
    return number


def both_sign(lawyer, head, engineer, site, number: str) -> None:
    """Approved by another person than drafted it, offered, and signed by each side at a browser of its own."""
    steps = ((head, "approved"), (lawyer, "offered"), (lawyer, "signed"), (engineer, "executed"))
    for somebody, state in steps:
        somebody.open(f"/agreements/{number}/")
        somebody.page.locator(".title details.confirm > summary").first.click()
        somebody.type_number(number)
        assert site.value(STATE, [number]) == state
