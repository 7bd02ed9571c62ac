"""The pages of witnesses: an officer cosigns by the checkpoint's number, and whose key it is stays inside."""

from __future__ import annotations

import pytest

from contributions.core import cosignatures, notes, witnessing
from contributions.models import Checkpoint, Cosignature, Entry, Witness, WitnessRule

SITE = cosignatures.Cosigner("witness.tetsu.example/w1", bytes(32))


@pytest.fixture
def sealed(contributed_world):
    contributed_world.seal()
    return contributed_world


def test_an_officer_cosigns_once_it_has_typed_the_number(sealed, reader, text):
    officer = reader("tetsu")
    assert "This makes a key for your company, held by this system" in text(officer.get("/log/checkpoints/1/"))
    wrong = officer.post("/log/checkpoints/1/cosign/", {"confirm": "2"})
    assert wrong.status_code == 422 and "This is not the number." in text(wrong) and not Cosignature.objects.exists()
    assert officer.post("/log/checkpoints/1/cosign/", {"confirm": "1"}).status_code == 302
    page = text(officer.get("/log/checkpoints/1/"))
    assert "Tetsuyama" in page and 'action="/log/checkpoints/1/cosign/"' not in page
    note = text(officer.get("/log/checkpoints/1/note"))
    key = cosignatures.WitnessKey.parse(Witness.objects.get().vkey)
    assert len(cosignatures.found_on(note, [key])) == 1


def test_the_next_cosignature_names_the_one_before_and_an_older_one_is_not_offered(sealed, reader, text):
    sealed.cash("tetsu", 5)
    sealed.seal()
    officer = reader("tetsu")
    officer.post("/log/checkpoints/2/cosign/", {"confirm": "2"})
    assert 'action="/log/checkpoints/1/cosign/"' not in text(officer.get("/log/checkpoints/1/"))
    sealed.cash("tetsu", 6)
    sealed.seal()
    assert "after checking that it continues no. 2" in text(officer.get("/log/checkpoints/3/"))
    refused = officer.post("/log/checkpoints/1/cosign/", {"confirm": "1"})
    assert refused.status_code == 422 and "fewer than" in text(refused)


def test_nobody_but_a_member_is_offered_to_cosign(sealed, reader, text):
    for username in ("legal", "auditor", "robo", "reviewer"):
        client = reader(username)
        assert "/cosign/" not in text(client.get("/log/checkpoints/1/")), username
        assert client.post("/log/checkpoints/1/cosign/", {"confirm": "1"}).status_code == 404
    assert not Witness.objects.exists()


def test_members_see_who_cosigned_and_outsiders_see_the_name_of_a_key(sealed, reader, text):
    reader("tetsu").post("/log/checkpoints/1/cosign/", {"confirm": "1"})
    name = Witness.objects.get().name
    for path in ("/log/", "/log/checkpoints/1/", "/log/witnesses/"):
        assert "Tetsuyama" in text(reader("hagane").get(path)), path
        for outsider in ("robo", "reviewer"):
            page = text(reader(outsider).get(path))
            assert name in page and "Tetsuyama" not in page and "tetsu" not in page.lower(), (outsider, path)


def test_a_member_enrols_its_site_and_retires_it_by_its_code(sealed, reader, text):
    officer = reader("tetsu")
    fields = {"organization": "tetsu", "vkey": SITE.key.vkey, "valid_from": "2026-05-20"}
    assert officer.post("/log/witnesses/new/", fields).status_code == 302
    witness = Witness.objects.get()
    assert witness.kind == "site"
    assert "retire/" not in text(reader("hagane").get("/log/witnesses/"))
    assert reader("hagane").post(f"/log/witnesses/{witness.code}/retire/", {"confirm": witness.code}).status_code == 404
    assert officer.post(f"/log/witnesses/{witness.code}/retire/", {"confirm": "x"}).status_code == 422
    assert officer.post(f"/log/witnesses/{witness.code}/retire/", {"confirm": witness.code}).status_code == 302
    witness.refresh_from_db()
    assert witness.retired_from is not None


def test_what_is_wrong_with_a_key_is_said_beside_it(sealed, reader, text):
    log_key = text(reader("tetsu").get("/log/log.vkey")).strip()
    fields = {"organization": "tetsu", "vkey": log_key, "valid_from": "2026-05-20"}
    answer = reader("tetsu").post("/log/witnesses/new/", fields)
    assert answer.status_code == 422 and "another type" in text(answer) and log_key in text(answer)
    fields["organization"] = "hagane"
    assert reader("tetsu").post("/log/witnesses/new/", fields).status_code == 422
    assert reader("auditor").get("/log/witnesses/new/").status_code == 404


def test_legal_sets_the_threshold_and_checkpoints_wait_for_it(sealed, reader, text):
    legal = reader("legal")
    fields = {
        "threshold": "1",
        "kinds": ["site", "neutral", "officer"],
        "valid_from": "2026-04-01",
        "source_ja": "議決",
    }
    assert legal.post("/log/witnesses/threshold/", fields).status_code == 302
    assert WitnessRule.objects.get().source_en == "議決"
    assert "Not yet witnessed" in text(reader("hagane").get("/log/checkpoints/1/"))
    reader("tetsu").post("/log/checkpoints/1/cosign/", {"confirm": "1"})
    page = text(reader("hagane").get("/log/"))
    assert "Witnessed" in page and "Not yet witnessed" not in page
    assert reader("tetsu").get("/log/witnesses/threshold/").status_code == 404
    fields["kinds"] = []
    assert legal.post("/log/witnesses/threshold/", fields).status_code == 422


def test_a_proof_of_consistency_is_what_a_witness_is_handed(sealed, reader, client, text):
    sealed.cash("tetsu", 5)
    sealed.seal()
    held, newest = Checkpoint.objects.order_by("size")
    request = witnessing.Request.parse(text(reader("robo").get("/log/checkpoints/2/consistency/1")))
    verifier = notes.Verifier.parse(text(client.get("/log/log.vkey")))
    before = notes.open_checkpoint(held.note, verifier)
    assert witnessing.judge(request, before, [verifier]).size == newest.size
    assert reader("robo").get("/log/checkpoints/1/consistency/2").status_code == 404


def test_the_path_of_a_proof_is_drawn_beside_its_table_for_whoever_may_read_the_entry(sealed, reader, text):
    page = text(reader("tetsu").get("/log/entries/0/path/"))
    assert "<svg" in page and page.count("<tr>") > 3
    rival = Entry.objects.filter(member="hagane", kind="dataset.revised").first()
    assert reader("tetsu").get(f"/log/entries/{rival.seq}/path/").status_code == 404
