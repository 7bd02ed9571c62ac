"""A policy is built by fields and proposed, voted by a body of two in both languages, closed with minutes, adopted."""

from __future__ import annotations


def test_a_policy_is_voted_by_two_members_and_adopted(person, site):
    lawyer = person("homu")
    proposes(lawyer)
    number, version = site.rows("SELECT number, version FROM licensing_policy ORDER BY version DESC")[0]
    address = f"/policies/{number}/{version}/"
    records_a_body_of_two(lawyer)
    opens_the_ballot(lawyer, address)
    ballot = site.value("SELECT MAX(number) FROM licensing_ballot")
    for username, language, word in (("honda", "ja", "賛成"), ("nittetsu", "en", "For")):
        votes(person(username, language), ballot, word)
    closes(lawyer, ballot)
    assert site.value("SELECT state FROM licensing_ballot WHERE number = ?", [ballot]) == "carried"
    lawyer.open(address)
    lawyer.finally_do(f"{number}@{version}")
    assert site.value("SELECT state FROM licensing_policy WHERE version = ?", [version]) == "adopted"
    assert lawyer.complaints == []


def proposes(lawyer) -> None:
    """The cap of the money is lowered by field; the page says at once what that changes."""
    page = lawyer.page
    lawyer.open("/policies/new/")
    page.locator("details.right > summary > b").first.click()
    page.locator('input[name="revenue.cap"]').fill("35%")
    page.locator("#preview td", has_text="35 %").first.wait_for()
    page.locator("main form .submit button.first").click()
    page.wait_for_url("**/policies/*/*/")


def records_a_body_of_two(lawyer) -> None:
    page = lawyer.page
    lawyer.open("/bodies/new/")
    for name, value in (
        ("code", "two"), ("name_ja", "二社委員会（見本・架空）"), ("name_en", "Committee of two (fictional)"),
        ("valid_from", "2026-04-01"), ("source_ja", "覚書（見本）"), ("source_en", "memorandum (specimen)"),
        ("policy_threshold", "1"),
    ):  # fmt: skip
        page.locator(f"input[name={name}]").fill(value)
    page.locator("select[name=electorate]").select_option("named")
    for code in ("honda", "nipponsteel"):
        page.locator(f"input[name=members][value={code}]").check()
    page.locator("main form .submit button").click()
    page.wait_for_url("**/bodies/two/")


def opens_the_ballot(lawyer, address: str) -> None:
    page = lawyer.page
    lawyer.open(f"{address}ballot/")
    page.locator("select[name=body]").select_option("two")
    page.locator("input[name=closes_on]").fill("令和20年4月1日")
    page.locator("main form .submit button").click()
    page.wait_for_url("**/ballots/*/")


def votes(member, ballot: int, word: str) -> None:
    page = member.page
    page.locator(f'main a[href="/ballots/{ballot}/"]').first.click()
    page.wait_for_url(f"**/ballots/{ballot}/")
    page.locator("details.confirm > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("input[name=choice][value=for]").check()
    member.type_number(str(ballot))
    assert word in page.locator("tr.me").inner_text()
    assert member.complaints == []


def closes(lawyer, ballot: int) -> None:
    page = lawyer.page
    lawyer.open(f"/ballots/{ballot}/")
    page.locator("details.confirm > summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("textarea[name=minutes_ja]").fill("全会一致で可決した。（見本・架空）")
    page.locator("textarea[name=minutes_en]").fill("Carried unanimously. (fictional)")
    lawyer.type_number(str(ballot))
