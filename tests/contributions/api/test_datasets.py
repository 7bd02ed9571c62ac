"""Registering a dataset by its Croissant file, reading how a version stands, and deciding its reviews."""

import json
from pathlib import Path

import pytest

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
    url = f"/api/v1/reviews/{waiting['id']}/decide/"
    decision = {"decision": "refused", "opinion": "", "valid_from": "2026-06-02"}
    bare = reviewer.post(url, decision, content_type="application/json")
    assert (bare.status_code, bare.json()["code"]) == (422, "opinion-needed")
    told = reviewer.post(url, decision | {"opinion": "No title shown."}, content_type="application/json")
    assert told.status_code == 200 and told.json()["state"] == "refused" and told.json()["opinion_sha256"]
    again = reviewer.post(url, decision | {"opinion": "Again."}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (422, "already-decided")
    assert call("kuruma").post(url, decision, content_type="application/json").status_code == 403
    assert call("tetsu").post(url, decision, content_type="application/json").status_code == 404
