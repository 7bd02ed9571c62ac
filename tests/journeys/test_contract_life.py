"""A licence is amended and renewed, suspended, and ended: legal and the licensee, each at a browser, see the same."""

from __future__ import annotations

AGREEMENT = """SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
    JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = 'shinonome' AND a.state = 'executed'"""
PAPER = {"name": "合意解約書（見本）.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
NEWEST = "SELECT number FROM licensing_amendment ORDER BY id DESC LIMIT 1"


def act(somebody, name: str, number: str, **fields: str) -> None:
    """Open one act of a page, fill what it asks for, and type the number."""
    page = somebody.page
    page.locator(f"#act-{name} > summary").click()
    for field, value in fields.items():
        control = page.locator(f"#act-{name} [name={field}]")
        control.select_option(value) if field == "ground" else control.fill(value)
    with page.expect_navigation():
        page.locator(f"#act-{name}-number").fill(number)
        page.keyboard.press("Enter")


def seen_by_both(lawyer, engineer, path: str) -> str:
    """How the agreement stands on both sides' pages: one word, the same."""
    states = []
    for somebody in (lawyer, engineer):
        somebody.open(path)
        states.append(somebody.page.locator(".title .state").inner_text())
    assert states[0] == states[1]
    return states[0]


def test_a_licence_is_amended_renewed_suspended_and_ended_for_both(person, site):
    lawyer, engineer, head = person("homu"), person("shinonome"), person("bucho")
    number = site.value(AGREEMENT)
    life = f"/agreements/{number}/life/"

    # amended, and by the longer term renewed
    page = lawyer.page
    lawyer.open(f"/agreements/{number}/amend/")
    page.locator("[name=effective_from]").fill("令和9年4月1日")
    page.locator("[name=var_report_days]").fill("30")
    page.locator("[name=var_term]").fill("2029-06-23")
    page.locator("textarea[name=reason]").fill("期間の延長と報告期限の短縮（見本・架空）")
    with page.expect_navigation():
        page.locator(".submit button").click()
    amendment = site.value(NEWEST)
    assert page.url.endswith(f"/amendments/{amendment}/")
    engineer.open(f"/amendments/{amendment}/")
    assert "/amendments/" in engineer.page.url and amendment not in engineer.page.inner_text("main"), "not yet offered"
    lawyer.open(f"/amendments/{amendment}/")
    assert page.locator("#act-approve").count() == 0, "whoever drafted it does not approve it"
    head.open(f"/amendments/{amendment}/")
    act(head, "approve", amendment)
    lawyer.open(f"/amendments/{amendment}/")
    for verb in ("offer", "sign"):
        act(lawyer, verb, amendment)
    engineer.open("/")
    engineer.page.locator(f'main a[href="/amendments/{amendment}/"]').first.click()
    act(engineer, "countersign", amendment)
    assert site.value("SELECT state FROM licensing_amendment WHERE number = ?", [amendment]) == "executed"
    assert site.rows("SELECT mode, term_until FROM licensing_renewal") == [("agreed", "2029-06-24")]
    first, second = (
        engineer.fetch(f"/agreements/{number}/consolidated/?as_of={day}").text() for day in ("2027-03-31", "2027-04-01")
    )
    assert "45日以内" in first and "30日以内" in second
    signed = lawyer.fetch(f"/amendments/{amendment}/document/executed.pdf")
    assert signed.body().startswith(b"%PDF")

    # suspended and reinstated, for both at once
    in_force = seen_by_both(lawyer, engineer, life)
    act(lawyer, "suspend", number, reason="混入のおそれの確認（見本・架空）")
    assert seen_by_both(lawyer, engineer, life) != in_force
    delivery = site.value("SELECT number FROM licensing_delivery WHERE number LIKE ?", [f"DL-{number}-%"])
    engineer.open(f"/deliveries/{delivery}/")
    taken = engineer.fetch(engineer.page.locator("td a[download]").first.get_attribute("href"))
    assert taken.status == 422 and "利用停止" in taken.text()
    lawyer.open(life)
    act(lawyer, "reinstate", number, reason="問題なし（見本・架空）")
    assert seen_by_both(lawyer, engineer, life) == in_force
    href = f"/deliveries/{delivery}/"
    engineer.open(href)
    taken = engineer.fetch(engineer.page.locator("td a[download]").first.get_attribute("href"))
    assert taken.status == 200

    # ended by agreement, with the paper that both signed and not by one alone; what was typed wrongly is not lost
    engineer.open(life)
    act(engineer, "terminate", number, ground="cause", reason="是正されない違反（見本・架空）")
    assert engineer.page.locator("#act-terminate .errorlist").is_visible()
    assert engineer.page.locator("#act-terminate [name=reason]").input_value() == "是正されない違反（見本・架空）"
    assert "agreed" not in engineer.page.locator("#act-terminate [name=ground]").inner_html()
    lawyer.open(life)
    act(lawyer, "terminate", number, ground="agreed", reason="合意により終了（見本・架空）")
    assert lawyer.page.locator("#act-terminate .errorlist").is_visible()
    lawyer.open(life)
    lawyer.page.locator("#act-terminate [name=paper]").set_input_files(PAPER)
    act(lawyer, "terminate", number, ground="agreed", reason="合意により終了（見本・架空）")
    ended = seen_by_both(lawyer, engineer, life)
    assert ended != in_force
    texts = [somebody.page.inner_text("main") for somebody in (lawyer, engineer)]
    assert all("存続する規定" in text and f"TM-{number}-1" in text for text in texts)
    assert lawyer.complaints == [] and engineer.complaints == []
