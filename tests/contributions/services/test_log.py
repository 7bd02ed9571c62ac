"""Founding the log, sealing checkpoints, and what a checkpoint and a proof are worth."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import world as cast
from contributions import selectors, services
from contributions.core import canonical, notes, proofs
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Checkpoint, Entry, LogHead


def test_entry_zero_names_the_installation_and_whether_it_is_a_demo(world):
    facts = canonical.loads(bytes(Entry.objects.get(seq=0).statement.content))["facts"]
    assert facts["installation"] == str(cast.INSTALLATION)
    assert facts["demo"] is LogHead.objects.get().demo is False
    assert LogHead.objects.get().origin == f"{settings.MOYAI_HOST}/{cast.INSTALLATION}/ledger"


def test_a_ledger_is_founded_once(world):
    with pytest.raises(services.log.AlreadyFounded, match=str(cast.INSTALLATION)):
        services.log.found(name={}, legal_form="godo", demo=True, by=Viewer.system("x"), at=world.clock)
    assert LogHead.objects.get().demo is False


def test_a_checkpoint_is_a_note_that_the_logs_key_signed(world):
    checkpoint = world.seal()
    signed = notes.open_checkpoint(checkpoint.note, services.log.signer().verifier)
    assert (signed.origin, signed.size, signed.root) == (
        LogHead.objects.get().origin,
        Entry.objects.count(),
        bytes(checkpoint.root),
    )


def test_sealing_again_without_a_new_entry_gives_the_same_checkpoint(world):
    first = world.seal()
    assert world.seal() == first
    world.cash("tetsu", 1)
    second = world.seal()
    assert (second.size, Checkpoint.objects.count()) == (first.size + 2, 2)


def test_checkpoints_are_numbered_without_a_gap_also_after_a_seal_that_was_rolled_back(world):
    assert world.seal().number == 1
    with transaction.atomic():
        world.cash("tetsu", 1)
        assert world.seal().number == 2
        transaction.set_rollback(True)
    world.cash("tetsu", 2)
    assert world.seal().number == 2


def test_a_member_does_not_seal(world):
    with pytest.raises(NotAllowed):
        services.log.seal(**world.by("tetsu"))


def test_the_key_lies_under_the_home_readable_by_its_owner_alone(world, moyai_home):
    world.seal()
    (path,) = (Path(moyai_home) / "keys").glob(f"{cast.INSTALLATION}.log.key")
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_entry_proves_itself_under_every_checkpoint_that_counts_it(contributed_world):
    world = contributed_world
    sizes = [world.seal()]
    world.cash("tetsu", 5)
    sizes.append(world.seal())
    verifier = services.log.signer().verifier
    for checkpoint in sizes:
        for seq in range(0, checkpoint.size, 7):
            proof = proofs.Proof.parse(selectors.log.proof_for(seq, checkpoint))
            leaf = bytes(Entry.objects.get(seq=seq).leaf)
            signed = notes.open_checkpoint(proof.note, verifier)
            assert proof.index == seq and proof.proves(leaf, signed)
            assert not proof.proves(leaf + b" ", signed)


def test_the_checkpoint_that_covers_an_entry_is_the_oldest_that_counts_it(world):
    first = world.seal()
    world.cash("tetsu", 5)
    second = world.seal()
    assert selectors.log.covering(first.size - 1) == first
    assert selectors.log.covering(first.size) == second
    assert selectors.log.covering(second.size) is None


def test_a_proof_takes_one_query_and_looks_its_hashes_up_by_place(world):
    checkpoint = world.seal()
    with CaptureQueriesContext(connection) as asked:
        selectors.log.proof_for(1, checkpoint)
    assert len(asked) == 1
    assert "SCAN node" not in _plan(asked[0]["sql"])
    assert "Seq Scan on contributions_node" not in _plan(asked[0]["sql"])


def _plan(query: str) -> str:
    """How the database would answer; a table of a few rows is not worth an index to PostgreSQL, unless it must."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {query}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        return "\n".join(str(row) for row in cursor.fetchall())
