"""Signed notes and checkpoints: the published example, round trips, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contributions.core import merkle, notes

VECTOR = json.loads((Path(__file__).parents[2] / "vectors" / "signed_note.json").read_text())
NOTE = VECTOR["text"] + "\n" + VECTOR["signature_line"] + "\n"
EXAMPLE = notes.Verifier.parse(VECTOR["vkey"])
LOG = notes.Signer("example.com/7/ledger", bytes(range(32)))
WITNESS = notes.Signer("witness.example", bytes(range(1, 33)))
CHECKPOINT = notes.Checkpoint(LOG.name, 7, merkle.leaf_hash(b"seven"))


def test_the_published_example_opens_under_its_key():
    assert notes.open_note(NOTE, [EXAMPLE], strict=True) == VECTOR["text"]
    assert EXAMPLE.vkey == VECTOR["vkey"]


def test_every_single_bit_of_the_published_example_matters():
    data = NOTE.encode()
    for position in range(len(data) * 8):
        changed = bytearray(data)
        changed[position // 8] ^= 1 << position % 8
        try:
            text = changed.decode()
        except UnicodeDecodeError:
            continue
        with pytest.raises((notes.BadNote, notes.BadSignature, notes.UnknownKey)):
            notes.open_note(text, [EXAMPLE])


def test_a_signed_text_opens_and_signing_again_gives_the_same_bytes():
    note = notes.sign("一行目\n\n三行目\n", LOG)
    assert note == notes.sign("一行目\n\n三行目\n", LOG)
    assert notes.open_note(note, [LOG.verifier], strict=True) == "一行目\n\n三行目\n"


def test_a_key_survives_being_written_and_read():
    assert notes.Verifier.parse(LOG.verifier.vkey + "\n") == LOG.verifier


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b",
        "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        VECTOR["vkey"].replace("530d903a", "530d903b"),
        VECTOR["vkey"].replace("530d903a", "530D903A"),
        VECTOR["vkey"][:-1],
        VECTOR["vkey"].replace("+Aek", "+Bek"),
    ],
)
def test_a_key_that_is_not_its_own_hash_or_shape_is_refused(vkey):
    with pytest.raises(notes.BadKey):
        notes.Verifier.parse(vkey)


def test_an_unknown_signature_line_is_ignored_unless_strict():
    note = notes.sign("text\n", LOG, WITNESS)
    assert notes.open_note(note, [LOG.verifier]) == "text\n"
    with pytest.raises(notes.UnknownKey):
        notes.open_note(note, [LOG.verifier], strict=True)


def test_a_key_may_not_sign_twice_in_a_strict_note():
    note = notes.sign("text\n", LOG, LOG)
    assert notes.open_note(note, [LOG.verifier]) == "text\n"
    with pytest.raises(notes.BadNote):
        notes.open_note(note, [LOG.verifier], strict=True)


def test_one_bad_signature_by_a_known_key_spoils_the_note():
    note = notes.sign("text\n", LOG, WITNESS)
    other = notes.sign("other\n", WITNESS).split("\n\n")[1]
    mixed = note[: note.index("— witness")] + other
    assert notes.open_note(mixed, [LOG.verifier]) == "text\n"
    with pytest.raises(notes.BadSignature):
        notes.open_note(mixed, [LOG.verifier, WITNESS.verifier])


def test_a_note_by_another_key_only_is_refused():
    with pytest.raises(notes.UnknownKey):
        notes.open_note(notes.sign("text\n", WITNESS), [LOG.verifier])
    impostor = notes.Signer(LOG.name, bytes(32))
    with pytest.raises(notes.UnknownKey):
        notes.open_note(notes.sign("text\n", impostor), [LOG.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— a AAAA\n",
        "text\n\n- a AAAAAAAA\n",
        "text\n\n— a AAAAAAAA",
        "te\rxt\n\n— a AAAAAAAA\n",
        "te\ud800xt\n\n— a AAAAAAAA\n",
        "text\n\n— a+b AAAAAAAA\n",
        "text\n\n— a AAAAAAB=\n",
        "text\n\n" + "— a AAAAAAAA\n" * 101,
        "x" * 1_000_001 + "\n\n— a AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(notes.BadNote):
        notes.open_note(note, [LOG.verifier])


def test_a_checkpoint_round_trips_under_the_logs_key():
    note = notes.sign_checkpoint(CHECKPOINT, LOG, WITNESS)
    assert notes.open_checkpoint(note, LOG.verifier) == CHECKPOINT


def test_a_checkpoint_of_another_origin_is_refused_even_under_the_key():
    note = notes.sign_checkpoint(notes.Checkpoint("example.com/8/ledger", 7, CHECKPOINT.root), LOG)
    with pytest.raises(notes.UnknownKey):
        notes.open_checkpoint(note, LOG.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n7\n",
        "origin\n07\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n-7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n٧\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "origin\n7\nAAAA\n",
        "origin\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n",
        "an origin\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(notes.BadCheckpoint):
        notes.Checkpoint.parse(text)


def test_the_seed_is_never_shown():
    assert "seed" not in repr(LOG)
