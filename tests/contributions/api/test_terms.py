"""Inbound agreements and funding over the API: the same verbs, the same refusals, the same silence towards rivals."""

RIGHT = {"subject": "data", "purposes": ["training"], "fields_of_use": ["vehicles"], "territory": ["JP"]}
TERMS = {"organization": "tetsu", "type": "data", "title_ja": "契約", "title_en": "Agreement",
         "valid_from": "2026-05-01", "rights": [RIGHT]}  # fmt: skip


def send(client, url, body):
    return client.post(url, body, content_type="application/json")


def test_legal_concludes_amends_and_ends(call, contributed):
    legal = call("legal")
    made = send(legal, "/api/v1/terms/", TERMS)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    edition = {"valid_from": "2026-09-01", "rights": [RIGHT | {"sublicensing": True}]}
    amended = send(legal, f"/api/v1/terms/{number}/amend/", edition).json()
    assert [row["rights"][0]["sublicensing"] for row in amended["editions"]] == [False, True]
    assert (
        send(legal, f"/api/v1/terms/{number}/end/", {"ended_from": "2026-12-01"}).json()["ended_from"] == "2026-12-01"
    )
    again = send(legal, f"/api/v1/terms/{number}/amend/", edition)
    assert (again.status_code, again.json()["code"]) == (422, "terms-ended")
    assert call("hagane").get(f"/api/v1/terms/{number}/").status_code == 404
    assert send(call("tetsu"), "/api/v1/terms/", TERMS).status_code in {400, 403}
    assert {row["code"] for row in call("tetsu").get("/api/v1/terms/types/").json()["results"]} >= {"nda", "secondment"}


def test_a_grant_is_its_recipients_to_know_with_its_assets(call, contributed):
    finance = call("finance")
    grant = {"code": "F-9", "name_ja": "補助", "name_en": "Grant", "mode": "subsidy", "state_rate": "1/2",
             "decision_number": "N-1", "decided_on": "2026-05-15", "recipient": "tetsu"}  # fmt: skip
    assert send(finance, "/api/v1/funding/", grant).status_code == 201
    assert send(finance, "/api/v1/funding/", grant).status_code == 400
    asset = {"name_ja": "装置", "name_en": "Device", "acquired_on": "2026-06-01", "price": "100",
             "restricted_until": "2031-06-01"}  # fmt: skip
    number = send(finance, "/api/v1/funding/F-9/assets/", asset).json()["number"]
    early = send(finance, f"/api/v1/assets/{number}/dispose/", {"disposed_on": "2027-01-01"})
    assert (early.status_code, early.json()["code"]) == (422, "disposal-approval-needed")
    edition = {"mode": "subsidy", "state_rate": "2/3", "valid_from": "2026-09-01"}
    assert len(send(finance, "/api/v1/funding/F-9/amend/", edition).json()["editions"]) == 2
    assert call("tetsu").get("/api/v1/funding/F-9/assets/").json()["count"] == 1
    assert call("hagane").get("/api/v1/funding/F-9/").status_code == 404
    assert call("hagane").get("/api/v1/funding/F-9/assets/").json()["count"] == 0
