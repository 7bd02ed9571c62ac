"""Registering a dataset by its Croissant file, reading how a version stands, and deciding its reviews."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

DEMO = Path(__file__).resolve().parents[3] / "demo" / "datasets" / "minato-tool-wear.json"
URL = "/api/v1/datasets/"


@pytest.fixture
def croissant() -> bytes:
    return DEMO.read_bytes()


def test_a_croissant_file_becomes_a_dataset_of_the_caller(call, contributed, croissant):
    tetsu = call("tetsu")
    answer = tetsu.post(f"{URL}?agreement=T-tetsu-0001&funding=F-01", croissant, content_type="application/ld+json")
    assert answer.status_code == 201, answer.content
    dataset = answer.json()
    version = dataset["versions"][0]
    assert dataset["member"] == "tetsu"
    assert version["agreement"] == "T-tetsu-0001" and version["funding"] == "F-01"
    assert version["name"]["ja"] and version["standing"]["state"] == "new"
    assert not next(ground for ground in version["standing"]["grounds"] if ground["name"]["en"] == "Data review")[
        "is_met"
    ]
    assert tetsu.get(f"{URL}{dataset['number']}/").json() == dataset


@pytest.mark.parametrize("media", ["application/ld+json", "application/json"])
def test_the_file_is_registered_by_a_caller_whose_csrf_token_is_checked(call, contributed, croissant, media):
    """The token is looked for in the body as well, before the endpoint reads it."""
    client, token = call("tetsu", enforce_csrf_checks=True), "a" * 32
    client.cookies["csrftoken"] = token
    answer = client.generic("POST", URL, croissant, media, headers={"X-CSRFToken": token})
    assert answer.status_code == 201, answer.content


def test_a_file_of_other_bytes_under_the_same_key_is_another_body(call, contributed, croissant):
    """It is kept byte for byte, so a space more makes another evidence."""
    key = {"Idempotency-Key": str(uuid4())}
    first, again, other = [
        call("tetsu").post(URL, body, content_type="application/ld+json", headers=key)
        for body in (croissant, croissant, croissant + b" ")
    ]
    assert first.status_code == 201 and again.json() == first.json()
    assert (other.status_code, other.json()["findings"][0]["field"]) == (409, "body")


def test_the_same_file_again_adds_nothing(call, contributed, croissant):
    first = call("tetsu").post(URL, croissant, content_type="application/json").json()
    again = call("tetsu").post(URL, croissant, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "already-registered")
    assert first["number"] in again.json()["detail"]


def test_what_is_no_croissant_file_is_refused(call, contributed, croissant):
    document = json.loads(croissant) | {"@type": "sc:Person"}
    before = call("legal").get("/api/v1/log/head/").json()
    for body in (json.dumps(document), "{", "[]"):
        answer = call("tetsu").post(URL, body, content_type="application/json")
        assert answer.status_code == 422, answer.content
        assert answer.json()["detail"]
    assert call("legal").get("/api/v1/log/head/").json() == before


def test_nobody_registers_for_another(call, contributed, croissant):
    for_rival = call("tetsu").post(f"{URL}?member=hagane", croissant, content_type="application/json")
    assert (for_rival.status_code, for_rival.json()["code"]) == (422, "not-yours")
    terms = call("tetsu").post(f"{URL}?agreement=T-hagane-0001", croissant, content_type="application/json")
    unknown = call("tetsu").post(f"{URL}?agreement=T-nobody-0001", croissant, content_type="application/json")
    assert terms.status_code == 400 and terms.json() == unknown.json()
    assert call("legal").post(URL, croissant, content_type="application/json").status_code == 403


def test_a_version_says_why_it_does_not_count(call, contributed):
    rows = call("kuruma").get(URL).json()["results"]
    abroad = next(row for row in rows if row["name"]["ja"] == "走行")["versions"][0]["standing"]
    assert not abroad["counts"] and abroad["state"] == "not_counted"
    assert [ground["name"]["en"] for ground in abroad["grounds"] if not ground["is_met"]] == ["Place of storage"]


def test_a_review_is_decided_once(call, contributed):
    reviewer = call("reviewer")
    waiting = reviewer.get("/api/v1/reviews/?state=open&kind=title").json()["results"][0]
    url = f"/api/v1/reviews/{waiting['number']}/decide/"
    decision = {"decision": "refused", "opinion": "", "valid_from": "2026-06-02"}
    bare = reviewer.post(url, decision, content_type="application/json")
    assert (bare.status_code, bare.json()["code"]) == (422, "opinion-needed")
    told = reviewer.post(url, decision | {"opinion": "No title shown."}, content_type="application/json")
    assert told.status_code == 200 and told.json()["state"] == "refused" and told.json()["opinion_sha256"]
    again = reviewer.post(url, decision | {"opinion": "Again."}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "already-decided")
    assert call("kuruma").post(url, decision, content_type="application/json").status_code == 403
    assert call("tetsu").post(url, decision, content_type="application/json").status_code == 404


# ---- versions, copies, withdrawal, export ----
def test_a_version_is_revised_completed_copied_and_withdrawn_by_its_owner(call, contributed, croissant):
    tetsu, sent, before = call("tetsu"), {"content_type": "application/json"}, localdate() - timedelta(days=1)
    answer = tetsu.post(f"{URL}D-tetsu-0001/revise/?agreement=T-tetsu-0001", croissant, **sent)
    assert answer.status_code == 201 and [row["version"] for row in answer.json()["versions"]] == [1, 2]
    copied = tetsu.post(
        f"{URL}D-tetsu-0001/2/copies/", {"country": "SG", "region": "Jurong", "on": str(before)}, **sent
    )
    assert copied.status_code == 200, copied.content
    (breach,) = tetsu.get("/api/v1/breaches/").json()["results"]
    assert (breach["dataset"], breach["version"], breach["until"]) == ("D-tetsu-0001", 2, None)
    assert call("hagane").get("/api/v1/breaches/").json()["count"] == 0
    ahead = tetsu.post(f"{URL}D-tetsu-0001/2/copies/2/remove/", {"on": "2099-01-01"}, **sent)
    assert (ahead.status_code, ahead.json()["code"]) == (422, "copy-not-yet")
    gone = tetsu.post(f"{URL}D-tetsu-0001/2/copies/2/remove/", {"on": str(localdate())}, **sent)
    assert gone.json()["versions"][1]["copies"][1]["until"] == str(localdate())
    withdrawn = tetsu.post(f"{URL}D-tetsu-0001/withdraw/", {"version": 2, "on": "2099-01-01"}, **sent)
    assert withdrawn.json()["versions"][1]["withdrawn_on"] == "2099-01-01"
    past = tetsu.post(f"{URL}D-tetsu-0001/withdraw/", {"on": "2026-01-01"}, **sent)
    assert (past.status_code, past.json()["code"]) == (422, "withdrawn-backwards")
    assert call("hagane").post(f"{URL}D-tetsu-0001/withdraw/", {"on": "2099-01-01"}, **sent).status_code == 404


def test_what_is_missing_is_named_and_stated_over_the_api(call, contributed, croissant):
    bare = {name: value for name, value in json.loads(croissant).items() if name != "moyai:rightsHolder"}
    tetsu = call("tetsu")
    number = tetsu.post(URL, json.dumps(bare), content_type="application/json").json()["number"]
    version = tetsu.get(f"{URL}{number}/").json()["versions"][0]
    assert [gap["en"] for gap in version["gaps"]] == ["Not stated: Rights holders."]
    record = {"record": {"rights_holders": ["鉄山製鋼"]}}
    stated = tetsu.post(f"{URL}{number}/1/state/", record, content_type="application/json")
    assert stated.status_code == 200, stated.content
    assert stated.json()["versions"][0]["gaps"] == []
    assert stated.json()["versions"][0]["record"]["rights_holders"] == ["鉄山製鋼"]


def test_a_digest_is_stated_without_its_size_and_a_slip_of_a_name_is_told(call, contributed, croissant):
    bare = json.loads(croissant)
    bare["distribution"][0]["sha256"] = "unknown"
    tetsu = call("tetsu")
    number = tetsu.post(URL, json.dumps(bare), content_type="application/json").json()["number"]

    def state(**sent):
        return tetsu.post(f"{URL}{number}/1/state/", sent, content_type="application/json")

    name = tetsu.get(f"{URL}{number}/").json()["versions"][0]["files"][0]["name"]
    slip = state(record={"rightHolders": "当社"})
    assert (slip.status_code, slip.json()["findings"][0]["field"]) == (400, "record.rightHolders")
    other = state(files=[{"name": f"{name}x", "sha256": "a" * 64}])
    assert (other.status_code, other.json()["code"]) == (422, "no-such-file")
    stated = state(files=[{"name": name, "sha256": "a" * 64}])
    assert stated.status_code == 200, stated.content


def test_the_export_is_croissant_and_only_for_who_may_read_its_columns(call, contributed):
    answer = call("tetsu").get(f"{URL}D-tetsu-0001/1/croissant/")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/ld+json")
    assert json.loads(answer.content)["moyai:number"] == "D-tetsu-0001"
    assert call("hagane").get(f"{URL}D-tetsu-0001/1/croissant/").status_code == 404


# ---- reviews ----
def test_a_review_is_decided_on_a_condition_answered_and_confirmed(call, contributed):
    sent = {"content_type": "application/json"}
    (row,) = call("reviewer").get("/api/v1/reviews/?dataset=D-kuruma-0002&kind=title").json()["results"]
    url = f"/api/v1/reviews/{row['number']}/"
    decision = {"decision": "passed", "opinion": "確認", "valid_from": "2026-05-01", "valid_until": "2028-04-01"}
    decision["conditions"] = [{"text": "写しを出す", "due": "2026-09-01"}]
    decided = call("reviewer").post(f"{url}decide/", decision, **sent).json()
    (condition,) = decided["opinions"][0]["conditions"]
    replied = call("kuruma").post(f"{url}reply/", {"text": "出した", "condition": condition["key"]}, **sent)
    assert replied.json()["replies"][0]["condition"] == condition["key"]
    fulfilled = call("reviewer").post(f"{url}fulfil/", {"condition": condition["key"], "on": "2026-06-01"}, **sent)
    assert fulfilled.json()["opinions"][0]["conditions"][0]["fulfilled_on"] == "2026-06-01"
    assert call("legal").post(f"{url}reopen/", {}, **sent).json()["round"] == 2
    assert call("legal").post(f"{url}assign/", {"body": "shinsa"}, **sent).json()["body"] == "shinsa"
    assert call("hagane").post(f"{url}reply/", {"text": "x"}, **sent).status_code == 404


def test_required_reviews_are_read_by_all_and_adopted_by_legal(call, contributed):
    table = {"valid_from": "2026-07-01", "lines": {"plant": {"title": 2}}, "source_ja": "規程", "source_en": "rules"}
    made = call("legal").post("/api/v1/requirements/", table, content_type="application/json")
    assert made.status_code == 201 and made.json()["version"] == 2
    assert call("tetsu").get("/api/v1/requirements/").json()["count"] == 2
    assert call("tetsu").post("/api/v1/requirements/", table, content_type="application/json").status_code == 403


# ---- exclusions, breaches ----
def test_an_exclusion_is_declared_checked_and_lifted_and_stays_its_members_own(call, contributed):
    sent = {"content_type": "application/json"}
    made = call("tetsu").post("/api/v1/exclusions/", {"rival": "hagane", "valid_from": "2026-05-01"}, **sent)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert call("legal").post("/api/v1/exclusions/check/", {}, **sent).json()["checks"][0]["respected"] is True
    assert call("tetsu").get("/api/v1/exclusions/checks/").json()["count"] == 1
    for username in ("hagane", "finance", "reviewer", "robo"):
        assert call(username).get("/api/v1/exclusions/").json()["count"] == 0, username
        assert call(username).get(f"/api/v1/exclusions/{number}/").status_code == 404, username
    hidden = call("tetsu").post("/api/v1/exclusions/", {"rival": "robo", "valid_from": "2026-05-01"}, **sent)
    assert hidden.status_code == 400, "whether a company is a licensee is not told"
    lifted = call("tetsu").post(f"/api/v1/exclusions/{number}/lift/", {"lifted_from": "2026-06-01"}, **sent)
    assert lifted.json()["lifted_from"] == "2026-06-01"


def test_a_breach_is_recorded_by_the_auditor_and_mended(call, contributed):
    sent = {"content_type": "application/json"}
    breach = {"dataset": "D-tetsu-0001", "version": 1, "country": "SG", "since": "2026-05-01", "found": "audit"}
    made = call("auditor").post("/api/v1/breaches/", breach, **sent)
    assert made.status_code == 201, made.content
    mended = call("auditor").post(f"/api/v1/breaches/{made.json()['number']}/mend/", {"on": "2026-05-09"}, **sent)
    assert mended.json()["until"] == "2026-05-09"
    assert call("hagane").post("/api/v1/breaches/", breach, **sent).status_code == 404
