"""Witnesses over the API: the same verbs, the same refusals, and nobody's name for outsiders."""

from __future__ import annotations

from contributions.core import cosignatures, witnessing
from contributions.models import Checkpoint

SITE = cosignatures.Cosigner("witness.tetsu.example/w1", bytes(32))
JSON = "application/json"


def sealed(call) -> dict:
    return call("legal").post("/api/v1/log/checkpoints/").json()


def test_an_officer_cosigns_and_everybody_sees_that_somebody_did(call, contributed):
    number = sealed(call)["number"]
    answer = call("tetsu").post(f"/api/v1/log/checkpoints/{number}/cosignatures/")
    assert answer.status_code == 200 and answer.json()["counted"] == 1
    assert answer.json()["cosignatures"][0]["organization"] == "tetsu"
    seen = call("robo").get(f"/api/v1/log/checkpoints/{number}/cosignatures/").json()
    assert seen["cosignatures"][0]["organization"] is None and "tetsu" not in str(seen)
    assert call("legal").post(f"/api/v1/log/checkpoints/{number}/cosignatures/").status_code == 403


def test_a_member_enrols_its_site_and_hands_in_what_it_cosigned(call, contributed):
    tetsu = call("tetsu")
    body = {"vkey": SITE.key.vkey, "valid_from": "2026-04-01"}
    made = tetsu.post("/api/v1/log/witnesses/", body, content_type=JSON)
    assert made.status_code == 201 and made.json()["organization"] == "tetsu"
    again = tetsu.post("/api/v1/log/witnesses/", body, content_type=JSON)
    assert (again.status_code, again.json()["code"]) == (422, "witness-enrolled")
    number = sealed(call)["number"]
    text = tetsu.get(f"/api/v1/log/checkpoints/{number}/note/").content.decode()
    at = int(Checkpoint.objects.get(number=number).sealed_at.timestamp())
    note = cosignatures.with_lines(text, [SITE.cosign(text.partition("\n\n")[0] + "\n", at)])
    kept = tetsu.post("/api/v1/log/cosignatures/", {"note": note}, content_type=JSON)
    assert kept.status_code == 200, kept.json()
    assert [one["witness"] for one in kept.json()["cosignatures"]] == [SITE.name]
    assert SITE.name in call("robo").get(f"/api/v1/log/checkpoints/{number}/note/").content.decode()
    code = made.json()["code"]
    assert call("robo").get(f"/api/v1/log/witnesses/{code}/").json()["organization"] is None
    retired = tetsu.post(f"/api/v1/log/witnesses/{code}/retire/", {"retired_from": "2027-01-01"}, content_type=JSON)
    assert retired.json()["retired_from"] == "2027-01-01"


def test_a_rival_does_not_enrol_or_retire_for_another(call, contributed):
    body = {"vkey": SITE.key.vkey, "valid_from": "2026-04-01", "organization": "tetsu"}
    refused = call("hagane").post("/api/v1/log/witnesses/", body, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (422, "witness-not-yours")
    nobody = call("legal").post("/api/v1/log/witnesses/", {**body, "organization": "nobody"}, content_type=JSON)
    assert nobody.status_code == 400


def test_a_proof_of_consistency_comes_as_a_witness_is_handed_it(call, contributed):
    first = sealed(call)["number"]
    contributed.cash("tetsu", 5)
    second = sealed(call)["number"]
    text = call("robo").get(f"/api/v1/log/checkpoints/{second}/consistency/{first}/").content.decode()
    assert witnessing.Request.parse(text).old == Checkpoint.objects.get(number=first).size
    assert call("robo").get(f"/api/v1/log/checkpoints/{first}/consistency/{second}/").status_code == 404


def test_legal_records_the_threshold(call, contributed):
    body = {"threshold": 2, "kinds": ["site"], "valid_from": "2026-04-01", "source_ja": "議決", "source_en": "ballot"}
    assert call("legal").post("/api/v1/log/thresholds/", body, content_type=JSON).status_code == 201
    assert call("tetsu").post("/api/v1/log/thresholds/", body, content_type=JSON).status_code == 403
    (row,) = call("robo").get("/api/v1/log/thresholds/").json()["results"]
    assert (row["threshold"], row["kinds"]) == (2, ["site"])
    bad = call("legal").post("/api/v1/log/thresholds/", {**body, "kinds": ["friend"]}, content_type=JSON)
    assert bad.status_code == 400
