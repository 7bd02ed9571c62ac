"""Hash material is open to whoever is signed in; an entry and its proof go only to those whose line it is."""

from contributions import services
from contributions.core import notes, proofs


def test_the_head_and_every_signed_note_are_open_to_any_signed_in_caller(call, contributed):
    sealed = call("legal").post("/api/v1/log/checkpoints/").json()
    for username in ("tetsu", "robo", "reviewer", "operator"):
        client = call(username)
        assert client.get("/api/v1/log/head/").json()["size"] == sealed["size"]
        note = client.get(f"/api/v1/log/checkpoints/{sealed['number']}/note/")
        assert note["Content-Type"] == "text/plain; charset=utf-8"
        opened = notes.open_checkpoint(note.content.decode(), services.log.signer().verifier)
        assert (opened.size, opened.root.hex()) == (sealed["size"], sealed["root"])


def test_whoever_may_not_watch_the_log_grow_is_told_what_a_checkpoint_says(call, contributed):
    """When a rival records something, and how much, does not show in the head."""
    sealed = call("legal").post("/api/v1/log/checkpoints/").json()
    watched = {name: call(name) for name in ("tetsu", "robo", "reviewer", "operator")}
    before = {name: client.get("/api/v1/log/head/").content for name, client in watched.items()}
    contributed.cash("hagane", 5_000)
    assert {name: client.get("/api/v1/log/head/").content for name, client in watched.items()} == before
    assert call("auditor").get("/api/v1/log/head/").json()["size"] > sealed["size"]


def test_sealing_again_gives_the_same_checkpoint_and_members_may_not_seal(call, contributed):
    first = call("auditor").post("/api/v1/log/checkpoints/").json()
    assert call("legal").post("/api/v1/log/checkpoints/").json() == first
    assert call("tetsu").post("/api/v1/log/checkpoints/").status_code == 403


def test_an_entry_comes_with_a_proof_that_verifies(call, contributed):
    call("legal").post("/api/v1/log/checkpoints/")
    tetsu = call("tetsu")
    entry = tetsu.get("/api/v1/log/entries/?kind=dataset.registered").json()["results"][0]
    assert entry["statement"]["member"] == "tetsu"
    text = tetsu.get(f"/api/v1/log/entries/{entry['seq']}/proof/").content.decode()
    proof = proofs.Proof.parse(text)
    assert proof.proves(entry["leaf"].encode(), notes.open_checkpoint(proof.note, services.log.signer().verifier))
    assert not proof.proves(
        entry["leaf"].encode() + b" ", notes.open_checkpoint(proof.note, services.log.signer().verifier)
    )


def test_a_rivals_entry_is_not_there_and_neither_is_its_proof(call, contributed):
    call("legal").post("/api/v1/log/checkpoints/")
    seq = call("hagane").get("/api/v1/log/entries/?kind=dataset.registered").json()["results"][0]["seq"]
    for tail in ("", "proof/"):
        rival = call("tetsu").get(f"/api/v1/log/entries/{seq}/{tail}")
        none = call("tetsu").get(f"/api/v1/log/entries/999999/{tail}")
        assert rival.status_code == none.status_code == 404 and rival.content == none.content


def test_an_entry_that_no_checkpoint_counts_has_no_proof_yet(call, contributed):
    seq = call("auditor").get("/api/v1/log/head/").json()["size"] - 1
    answer = call("auditor").get(f"/api/v1/log/entries/{seq}/proof/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-sealed")
