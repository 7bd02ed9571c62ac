"""A member sees why its share is what it is, answers its statement, and votes; its rival objects to its own."""

from __future__ import annotations

from playwright.sync_api import expect

PAYOUT = """SELECT p.number, p.gross FROM licensing_payout p JOIN contributions_member m ON p.member_id = m.id
    JOIN contributions_organization o ON m.organization_id = o.id WHERE o.code = ?"""
ADOPTED = "SELECT number FROM licensing_allocation WHERE state = 'adopted'"


def test_nittetsu_reads_why_its_share_is_what_it_is(person, site):
    member, number = person("nittetsu"), site.value(ADOPTED)
    member.open("/allocations/")
    member.page.locator(f'main a[href="/allocations/{number}/"]').first.click()
    expect(member.page.locator(".why").first).to_be_visible()
    told = member.page.inner_text("main")
    assert "日本製鉄" in told and "神戸製鋼" not in told
    assert member.fetch(f"/allocations/{number}/why/nipponsteel/").status == 200
    assert member.fetch(f"/allocations/{number}/why/kobesteel/").status == 404
    assert member.fetch(f"/allocations/{number}/full.zip").status == 404
    assert "kobesteel" not in member.fetch(f"/allocations/{number}/export/?format=json").text()


def test_nittetsu_confirms_its_payout(person, site):
    member, (number, gross) = person("nittetsu"), site.rows(PAYOUT, ["nipponsteel"])[0]
    page = member.page
    with page.expect_navigation():
        page.locator(f'main a[href="/payouts/{number}/"]').first.click()
    assert f"{gross:,}" in page.inner_text("main")
    paper = member.fetch(f"/payouts/{number}/statement.pdf")
    assert paper.status == 200 and paper.body().startswith(b"%PDF")
    member.finally_do(number)
    page.wait_for_load_state()
    assert site.value("SELECT state FROM licensing_payout WHERE number = ?", [number]) == "confirmed"
    assert member.complaints == []


def test_nittetsu_votes_once_and_its_reason_is_kept(person, site):
    member = person("nittetsu")
    page = member.page
    ballot = site.value("SELECT number FROM licensing_ballot WHERE state = 'open'")
    page.locator(f'main a[href="/ballots/{ballot}/"]').first.click()
    page.locator("details.confirm > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("input[name=choice][value=against]").check()
    page.locator("textarea[name=dissent]").fill("従事の比重が高すぎます。（見本・架空）")
    member.type_number(str(ballot))
    page.wait_for_load_state()
    assert "従事の比重が高すぎます" in page.inner_text("main")
    assert page.locator("input[name=choice]").count() == 0
    assert site.value("SELECT COUNT(*) FROM licensing_vote v JOIN licensing_ballot b ON v.ballot_id = b.id "
                      "WHERE b.number = ?", [ballot]) == 2  # fmt: skip


def test_kobelco_objects_and_its_payout_is_held(person, site):
    member, (number, _) = person("kobelco"), site.rows(PAYOUT, ["kobesteel"])[0]
    page = member.page
    page.locator(f'main a[href="/payouts/{number}/"]').first.click()
    page.wait_for_url(f"**/payouts/{number}/")
    page.locator("details:has(textarea[name=reason]) > summary").first.click()
    page.locator("textarea[name=reason]").fill("計算資源の数量が違います。（見本・架空）")
    with page.expect_navigation():
        page.locator("form:has(textarea[name=reason]) button").last.click()
    assert site.value("SELECT state FROM licensing_payout WHERE number = ?", [number]) == "disputed"
    assert "計算資源の数量が違います" in page.inner_text("main")


def test_a_rivals_statement_looks_like_a_page_that_does_not_exist(person, site):
    member, (number, _) = person("kobelco"), site.rows(PAYOUT, ["nipponsteel"])[0]
    for path in (f"/payouts/{number}/", f"/payouts/{number}/statement.pdf"):
        assert member.fetch(path).status == 404
