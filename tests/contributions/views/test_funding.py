"""Funding sources: registered with a decision, amended from a day on, with the assets bought; closed to rivals."""

from __future__ import annotations

from contributions.models import FundedAsset, FundingSource

FORM = {
    "code": "F-9",
    "name_ja": "補助",
    "name_en": "Subsidy",
    "mode": "subsidy",
    "programme": "国産基盤モデル",
    "decision_number": "N-1",
    "decided_on": "2026-05-15",
    "state_rate": "1/2",
    "recipient": "tetsu",
    "expense_category": "設備費",
    "fiscal_year": "2026",
}


def test_a_source_with_a_recipient_is_the_recipients_and_the_offices_to_know(world, reader, text):
    assert reader("finance").post("/funding/new/", FORM).status_code == 302
    assert "earlier cost is ineligible" in text(reader("tetsu").get("/funding/F-9/"))
    assert reader("hagane").get("/funding/F-9/").status_code == 404
    for path in ("/funding/", "/funding/?format=csv", "/log/entries/", "/search/?q=N-1"):
        assert "F-9" not in text(reader("hagane").get(path))


def test_a_number_without_its_day_is_refused(world, reader, text):
    body = text(reader("finance").post("/funding/new/", FORM | {"decided_on": ""}))
    assert "has both a number and a day" in body and not FundingSource.objects.filter(code="F-9").exists()


def test_a_decision_still_to_come_is_no_decision(world, reader, text):
    body = text(reader("finance").post("/funding/new/", FORM | {"decided_on": "令和99年1月1日"}))
    assert "2117-01-01" in body and not FundingSource.objects.filter(code="F-9").exists()


def test_a_code_that_is_the_address_of_a_page_is_refused(world, reader, text):
    body = text(reader("finance").post("/funding/new/", FORM | {"code": "new"}))
    assert "Choose another one." in body and not FundingSource.objects.filter(code="new").exists()


def test_an_amendment_stands_from_its_day_on(world, reader, text):
    finance = reader("finance")
    finance.post("/funding/new/", FORM)
    amended = {key: FORM[key] for key in ("mode", "programme", "decision_number", "decided_on")}
    changed = amended | {"valid_from": "2026-09-01", "state_rate": "2/3"}
    assert finance.post("/funding/F-9/amend/", changed).status_code == 302
    body = text(finance.get("/funding/F-9/"))
    assert "66.67" in body and "the beginning" in body


def test_an_asset_is_not_disposed_of_early_without_an_approval(world, reader, text):
    finance = reader("finance")
    finance.post("/funding/new/", FORM)
    asset = {"name_ja": "計算機", "name_en": "Server", "acquired_on": "2026-06-01", "price": "3億",
             "restriction": "転用・譲渡・貸付・担保に承認が必要", "restricted_until": "2031-05-31"}  # fmt: skip
    assert finance.post("/funding/F-9/assets/", asset).status_code == 302
    asset = FundedAsset.objects.get()
    number = asset.number
    assert str(asset.restricted_until) == "2031-06-01", "the day typed is the last of the restriction"
    url = f"/funding/assets/{number}/dispose/"
    said = text(finance.post(url, {"disposed_on": "2027-01-01"}, follow=True))
    assert "without an approval" in said and FundedAsset.objects.get().disposed_on is None
    finance.post(url, {"disposed_on": "2027-01-01", "approval": "承認-7"})
    assert FundedAsset.objects.get().approval == "承認-7"
    assert "300,000,000" in text(reader("tetsu").get("/funding/F-9/"))


def test_members_do_not_write_sources(world, reader):
    assert reader("tetsu").get("/funding/new/").status_code == 404
    assert reader("robo").get("/funding/").status_code == 404
