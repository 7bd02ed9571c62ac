"""Cosignatures: the published forms, and that each word of what a witness signs is covered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contributions.core import cosignatures, notes
from contributions.core.cosignatures import BadCosignature, Cosigner, NoCosignature, WitnessKey
from contributions.core.notes import BadKey, Signature

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "cosignatures.json").read_text(encoding="utf-8"))
LOG = notes.Signer("ledger.example/log", bytes(range(32)))
TEXT = notes.Checkpoint(LOG.name, 7, bytes(32)).text()
NOTE = notes.sign(TEXT, LOG)
ONE, OTHER = Cosigner("witness.example/w1", bytes(32)), Cosigner("witness.example/w2", bytes(range(32)))


def test_the_published_key_reads_and_writes_itself():
    assert WitnessKey.parse(VECTORS["vkey"]).vkey == VECTORS["vkey"]


@pytest.mark.parametrize("vkey", VECTORS["not_vkeys"])
def test_what_is_no_witness_key_is_refused(vkey):
    with pytest.raises(BadKey):
        WitnessKey.parse(vkey)


def test_a_log_key_and_a_witness_key_of_the_same_seed_are_two_keys():
    log, witness = notes.Signer("a.example", bytes(32)).verifier, Cosigner("a.example", bytes(32)).key
    assert log.public == witness.public and log.key_hash != witness.key_hash
    with pytest.raises(BadKey):
        notes.Verifier.parse(witness.vkey)


def test_the_published_message_is_what_is_signed():
    assert cosignatures.message(VECTORS["message_text"], VECTORS["message_time"]).decode() == VECTORS["message"]


def test_the_time_of_a_published_line_is_read():
    data = notes.decode64(VECTORS["cosigned"])
    assert cosignatures.read(Signature("w", data[:4], data[4:])).time == VECTORS["time"]
    data = notes.decode64(VECTORS["not_cosigned"])
    with pytest.raises(NoCosignature):
        cosignatures.read(Signature("w", data[:4], data[4:]))


def test_a_cosigned_note_opens_under_the_logs_key_and_shows_both_witnesses():
    note = cosignatures.with_lines(NOTE, [OTHER.cosign(TEXT, 9), ONE.cosign(TEXT, 8)])
    assert notes.open_checkpoint(note, LOG.verifier).size == 7
    found = cosignatures.found_on(note, [ONE.key, OTHER.key])
    assert [(one.name, one.time) for one in found] == [(ONE.name, 8), (OTHER.name, 9)]
    assert cosignatures.found_on(note, [ONE.key])[0].time == 8
    assert note == cosignatures.with_lines(NOTE, [ONE.cosign(TEXT, 8), OTHER.cosign(TEXT, 9)]), "in order of name"


def test_a_strangers_line_is_ignored_and_a_known_witnesss_false_one_is_refused():
    note = cosignatures.with_lines(NOTE, [ONE.cosign(TEXT, 8)])
    assert cosignatures.found_on(note, [OTHER.key]) == []
    elsewhere = TEXT.replace("\n7\n", "\n8\n")
    for false in (ONE.cosign(elsewhere, 8), Cosigner(ONE.name, bytes(31) + b"\1").cosign(TEXT, 8)):
        forged = cosignatures.Cosigned(ONE.name, ONE.key.key_hash, 8, false.signature)
        with pytest.raises(BadCosignature, match="w1"):
            cosignatures.found_on(cosignatures.with_lines(NOTE, [forged]), [ONE.key])


def test_another_time_does_not_fit_the_signature():
    signed = ONE.cosign(TEXT, 8)
    moved = cosignatures.Cosigned(signed.name, signed.key_hash, 9, signed.signature)
    with pytest.raises(BadCosignature):
        cosignatures.check(moved, TEXT, ONE.key)


def test_a_witness_that_stands_twice_counts_once():
    note = NOTE + ONE.cosign(TEXT, 8).line + ONE.cosign(TEXT, 9).line
    assert len(cosignatures.found_on(note, [ONE.key])) == 1


def test_a_time_beyond_what_an_integer_holds_is_refused():
    with pytest.raises(NoCosignature):
        cosignatures.read(Signature("w", bytes(4), b"\xff" * 72))
