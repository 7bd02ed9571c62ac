"""Templates and the shipped library by the API: drafts of one person, approved by another, strangers see nothing."""

from __future__ import annotations


def test_a_template_is_proposed_and_approved_by_another(licensed, call, post):
    held = call("legal").get("/api/v1/templates/nda/1/").json()
    document = held["document"] | {"title": {"ja": "秘密保持契約書", "en": "Confidentiality Agreement"}}
    for row in document["clauses"]:
        row.pop("version")
    draft = post("legal", "templates", document=document)
    assert (draft.status_code, draft.json()["version"], draft.json()["state"]) == (201, 2, "draft")
    assert post("legal", "templates", document=document, opened="0" * 64).status_code == 422
    assert post("legal", "templates/nda/2/approve", valid_from="2026-12-01").status_code == 422
    assert post("second", "templates/nda/2/approve", valid_from="2026-12-01").json()["state"] == "approved"
    assert post("robo", "templates", document=document).status_code == 403


def test_the_shipped_library_is_compared_and_closed_to_strangers(licensed, call, post):
    found = call("legal").get("/api/v1/clauses/shipped/").json()
    assert {row["state"] for row in found["clauses"]} == {"same"} and len(found["templates"]) == 4
    assert call("robo").get("/api/v1/clauses/shipped/").status_code == 404
    assert post("robo", "clauses/shipped/drafts", codes=["law"]).status_code == 404
    assert post("legal", "clauses/shipped/drafts", codes=["law"]).status_code == 422
    assert post("second", "clauses/shipped/approve", valid_from="2026-12-01").status_code == 422
