"""Proof files and the check of a whole log: what is told apart, and what is refused."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest

from contributions.core import canonical, kinds, merkle, notes, proofs

ORIGIN = "ledger.example/1/ledger"
KEY = notes.Signer(ORIGIN, bytes(32))


def statement(number, kind="member.withdrawn", **changes):
    value = {
        "v": 1,
        "kind": kind,
        "nonce": f"{number:032x}",
        "subject": "member:akane",
        "member": "akane",
        "by": {"user": None, "workplace": "legal", "organization": None},
        "effective": [None, None],
        "movements": [],
        "facts": {"member": "akane", "from": "2026-04-01"},
        "annexes": [],
        "corrects": None,
    }
    return canonical.dumps(value | changes)


def leaf(number, said, **changes):
    value = {
        "v": 1,
        "log": ORIGIN,
        "id": str(uuid5(UUID(int=0), str(number))),
        "recorded_at": f"2026-10-01T00:00:{number:02d}Z",
        "statement_sha256": canonical.sha256_hex(said),
    }
    return canonical.dumps(value | changes)


STATEMENTS = [statement(number) for number in range(7)]
LEAVES = [leaf(number, said) for number, said in enumerate(STATEMENTS)]
HASHES = [merkle.leaf_hash(data) for data in LEAVES]
CHECKPOINT = notes.Checkpoint(ORIGIN, 7, merkle.root(HASHES))
NOTE = notes.sign_checkpoint(CHECKPOINT, KEY)


def node(level, index):
    return merkle.root(HASHES[index << level : (index + 1) << level])


def check(leaves=LEAVES, statements=STATEMENTS, hashes=(), checkpoint=CHECKPOINT):
    return proofs.check_log(leaves, statements, checkpoint, kinds=kinds.KINDS, hashes=hashes)


def without(items, place):
    return [*items[:place], *items[place + 1 :]]


def with_one(items, place, item):
    return [*items[:place], item, *items[place + 1 :]]


def checkpoint_of(leaves):
    return notes.Checkpoint(ORIGIN, len(leaves), merkle.root([merkle.leaf_hash(data) for data in leaves]))


@pytest.mark.parametrize("seq", range(7))
def test_a_proof_survives_its_file_and_proves_its_leaf_only(seq):
    proof = proofs.Proof.parse(proofs.prove(seq, CHECKPOINT.size, NOTE, node).text())
    assert (proof.index, proof.note) == (seq, NOTE)
    assert [other for other in range(7) if proof.proves(LEAVES[other], CHECKPOINT)] == [seq]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text.replace("@v1", "@v2"),
        lambda text: text.replace("index 3", "index 03"),
        lambda text: text.replace("index 3", "index -3"),
        lambda text: text.replace("index 3", "extra AAAA\nindex 3"),
        lambda text: text.replace("index 3", "index 3\nAAAB="),
        lambda text: text.replace("index 3", "index 3" + "\nAAAA" * 65),
        lambda text: text.split("\n\n")[0],
    ],
)
def test_what_is_no_proof_file_is_refused(change):
    with pytest.raises(proofs.Malformed):
        proofs.Proof.parse(change(proofs.prove(3, CHECKPOINT.size, NOTE, node).text()))


def test_a_whole_log_checks_and_gives_its_statements():
    found = check(hashes=HASHES)
    assert [said["nonce"] for said in found] == [f"{number:032x}" for number in range(7)]


def test_an_erased_statement_is_none():
    assert check(statements=with_one(STATEMENTS, 2, None))[2] is None


@pytest.mark.parametrize("place", range(7))
@pytest.mark.parametrize("hashes", [(), HASHES])
def test_fewer_entries_are_told_from_changed_ones(place, hashes):
    with pytest.raises(proofs.Truncated, match="counts 7 entries, but only 6"):
        check(without(LEAVES, place), without(STATEMENTS, place), hashes)
    with pytest.raises(proofs.Truncated):
        check(without(LEAVES, place), hashes=hashes)
    with pytest.raises(proofs.Truncated):
        check(statements=without(STATEMENTS, place), hashes=hashes)


def test_two_lines_run_together_are_a_change_and_not_a_cut():
    run_together = [LEAVES[0] + b"\x0b" + LEAVES[1], *LEAVES[2:]]
    with pytest.raises(proofs.Altered):
        check(run_together, hashes=HASHES)
    run_together = [STATEMENTS[0] + b"\x0b" + STATEMENTS[1], *STATEMENTS[2:]]
    with pytest.raises(proofs.Altered):
        check(statements=run_together, hashes=HASHES)


@pytest.mark.parametrize("hashes", [(), HASHES])
@pytest.mark.parametrize("place", range(6))
def test_another_order_is_told_with_its_first_place(place, hashes):
    moved = with_one(with_one(LEAVES, place, LEAVES[place + 1]), place + 1, LEAVES[place])
    with pytest.raises(proofs.Reordered) as refusal:
        check(moved, hashes=hashes)
    assert refusal.value.facts["seq"] == (place if hashes else place + 1)
    moved = with_one(with_one(STATEMENTS, place, STATEMENTS[place + 1]), place + 1, STATEMENTS[place])
    with pytest.raises(proofs.Reordered) as refusal:
        check(statements=moved, hashes=hashes)
    assert refusal.value.facts["seq"] == place


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 5), (0, 6)])
def test_a_swap_within_one_second_is_another_order_and_no_alteration(first, second):
    """The times do not tell, but that putting them back gives the signed root proves what happened."""
    leaves = [leaf(number, said, recorded_at="2026-10-01T00:00:00Z") for number, said in enumerate(STATEMENTS)]
    signed = checkpoint_of(leaves)
    moved = with_one(with_one(leaves, first, leaves[second]), second, leaves[first])
    said_too = with_one(with_one(STATEMENTS, first, STATEMENTS[second]), second, STATEMENTS[first])
    with pytest.raises(proofs.Reordered) as refusal:
        check(moved, said_too, checkpoint=signed)
    assert refusal.value.facts["seq"] == first
    changed = with_one(moved, 3, leaf(3, b"other", recorded_at="2026-10-01T00:00:00Z"))
    with pytest.raises(proofs.Altered):
        check(changed, said_too, checkpoint=signed)


def test_a_correction_that_is_no_list_is_refused():
    named = str(uuid5(UUID(int=0), "1"))
    statements = [*STATEMENTS[:5], statement(5, corrects=named), statement(6, corrects=named)]
    leaves = [leaf(number, each) for number, each in enumerate(statements)]
    with pytest.raises(proofs.Malformed, match="corrected already"):
        check(leaves, statements, checkpoint=checkpoint_of(leaves))
    statements[6] = statement(6)
    leaves[6] = leaf(6, statements[6])
    assert check(leaves, statements, checkpoint=checkpoint_of(leaves))[5]["corrects"] == named


def test_a_changed_leaf_is_named_when_the_hashes_are_known():
    changed = with_one(LEAVES, 4, leaf(4, b"other"))
    with pytest.raises(proofs.Altered, match="entry 4"):
        check(changed, hashes=HASHES)
    with pytest.raises(proofs.Altered, match="root"):
        check(changed)


def test_a_changed_statement_is_named():
    with pytest.raises(proofs.Altered, match="entry 4"):
        check(statements=with_one(STATEMENTS, 4, statement(99)))


def test_more_entries_than_counted_are_a_change():
    with pytest.raises(proofs.Altered):
        check([*LEAVES, LEAVES[0]], [*STATEMENTS, STATEMENTS[0]])


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"log": "ledger.example/2/ledger"},
        {"id": "not-an-id"},
        {"id": "{12345678-1234-1234-1234-123456789abc}"},
        {"id": str(uuid5(UUID(int=0), "2"))},
        {"recorded_at": "2026-10-01"},
        {"recorded_at": "2026-10-01T00:00:99Z"},
        {"recorded_at": "2026-09-01T00:00:00Z"},
        {"recorded_at": None},
        {"statement_sha256": "AB" * 32},
        {"statement_sha256": 7},
        {"prev": "00"},
        {"log": "x" * 70_000},
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_leaf_out_of_shape_is_refused_even_under_a_good_root(change):
    leaves = with_one(LEAVES, 3, leaf(3, STATEMENTS[3], **change))
    with pytest.raises(proofs.Malformed):
        check(leaves, checkpoint=checkpoint_of(leaves))


def said(**changes):
    statements = with_one(STATEMENTS, 3, statement(3, **changes))
    leaves = with_one(LEAVES, 3, leaf(3, statements[3]))
    return check(leaves, statements, checkpoint=checkpoint_of(leaves))


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"facts": {"member": "akane"}},
        {"facts": []},
        {"movements": [["a", "JPY", "1"]]},
        {"movements": [["a", "JPY", "1"], ["b", "JPY", "-1"], ["a", "byte", "1"]]},
        {"movements": [["a", "JPY", 0]]},
        {"movements": None},
        {"more": 1},
    ],
    ids=str,
)
def test_a_statement_out_of_shape_is_refused(changes):
    with pytest.raises(proofs.Malformed):
        said(**changes)


def test_balanced_movements_pass():
    assert said(movements=[["a", "JPY", "-5"], ["b", "JPY", "3"], ["c", "JPY", "2"], ["a", "byte", "0"]])


def test_an_unknown_kind_stops_the_check():
    with pytest.raises(kinds.UnknownKind, match=r"member\.crowned"):
        said(kind="member.crowned")


def test_facts_must_be_complete_but_may_be_null_or_more():
    assert kinds.check("compute.attested", {"batch": None, "note": 1}).label.en == "Compute attested"
    with pytest.raises(kinds.MissingFacts, match="batch"):
        kinds.check("compute.attested", {})
