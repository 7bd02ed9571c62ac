"""A change of keys: who may follow whom, and what does not count as a handover."""

from __future__ import annotations

import pytest

from contributions.core import merkle, notes, rotations
from contributions.core.rotations import Rotation, RotationForged

ORIGIN = "ledger.example/log"
FIRST, SECOND, THIRD = (notes.Signer(ORIGIN, bytes([number]) * 32) for number in (1, 2, 3))
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(12)]
ONE, TWO = Rotation(4, FIRST.verifier, SECOND.verifier), Rotation(8, SECOND.verifier, THIRD.verifier)


def stated(*changes):
    return [(one.seq, rotations.facts(one.seq, one.old, one.new)) for one in changes]


def note(size, *signers, leaves=LEAVES):
    return notes.sign_checkpoint(notes.Checkpoint(ORIGIN, size, merkle.root(leaves[:size])), *signers)


def test_a_chain_of_changes_reads_back():
    assert rotations.read(stated(ONE, TWO), origin=ORIGIN) == [ONE, TWO]
    assert rotations.successor(FIRST.verifier, [ONE, TWO]) == THIRD.verifier
    assert rotations.successor(SECOND.verifier, [ONE, TWO]) == THIRD.verifier
    stranger = notes.Signer(ORIGIN, bytes(32)).verifier
    assert rotations.successor(stranger, [ONE, TWO]) == stranger


def test_a_ring_has_the_key_of_each_size():
    ring = rotations.ring(THIRD.verifier, [ONE, TWO])
    assert [ring.at(size) for size in (1, 4, 5, 8, 9, 99)] == [
        one.verifier for one in (FIRST, FIRST, SECOND, SECOND, THIRD, THIRD)
    ]
    assert ring.current == THIRD.verifier
    assert notes.open_checkpoint(note(4, FIRST), ring).size == 4
    with pytest.raises(notes.UnknownKey):
        notes.open_checkpoint(note(6, FIRST), ring)


@pytest.mark.parametrize(
    "change",
    [
        {"from": 6},
        {"from": "5"},
        {"old": "nothing"},
        {"new": 7},
        {"new": FIRST.verifier.vkey},
        {"new": notes.Signer("other.example/log", bytes(32)).verifier.vkey},
    ],
    ids=str,
)
def test_a_change_that_states_nonsense_is_refused(change):
    (seq, facts), *_ = stated(ONE)
    with pytest.raises(RotationForged):
        rotations.read([(seq, facts | change)], origin=ORIGIN)


def test_a_change_must_take_up_the_key_that_the_last_one_left():
    with pytest.raises(RotationForged):
        rotations.read(stated(ONE, Rotation(8, FIRST.verifier, THIRD.verifier)), origin=ORIGIN)


def test_a_handover_bears_both_signatures_over_these_very_entries():
    assert rotations.check_handover(ONE, note(5, SECOND, FIRST), LEAVES).size == 5
    forged = [
        note(5, SECOND),
        note(5, FIRST),
        note(6, SECOND, FIRST),
        note(5, SECOND, THIRD),
        note(5, SECOND, FIRST, leaves=LEAVES[1:]),
        "nothing",
    ]
    for each in forged:
        with pytest.raises(RotationForged):
            rotations.check_handover(ONE, each, LEAVES)
    with pytest.raises(RotationForged):
        rotations.check_handover(ONE, note(5, SECOND, FIRST), LEAVES[:4])


def test_a_retired_key_is_known_by_its_hash():
    assert rotations.retired(FIRST.verifier.key_hash, [ONE, TWO], size=9) == ONE
    assert rotations.retired(FIRST.verifier.key_hash, [ONE, TWO], size=4) is None
    assert rotations.retired(THIRD.verifier.key_hash, [ONE, TWO], size=9) is None
