"""What holds at every endpoint: who comes in, how much may be brought, how a list is asked, how a fault is told."""

import re

import pytest
from django.test import Client, override_settings
from drf_spectacular.generators import SchemaGenerator

pytestmark = pytest.mark.django_db


def test_a_list_is_counted_and_paged(call, contributed):
    whole = call("legal").get("/api/v1/reviews/").json()
    part = call("legal").get("/api/v1/reviews/?limit=5&offset=5").json()
    assert part["count"] == whole["count"] == len(whole["results"])
    assert part["results"] == whole["results"][5:10]
    assert "offset=10" in part["next"]
    assert "offset" not in part["previous"] and "limit=5" in part["previous"]
    assert whole["next"] is None and whole["previous"] is None


def test_a_filter_narrows_and_a_misspelt_one_is_refused(call, contributed):
    legal = call("legal")
    cash = legal.get("/api/v1/resources/?kind=cash&member=ginko").json()["results"]
    assert {(row["kind"], row["member"]) for row in cash} == {("cash", "ginko")}
    refused = legal.get("/api/v1/resources/?memebr=ginko")
    assert refused.status_code == 400
    assert refused.json()["findings"] == [
        {"line": None, "field": "memebr", "code": "unknown-field", "reason": "There is no field of this name."}
    ]


@pytest.mark.parametrize("asked", ["limit=0", "limit=501", "offset=-1", "offset=99999999999999999999", "kind=gold"])
def test_what_cannot_be_asked_is_named(call, contributed, asked):
    answer = call("legal").get(f"/api/v1/resources/?{asked}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert answer.json()["findings"][0]["field"] == asked.partition("=")[0]


def test_amounts_are_decimal_strings_and_instants_end_in_z(call, contributed):
    row = call("finance").get("/api/v1/resources/?member=ginko").json()["results"][0]
    assert row["quantity"] == "5000000"
    batch = call("kuruma").get("/api/v1/batches/").json()["results"][0]
    assert batch["received_at"].endswith("Z") and batch["bytes_read"].isdigit()
    assert call("tetsu").get("/api/v1/stakes/").json()["results"][0]["share"] == "1/4"


def test_a_refusal_speaks_the_language_of_the_caller(call, contributed):
    number = call("legal").get("/api/v1/batches/?state=accepted").json()["results"][0]["number"]
    for language, said in (("ja", "確認待ちではありません"), ("en", "is not waiting")):
        answer = call("legal", language).post(f"/api/v1/batches/{number}/attest/")
        assert answer.status_code == 422
        assert answer.json()["code"] == "batch-not-submitted"
        assert said in answer.json()["detail"]


def test_what_the_workplace_may_not_do_is_forbidden(call, contributed):
    number = call("hagane").get("/api/v1/batches/").json()["results"][0]["number"]
    answer = call("hagane").post(f"/api/v1/batches/{number}/attest/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


def test_a_person_without_a_workplace_that_sees_anything_gets_empty_lists(call, contributed):
    assert call("operator").get("/api/v1/datasets/").json()["count"] == 0


def test_a_write_needs_the_csrf_token(call, contributed):
    answer = call("legal", enforce_csrf_checks=True).post("/api/v1/log/checkpoints/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission-denied"


def test_every_media_type_that_is_described_is_read_from_a_caller_whose_token_is_checked(call, contributed):
    """The token is looked for in the body as well, which the framework then reads by its type."""
    client, token = call("tetsu", enforce_csrf_checks=True), "a" * 32
    client.cookies["csrftoken"] = token
    document, tried = SchemaGenerator().get_schema(request=None, public=True), set()
    for path, methods in document["paths"].items():
        for media in methods.get("post", {}).get("requestBody", {}).get("content", {}):
            address = re.sub(r"\{\w+\}", "1", path)
            sent = f"{media}; boundary=x" if media.startswith("multipart/") else media
            body = "--x--\r\n" if media.startswith("multipart/") else "{}"
            answer = client.generic("POST", address, body, sent, headers={"X-CSRFToken": token})
            assert answer.status_code not in {403, 415} or answer.json()["code"] == "not-allowed", (address, media)
            tried.add(media)
    assert tried == {"application/json", "application/ld+json", "multipart/form-data"}


def test_only_json_is_read(call, contributed):
    review = call("reviewer").get("/api/v1/reviews/?state=open").json()["results"][0]["number"]
    answer = call("reviewer").post(f"/api/v1/reviews/{review}/decide/", {"decision": "passed"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    broken = call("reviewer").post(f"/api/v1/reviews/{review}/decide/", "{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (400, "not-json")


def test_a_body_that_is_too_large_is_turned_away_unread(call, contributed):
    body = b'{"amount": "' + b"1" * 6_000_000 + b'"}'
    answer = call("finance").post("/api/v1/invoices/X/receipts/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("address", ["nothing/", "datasets", "datasets/D-none-0001/", "datasets/%00/", "jobs/1/", ""])
def test_an_address_that_is_none_is_told_in_json(call, contributed, address):
    answer = call("legal").get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert answer.json() == {"code": "not-found", "detail": "There is nothing here that you may see."}
    with override_settings(DEBUG=True):
        assert Client().get("/api/v1/nothing/").status_code == 401


def test_a_method_that_is_none_is_told_in_json(call, contributed):
    answer = call("legal").delete("/api/v1/datasets/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")


def test_an_unknown_name_in_what_was_sent_is_told_by_its_field(call, contributed):
    """A 404 would say that the person is not there."""
    legal, person = call("legal"), contributed.user("tetsu").pk
    until = {"valid_from": "2026-05-01", "valid_until": "2026-06-01"}
    for url, sent, field in (
        (f"people/{person}/grant/", {"workplace": "legal", "organization": "nobody"}, "organization"),
        (f"people/{person}/move/", {"valid_from": "2026-05-01", "home": "nobody"}, "home"),
        (f"people/{person}/cleanteam/", until | {"purpose": "x", "rival": "nobody"}, "rival"),
        ("organizations/tetsu/affiliate/", {"valid_from": "2026-05-01", "control": "1", "parent": "nobody"}, "parent"),
    ):
        answer = legal.post(f"/api/v1/{url}", sent, content_type="application/json")
        assert (answer.status_code, answer.json()["findings"][0]["field"]) == (400, field), answer.content
    assert legal.post("/api/v1/organizations/nobody/affiliate/", {"valid_from": "2026-05-01", "control": "1",
                      "parent": "tetsu"}, content_type="application/json").status_code == 404  # fmt: skip
