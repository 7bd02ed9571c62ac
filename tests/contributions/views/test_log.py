"""The log's pages: open hash material, closed entries, proofs that hold, and a check that finds what was altered."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from contributions import services
from contributions.core import notes, proofs
from contributions.models import Entry, guards


@pytest.fixture
def sealed(contributed_world):
    contributed_world.seal()
    return contributed_world


def entry_of(member: str) -> Entry:
    return Entry.objects.filter(member=member, kind="dataset.revised").first()


def test_the_public_key_and_a_signed_note_are_open_and_fit_each_other(sealed, client, text):
    verifier = notes.Verifier.parse(text(client.get("/log/log.vkey")))
    signed = notes.open_checkpoint(text(client.get("/log/checkpoints/1/note")), verifier)
    assert signed.size == Entry.objects.count()
    for path in ("/log/", "/log/checkpoints/1/", "/log/entries/0/", "/log/entries/0/proof"):
        assert client.get(path).status_code == 302, "everything else asks who is there"


def test_whoever_may_not_watch_the_log_grow_sees_no_number_move_when_a_rival_records_something(sealed, reader, text):
    def numbers(username: str) -> list[str]:
        pages = text(reader(username).get("/log/")) + text(reader(username).post("/log/verify/"))
        return re.findall(r">\s*([\d,:. 年月日-]+)", pages)

    watched = ("tetsu", "robo", "reviewer")
    before, seen = {name: numbers(name) for name in watched}, numbers("auditor")
    sealed.cash("hagane", 5_000)
    assert {name: numbers(name) for name in watched} == before and all(before.values())
    assert numbers("auditor") != seen
    assert "Not yet under a checkpoint" not in text(reader("tetsu").get("/log/")), (
        "what is not told is not told wrongly"
    )


def test_the_proof_of_an_entry_holds_under_the_signed_checkpoint(sealed, reader, client, text):
    entry = entry_of("tetsu")
    answer = reader("tetsu").get(f"/log/entries/{entry.seq}/proof")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    proof = proofs.Proof.parse(text(answer))
    verifier = notes.Verifier.parse(text(client.get("/log/log.vkey")))
    assert proof.proves(bytes(entry.leaf), notes.open_checkpoint(proof.note, verifier))


def test_an_entry_of_a_rival_looks_like_one_that_does_not_exist(sealed, reader, text):
    entry, rival = entry_of("tetsu"), reader("hagane")
    for path in (f"/log/entries/{entry.seq}/", f"/log/entries/{entry.seq}/proof"):
        assert rival.get(path).status_code == 404
    for path in ("/log/entries/", "/log/entries/?q=D-tetsu", "/log/checkpoints/1/", "/log/entries/?format=csv"):
        assert "D-tetsu-0001" not in text(rival.get(path))
    assert "D-tetsu-0001" in text(reader("tetsu").get("/log/entries/?q=D-tetsu"))


def test_an_entry_that_no_checkpoint_counts_yet_says_so(contributed_world, reader, text):
    answer = reader("legal").get("/log/entries/0/proof")
    assert answer.status_code == 409 and "no signed checkpoint counts it yet" in text(answer)


def test_verify_recomputes_everything_and_says_what(sealed, reader, text):
    body = text(reader("auditor").post("/log/verify/"))
    assert "everything agrees" in body and f"{Entry.objects.count():,}" in body and "Not checked here" in body


def test_verify_names_the_entry_that_was_altered(sealed, reader, text):
    entry = entry_of("hagane")
    guards.disarm(connection)
    entry.statement.content = bytes(entry.statement.content).replace(b"2000000", b"9000000")
    entry.statement.save()
    connection.check_constraints()  # PostgreSQL alters no table while deferred checks wait
    guards.arm(connection)
    body = text(reader("auditor").post("/log/verify/"))
    assert f"entry {entry.seq}" in body and "everything agrees" not in body


def test_the_search_finds_numbers_digests_and_entries_within_what_one_may_see(sealed, reader, text):
    entry = entry_of("tetsu")
    digest = bytes(entry.leaf_hash).hex()[:8]
    assert f"/log/entries/{entry.seq}/" in text(reader("tetsu").get(f"/search/?q={digest}"))
    assert "Nothing that is open to you matches." in text(reader("hagane").get(f"/search/?q={digest}"))
    assert "/datasets/D-tetsu-0001/" in text(reader("legal").get("/search/?q=D-tetsu-0001@1"))
    assert "/log/checkpoints/1/" in text(reader("robo").get("/search/?q=1"))


def test_a_change_of_key_is_told_with_both_keys_and_the_log_still_verifies(sealed, reader, text):
    old = text(reader("robo").get("/log/log.vkey")).strip()
    services.log.rotate(**sealed.by("operator"))
    new = text(reader("robo").get("/log/log.vkey")).strip()
    assert old != new
    seq = Entry.objects.get(kind="key.rotated").seq
    for username in ("tetsu", "robo"):
        page = text(reader(username).get("/log/"))
        assert old in page and new in page
        assert (f'href="/log/entries/{seq}/"' in page) is (username == "tetsu"), "no link that opens nothing"
    assert reader("tetsu").get(f"/log/entries/{seq}/").status_code == 200
    assert "everything agrees" in text(reader("auditor").post("/log/verify/"))
