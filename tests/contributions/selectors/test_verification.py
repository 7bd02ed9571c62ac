"""Recomputing the log finds each way of tampering, and names the first place."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from random_history import History

import world as cast
from contributions import selectors, services
from contributions.core import canonical, cosignatures, merkle, notes, witnesses
from contributions.core.periods import instant_text
from contributions.core.words import Text
from contributions.models import Checkpoint, Cosignature, Entry, LogHead, Movement, Node, Statement, Witness, guards
from contributions.selectors import invariants, verification


def check():
    return selectors.verification.check_log(services.log.signer().verifier)


@pytest.fixture
def sealed(world):
    """A sealed log with a few entries after the seal."""
    world.cash("tetsu", 1000)
    world.seal()
    world.cash("hagane", 2000)
    return world


@pytest.fixture
def unguarded(sealed):
    """What the owner of the database could do: the triggers are off until the test's transaction is rolled back."""
    connection.check_constraints()
    guards.disarm(connection)
    return sealed


def money() -> Entry:
    return Entry.objects.filter(kind="resource.recorded").order_by("seq").first()


def test_a_sound_log_is_sound_and_everything_was_counted(sealed):
    seen = []
    checked = selectors.verification.check_log(
        services.log.signer().verifier, progress=lambda done, size: seen.append((done, size))
    )
    size = Entry.objects.count()
    assert checked.is_sound and (checked.entries, checked.statements, checked.checkpoints) == (size, size, 1)
    assert (checked.movements, checked.nodes) == (Movement.objects.count(), Node.objects.count())
    assert checked.root == services.log.root_at(size) and seen == [(size, size)]


def test_an_opened_log_without_checkpoints_is_sound(world):
    assert check().is_sound


def test_chunks_do_not_change_the_outcome(sealed, monkeypatch):
    monkeypatch.setattr(selectors.verification, "CHUNK", 7)
    assert check().is_sound


def changed_statement() -> None:
    entry = money()
    said = canonical.loads(bytes(entry.statement.content))
    said["facts"]["quantity"] = "999999"
    Statement.objects.filter(entry=entry).update(content=canonical.dumps(said))


def changed_leaf() -> None:
    entry = money()
    said = canonical.loads(bytes(entry.leaf)) | {"recorded_at": "2026-01-01T00:00:00Z"}
    Entry.objects.filter(pk=entry.pk).update(leaf=canonical.dumps(said))


def annexes_of_no_shape() -> None:
    """The leaf is made to fit, so that the statement is read."""
    entry = money()
    said = canonical.loads(bytes(entry.statement.content)) | {"annexes": ["x"]}
    content = canonical.dumps(said)
    leaf = canonical.dumps(canonical.loads(bytes(entry.leaf)) | {"statement_sha256": canonical.sha256_hex(content)})
    Statement.objects.filter(entry=entry).update(content=content)
    Entry.objects.filter(pk=entry.pk).update(leaf=leaf, leaf_hash=merkle.leaf_hash(leaf))


def text_for_bytes(table: str, column: str, key: str) -> None:
    """SQLite keeps a text in a column of bytes."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE contributions_{table} SET {column} = 'no leaf' WHERE {key} = %s", [money().pk])


def swapped_statements() -> None:
    first, second = Statement.objects.order_by("entry_id")[3:5]
    contents = bytes(first.content), bytes(second.content)
    for row, content in zip((second, first), contents, strict=True):
        Statement.objects.filter(pk=row.pk).update(content=content)


def removed_statement() -> None:
    Statement.objects.filter(entry=money()).delete()


def cut_tail() -> None:
    last = Entry.objects.order_by("seq").last()
    Movement.objects.filter(entry=last).delete()
    Statement.objects.filter(entry=last).delete()
    Entry.objects.filter(pk=last.pk).delete()


FAULTS = {
    "a statement is another": (changed_statement, money),
    "a leaf is another": (changed_leaf, money),
    "a statement is gone": (removed_statement, money),
    "an entry is missing": (cut_tail, lambda: Entry.objects.order_by("seq").last()),
    "two statements are swapped": (swapped_statements, lambda: Entry.objects.get(seq=3)),
    "the kind beside it": (lambda: Entry.objects.filter(pk=money().pk).update(kind="member.admitted"), money),
    "the member beside it": (lambda: Entry.objects.filter(pk=money().pk).update(member="hagane"), money),
    "an amount": (lambda: Movement.objects.filter(entry=money(), amount__gt=0).update(amount=5), money),
    "a movement is gone": (lambda: Movement.objects.filter(entry=money()).first().delete(), money),
    "annexes that are none": (annexes_of_no_shape, money),
    "a text for a statement": (lambda: text_for_bytes("statement", "content", "entry_id"), money),
    "a text for a leaf": (lambda: text_for_bytes("entry", "leaf", "seq"), money),
    "a text for a hash": (lambda: text_for_bytes("entry", "leaf_hash", "seq"), money),
    "a node": (lambda: Node.objects.filter(level=0, index=money().pk).update(hash=b"\0" * 32), money),
    "a leaf hash": (lambda: Entry.objects.filter(pk=money().pk).update(leaf_hash=b"\0" * 32), money),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_at_its_entry(unguarded, fault):
    tamper, place = FAULTS[fault]
    seq = place().seq
    tamper()
    checked = check()
    assert not checked.is_sound and checked.fault.seq == seq
    assert checked.fault.text("ja") and checked.fault.text("en").isascii()


def test_a_root_that_nobody_signed_is_found(unguarded):
    Checkpoint.objects.update(root=b"\0" * 32)
    assert not check().is_sound


# ---- what witnesses signed ----
@pytest.fixture
def cosigned(sealed):
    """The checkpoint, cosigned by a member's officer."""
    return services.witnesses.confirm(Checkpoint.objects.get(), **sealed.by("tetsu"))


def test_what_witnesses_signed_is_checked_with_the_rest(cosigned):
    checked = check()
    assert checked.is_sound and (checked.checkpoints, checked.cosignatures) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "invariant", "said"),
    [
        ({"time": 1_800_000_000}, "I11", "not what"),
        ({"signature": b"\0" * 64}, "I11", "not what"),
    ],
)
def test_a_cosignature_that_was_changed_is_found(cosigned, changes, invariant, said):
    connection.check_constraints()
    guards.disarm(connection)
    Cosignature.objects.update(**changes)
    fault = check().fault
    assert (fault.invariant, said in fault.text("en")) == (invariant, True) and "checkpoint 1" in fault.text("en")


@pytest.mark.parametrize(
    ("change", "invariant", "said"),
    [
        (lambda: Witness.objects.update(vkey="no key"), "I11", "not a verifier key"),
        (lambda: Cosignature.objects.update(witness_id=4_711), "I11", "not on record"),
        (lambda: Cosignature.objects.update(checkpoint_id=4_711), "I12", "stands for no checkpoint"),
    ],
)
def test_a_cosignature_that_names_no_key_no_witness_or_no_checkpoint_is_found(cosigned, change, invariant, said):
    connection.check_constraints()
    guards.disarm(connection)
    with transaction.atomic():
        change()
        fault = check().fault
        transaction.set_rollback(True)
    assert (fault.invariant, said in fault.text("en")) == (invariant, True)


def test_a_checkpoint_signed_anew_over_another_history_is_not_what_its_witness_signed(cosigned, world):
    """Whoever holds the log's key and the database can make all of it anew; what a witness signed it cannot."""
    connection.check_constraints()
    guards.disarm(connection)
    row, head = Checkpoint.objects.get(), LogHead.objects.get()
    later = notes.Checkpoint(head.origin, head.size, services.log.root_at(head.size))
    note = notes.sign_checkpoint(later, services.log.signer())
    Checkpoint.objects.filter(pk=row.pk).update(size=later.size, root=later.root, note=note)
    fault = check().fault
    assert fault.invariant == "I11" and "is not what" in fault.text("en")


def test_an_entry_recorded_after_a_witness_signed_over_it_is_found():
    signer = cosignatures.Cosigner("witness.example/w1", bytes(32))
    text, moment = "log\n1\nAAAA\n", 1_790_000_000
    signed = signer.cosign(text, moment)
    place = Text("時点証明", "checkpoint")

    def judge(recorded: int) -> None:
        at = instant_text(datetime.fromtimestamp(recorded, UTC))
        invariants.check_cosignature(text, signer.key.vkey, moment, signed.signature, recorded_at=at, place=place)

    judge(moment + witnesses.CLOCK_SECONDS_MAX)
    with pytest.raises(invariants.Fault, match="recorded after") as fault:
        judge(moment + witnesses.CLOCK_SECONDS_MAX + 1)
    assert fault.value.invariant == "I4"


def test_a_head_that_forgets_entries_is_found(unguarded):
    LogHead.objects.update(size=LogHead.objects.get().size - 1)
    assert check().fault.seq == LogHead.objects.get().size


def test_a_tail_cut_off_cleanly_is_found_by_the_checkpoint_that_counted_it(unguarded):
    unguarded.seal()
    size = LogHead.objects.get().size
    cut_tail()
    LogHead.objects.update(size=size - 1)
    assert check().fault.seq == size - 1


def test_another_key_is_not_the_logs(sealed):
    other = notes.Signer(LogHead.objects.get().origin, bytes(range(32)))
    checked = selectors.verification.check_log(other.verifier)
    assert not checked.is_sound


def test_a_tree_rebuilt_over_altered_entries_is_not_what_was_signed(unguarded):
    """Somebody who may write everything but has no key."""
    first = Checkpoint.objects.get()
    Checkpoint.objects.update(root=services.log.root_at(first.size - 1))
    assert "not what was signed" in check().fault.text("en")


# ---- every column, at random places ----
SEED, PLACES = 20261128, 3
# The column that names the entry, the column that is changed, and what it holds then; of a node, that of its own leaf.
CHANGES = {
    "entry": [
        ("seq", "id", "'00000000-0000-4000-8000-000000000000'"),
        ("seq", "kind", "kind || 'x'"),
        ("seq", "subject", "subject || 'x'"),
        ("seq", "member", "member || 'x'"),
        ("seq", "recorded_at", "'2031-01-01 00:00:00+00:00'"),
        ("seq", "leaf", "leaf_hash"),
        ("seq", "leaf_hash", "leaf"),
    ],
    "statement": [("entry_id", "content", "%s")],
    "movement": [
        ("entry_id", "account", "account || 'x'"),
        ("entry_id", "unit", "unit || 'x'"),
        ("entry_id", "amount", "amount + 1"),
        ("entry_id", "day", "'2031-01-01'"),
    ],
    "correction": [("entry_id", "corrected_id", "0")],
    "node": [('level = 0 AND "index"', "hash", "%s")],
}


@pytest.fixture
def places(db) -> dict[str, list[int]]:
    """A sealed history with corrections and without guards: by table, the entries that have rows in it."""
    cast.found(cast.World())
    history = History(SEED)
    for _ in range(40):
        history.step()
    services.log.seal(by=cast.Viewer.system("seal"), at=history.clock)
    connection.check_constraints()
    guards.disarm(connection)
    with connection.cursor() as cursor:
        found = {}
        for table, [(place, *_), *_] in CHANGES.items():
            column = place.removeprefix("level = 0 AND ")
            where = "WHERE level = 0" if table == "node" else ""
            cursor.execute(f"SELECT DISTINCT {column} FROM contributions_{table} {where} ORDER BY 1")
            found[table] = [seq for (seq,) in cursor.fetchall()]
    assert all(len(found[table]) >= PLACES for table in CHANGES), "the history has something of everything"
    return found


def faults_after(table: str, place: str, column: str, value: str, seq: int, sizes: list[tuple[int, int]]) -> list:
    """The first fault once a column is changed, read in chunks and slices of each of these sizes; then it is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        other = [bit_flipped(seq) if table == "statement" else b"\0" * 32] if "%s" in value else []
        cursor.execute(f"UPDATE contributions_{table} SET {column} = {value} WHERE {place} = %s", [*other, seq])
        found = []
        for chunk, slice_ in sizes:
            verification.CHUNK, verification.SLICE = chunk, slice_
            fault = selectors.verification.check_log(services.log.ring()).fault
            found.append(fault and (fault.seq, fault.invariant, fault.text("en")))
        transaction.set_rollback(True)
    return found


def bit_flipped(seq: int) -> bytes:
    content = bytearray(Statement.objects.get(pk=seq).content)
    content[random.Random(seq).randrange(len(content))] ^= 1
    return bytes(content)


def test_every_column_changed_anywhere_is_found_at_its_entry_whatever_is_read_at_once(places, monkeypatch):
    sizes = [(verification.CHUNK, verification.SLICE), (7, 3), (8, 8)]
    monkeypatch.setattr(verification, "CHUNK", verification.CHUNK)  # put back after the test, as is SLICE
    monkeypatch.setattr(verification, "SLICE", verification.SLICE)
    draw = random.Random(SEED)
    for table, changes in CHANGES.items():
        for change in changes:
            for seq in draw.sample(places[table], PLACES):
                first, *others = faults_after(table, *change, seq, sizes)
                assert first is not None and first[0] == seq, (table, change, seq, first)
                assert others == [first] * len(others), (table, change, seq)
