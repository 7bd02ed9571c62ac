"""Recomputing the log: it agrees with itself, and each way of altering the database is found at its place."""

from __future__ import annotations

import pytest
from django.db import connection

from contributions import services
from contributions.models import Checkpoint, Entry, LogHead, Movement, Node, guards
from contributions.selectors import verification


@pytest.fixture
def log(contributed_world):
    contributed_world.seal()
    contributed_world.cash("tetsu", 700)
    contributed_world.seal()
    guards.disarm(connection)
    yield contributed_world
    guards.arm(connection)


def check() -> verification.Checked:
    return verification.check_log(services.log.signer().verifier)


def test_an_untouched_log_agrees_in_every_part(log):
    checked = check()
    size = LogHead.objects.get().size
    assert checked.is_sound and (checked.entries, checked.statements, checked.sealed) == (size, size, size)
    assert checked.nodes == Node.objects.count() and checked.checkpoints == 2
    assert checked.movements == Movement.objects.count()
    assert checked.root == bytes(Checkpoint.objects.first().root)


def test_chunks_do_not_change_the_outcome(log, monkeypatch):
    monkeypatch.setattr(verification, "CHUNK", 7)
    assert check().is_sound


def altered_leaf(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(leaf=bytes(entry.leaf).replace(b'"id":"', b'"id":"f', 1))


def altered_statement(entry: Entry) -> None:
    entry.statement.content = bytes(entry.statement.content).replace(b"tetsu", b"hagan")
    entry.statement.save()


def altered_hash(entry: Entry) -> None:
    Node.objects.filter(level=0, index=entry.seq).update(hash=bytes(32))


def altered_copy(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk).update(member="hagane")


def altered_amount(entry: Entry) -> None:
    Movement.objects.filter(entry=entry, amount__gt=0).update(amount=1)


def lost_statement(entry: Entry) -> None:
    entry.statement.delete()


@pytest.mark.parametrize(
    "alter", [altered_leaf, altered_statement, altered_hash, altered_copy, altered_amount, lost_statement]
)
def test_what_was_altered_is_named_by_its_index(log, alter):
    entry = Entry.objects.filter(kind="resource.recorded", member="tetsu").last()
    alter(entry)
    checked = check()
    assert checked.fault is not None and checked.fault.seq == entry.seq
    assert str(entry.seq) in checked.fault.text("en")


def test_entries_cut_off_at_the_end_are_missed(log):
    last = Entry.objects.latest("seq")
    seq = last.seq
    last.statement.delete()
    last.movements.all().delete()
    last.delete()
    assert check().fault.seq == seq
    LogHead.objects.update(size=seq)
    assert check().fault.seq == seq, "a checkpoint counts more than the head does"


def test_a_head_set_back_is_found(log):
    LogHead.objects.update(size=5)
    assert check().fault.seq == 5


def test_a_checkpoint_under_another_key_is_refused(log):
    other = services.log.signer()
    forged = type(other).from_seed(other.name, bytes(32))
    assert verification.check_log(forged.verifier).fault is not None


def test_a_tree_rebuilt_over_altered_entries_does_not_fit_what_was_signed(log):
    """Somebody who may write everything but has no key: the first checkpoint over the change names the span."""
    root = bytes(32)
    Checkpoint.objects.filter(number=1).update(root=root)
    assert "not what was signed" in check().fault.text("en")
