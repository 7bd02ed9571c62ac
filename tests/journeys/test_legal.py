"""The secretariat's lawyer takes the waiting draft from approval over the offer to the licensor's signature."""

from __future__ import annotations

import io

import pikepdf
import pypdf
from playwright.sync_api import expect

DRAFT = """SELECT a.number FROM licensing_agreement a JOIN licensing_licensee l ON a.licensee_id = l.id
    JOIN contributions_organization o ON l.organization_id = o.id WHERE o.code = 'hayama'"""


def test_the_draft_of_hayama_is_approved_offered_and_signed(person, site):
    lawyer, number = person("homu"), site.value(DRAFT)
    page = lawyer.page
    page.locator(f'main a[href="/agreements/{number}/"]').first.click()
    page.wait_for_url(f"**/agreements/{number}/")
    sees_that_both_languages_agree(page)
    for state in ("approved", "offered", "signed"):
        lawyer.finally_do(number)
        page.wait_for_load_state()
        assert site.value("SELECT state FROM licensing_agreement WHERE number = ?", [number]) == state
    assert page.locator(".act details.confirm").count() == 0, "the next signature is the licensee's"
    assert "法的効力なし" in page.inner_text("main")
    reads_the_paper(lawyer.fetch(f"/agreements/{number}/document/signed.pdf").body(), number)
    assert lawyer.complaints == []


def sees_that_both_languages_agree(page) -> None:
    page.locator("h2#proof").scroll_into_view_if_needed()
    page.locator("h2#proof + p + details > summary").focus()
    page.keyboard.press("Enter")
    figures = page.locator("h2#proof ~ details tbody tr")
    assert figures.count() > 20
    for row in figures.all()[:20]:
        japanese, english, value = row.locator("td").all_inner_texts()[1:4]
        assert japanese and english and value


def reads_the_paper(content: bytes, number: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert "agreement.json" in reader.attachments
    pages = [page.extract_text() for page in reader.pages]
    for at, text in enumerate(pages, start=1):
        assert number in text and f"{at} / {len(pages)}" in text, f"page {at} does not say where it belongs"
        assert "見本" in text
    with pikepdf.open(io.BytesIO(content)) as paper:
        fields = {str(field.T): field for field in paper.Root.AcroForm.Fields}
        signed = [name for name, field in fields.items() if "/V" in field and field.V.Type == "/Sig"]
        assert signed == ["Licensor"]


def test_a_wrong_number_changes_nothing_and_says_so(person, site):
    lawyer, number = person("homu"), site.value(DRAFT)
    before = site.value("SELECT COUNT(*) FROM contributions_entry")
    lawyer.open(f"/agreements/{number}/")
    token = lawyer.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = lawyer.context.request.post(
        f"{site.url}/agreements/{number}/approve/",
        form={"confirm": "L-0000-000", "csrfmiddlewaretoken": token}, headers={"Referer": site.url},
    )  # fmt: skip
    assert answer.status == 422
    assert site.value("SELECT COUNT(*) FROM contributions_entry") == before


def test_a_template_is_written_by_keyboard_without_json_and_approved_by_another(person, site):
    lawyer, second = person("homu"), person("bucho")
    page = lawyer.page
    lawyer.open("/templates/nda/next/")
    first, other = (page.locator("#part td a.id").nth(n).inner_text() for n in (0, 1))
    page.locator("#row-0-down").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#part td a.id").first).to_have_text(other)
    expect(page.locator("#row-1-down")).to_be_focused()
    for button, there in (("#row-1-down", "#row-3-down"), ("#row-3-up", "#row-1-up")):
        page.locator(button).focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # pressed before the first step came back: it is done all the same
        expect(page.locator(there)).to_be_focused()
    page.locator("#row-2-down").click()
    page.locator("#row-1-when").press_sequentially("confidentiality_years > 3")  # while that step is under way
    expect(page.locator("#said-1")).to_contain_text("3 を超える場合")
    page.locator("#row-1-when").fill("")
    page.locator("#find").press_sequentially("誠実")
    expect(page.locator("#found")).to_contain_text("good-faith")
    with page.expect_navigation():
        page.locator("p.submit button.first").click()
    expect(page.locator("#changes + .scroll")).to_contain_text(first)
    expect(page.locator(".notice.wait").first).to_contain_text("承認できる方")
    second.open("/templates/nda/2/")
    second.finally_do("nda@2")
    second.page.wait_for_load_state()
    assert site.value("SELECT state FROM licensing_agreementtemplate WHERE code = 'nda' AND version = 2") == "approved"
    assert lawyer.complaints == second.complaints == []
