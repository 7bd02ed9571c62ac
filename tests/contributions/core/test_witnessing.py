"""A witness's judgement: in the order of the specification, and never two histories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contributions.core import merkle, notes, witnessing
from contributions.core.witnessing import (
    AnotherHistory,
    Elsewhere,
    NotTheLogs,
    Request,
    Shrunk,
    UnknownLog,
    Unreadable,
    judge,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "cosignatures.json").read_text(encoding="utf-8"))
LOG = notes.Signer("ledger.example/log", bytes(range(32)))
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(20)]
FORK = [*LEAVES[:5], merkle.leaf_hash(b"another"), *LEAVES[6:]]


def checkpoint(size, leaves=LEAVES):
    return notes.Checkpoint(LOG.name, size, merkle.root(leaves[:size]))


def request(old, size, leaves=LEAVES, signer=LOG):
    def node(level, index):
        return merkle.root(leaves[index << level : (index + 1) << level])

    proof = merkle.consistency_proof(old, size, node) if old else []
    return Request(old, tuple(proof), notes.sign_checkpoint(checkpoint(size, leaves), signer))


def test_the_published_request_reads_and_writes_itself():
    found = Request.parse(VECTORS["request"])
    assert (found.old, len(found.proof)) == (20852014, 4)
    assert found.text() == VECTORS["request"]


@pytest.mark.parametrize("held", [0, 1, 5, 8, 19, 20])
def test_what_grew_out_of_the_last_one_is_cosigned(held):
    asked = Request.parse(request(held, 20).text())
    assert judge(asked, checkpoint(held) if held else None, [LOG.verifier]) == checkpoint(20)


def test_two_histories_are_never_both_cosigned():
    with pytest.raises(AnotherHistory) as refused:
        judge(request(8, 20, FORK), checkpoint(8), [LOG.verifier])
    assert refused.value.status == 422 and "二つの歴史" in refused.value.text("ja")
    with pytest.raises(AnotherHistory):
        judge(request(8, 8, FORK), checkpoint(8), [LOG.verifier])
    assert judge(request(5, 20, FORK), checkpoint(5), [LOG.verifier]).size == 20, "up to 5 both are one history"


def test_a_log_that_lost_its_tail_is_refused():
    with pytest.raises(Shrunk):
        judge(Request(12, (), request(0, 8).note), checkpoint(12), [LOG.verifier])


def test_a_witness_that_stands_elsewhere_says_where():
    with pytest.raises(Elsewhere) as refused:
        judge(request(5, 20), checkpoint(8), [LOG.verifier])
    assert (refused.value.status, refused.value.facts["held"]) == (409, 8)
    with pytest.raises(Elsewhere):
        judge(request(0, 20), checkpoint(8), [LOG.verifier])
    with pytest.raises(Elsewhere):
        judge(request(5, 20), None, [LOG.verifier])


def test_another_log_and_another_key_are_told_apart():
    other = notes.Signer("other.example/log", bytes(range(32)))
    with pytest.raises(UnknownLog) as refused:
        judge(request(0, 8), None, [other.verifier])
    assert refused.value.status == 404
    with pytest.raises(NotTheLogs) as refused:
        judge(request(0, 8, signer=notes.Signer(LOG.name, bytes(32))), None, [LOG.verifier])
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "text",
    ["", "old 1\n", "old 01\n\nx", "new 1\n\nx", "old 0\nAAAA\n\nx", "old 3\nnot base64!\n\nx", "old 3\nAAAA\n\nx"],
)
def test_what_is_no_request_is_refused(text):
    with pytest.raises(Unreadable):
        Request.parse(text)


def test_a_proof_longer_than_any_tree_is_refused():
    lines = "".join(f"{notes.encode64(bytes(32))}\n" for _ in range(witnessing.PROOF_LINES_MAX + 1))
    with pytest.raises(Unreadable):
        Request.parse(f"old 3\n{lines}\n{request(0, 8).note}")


def test_a_note_that_is_no_checkpoint_is_refused():
    with pytest.raises(Unreadable):
        judge(Request(0, (), notes.sign("hello\n", LOG)), None, [LOG.verifier])
