"""Cash, people and IP: recorded by the member in its own notation, accepted by a second pair of eyes."""

from __future__ import annotations

from contributions.models import Resource

CASH = {
    "kind": "cash",
    "title_ja": "負担金",
    "amount": "１２３４万",
    "nature": "levy",
    "period_from": "令和8年5月1日",
    "agreement": "T-tetsu-0001",
}


def test_a_member_records_cash_as_people_write_it(world, reader):
    answer = reader("tetsu").post("/resources/new/", CASH)
    assert answer.status_code == 302 and answer.url == "/resources/C-tetsu-0001/"
    found = Resource.objects.get()
    assert (found.quantity, str(found.period_from), found.state) == (12_340_000, "2026-05-01", "submitted")


def test_what_is_missing_for_the_kind_is_said_beside_its_field(world, reader, text):
    body = text(reader("tetsu").post("/resources/new/", CASH | {"kind": "people", "amount": ""}))
    assert "This is needed for the kind you chose." in body and "State the grade." in body
    assert not Resource.objects.exists()


def test_finance_accepts_with_the_number_typed(contributed_world, reader, text):
    waiting = Resource.objects.get(state="submitted")
    finance = reader("finance")
    assert "2,000,000 yen" in text(finance.get(f"/resources/{waiting.number}/"))
    assert finance.post(f"/resources/{waiting.number}/accept/", {"confirm": ""}).status_code == 422
    assert finance.post(f"/resources/{waiting.number}/accept/", {"confirm": waiting.number}).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == "accepted"


def test_another_members_money_is_nowhere_on_a_members_pages(contributed_world, reader, text):
    member = reader("tetsu")
    for path in ("/resources/", "/resources/?format=csv", "/members/ginko/", "/search/?q=5000000"):
        body = text(member.get(path))
        assert "5,000,000" not in body and "C-ginko" not in body and "90000000" not in body
    assert member.get("/resources/C-ginko-0001/").status_code == 404
    assert "C-ginko-0001" in text(reader("finance").get("/search/?q=5,000,000"))


def test_the_rival_sees_who_a_member_is_and_nothing_it_put_in(contributed_world, reader, text):
    body = text(reader("hagane").get("/members/tetsu/"))
    assert "Tetsuyama Steel" in body and "seen by that member, the secretariat and the auditor only" in body
    assert "高炉" not in body and "25.00" not in body and "3,000,000" not in body
    assert "25.00" in text(reader("tetsu").get("/members/tetsu/"))
