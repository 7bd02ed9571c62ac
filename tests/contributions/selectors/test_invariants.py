"""I1 to I12 after each step of a random history, on either database; and each of them broken is told by its name."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from random_history import WITNESS, History

import world as cast
from contributions import selectors, services
from contributions.core import balances as rules
from contributions.core import canonical
from contributions.models import (
    BalanceBlock,
    Checkpoint,
    Correction,
    Cosignature,
    Entry,
    LogHead,
    MeterDay,
    Movement,
    Node,
    Organization,
    Statement,
    guards,
)
from licensing.models import Share


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of four entries, so that a short history fills several levels of them."""
    monkeypatch.setattr(rules, "LEVEL_MIN", 1)
    monkeypatch.setattr(rules, "BLOCK", rules.FAN)


@pytest.fixture
def log(db, small_blocks):
    cast.found(cast.World())


def tell(seed: int, steps: int) -> History:
    history = History(seed)
    for _ in range(steps):
        history.step()
        if history.random.random() < 0.3:
            services.balances.extend()
        history.check()
    return history


@pytest.mark.parametrize("seed", [1, 2])
def test_every_invariant_holds_after_each_step_of_a_random_history(log, seed):
    history = tell(seed, 40)
    assert len(history.told) > 40 and history.corrected, "the history has something to show"
    assert services.balances.rebuild() == LogHead.objects.get().size // rules.BLOCK
    history.check()


def witnessed(world) -> None:
    """A neutral witness, whose cosignatures the history takes in."""
    services.witnesses.enroll(
        Organization.objects.get(code="kansa"), kind="neutral", vkey=WITNESS.key.vkey,
        valid_from=date(2026, 4, 1), **world.by("legal"),
    )  # fmt: skip


def test_every_invariant_holds_after_each_step_upon_a_whole_story(settled_world):
    """With metered days, an adopted allocation and its shares, and a witness: so that I4 and I9 to I12 have a say."""
    witnessed(settled_world)
    tell(3, 30)
    history = History(4)
    for act in (history.cosign, history.batch, history.rotate, history.cosign, history.erase, history.crash):
        act()
        history.check()
    assert Share.objects.exists() and MeterDay.objects.exists() and Cosignature.objects.count() >= 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_every_invariant_holds_through_a_long_history_upon_a_whole_story(settled_world, seed):
    witnessed(settled_world)
    tell(seed, 60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 104))
def test_every_invariant_holds_through_a_long_history(log, seed):
    tell(seed, 250)


def test_the_whole_story_is_sound_in_depth(settled_world):
    checked = selectors.verification.check_log(services.log.signer().verifier, deep=True)
    assert checked.is_sound, checked.fault


# ---- each of them broken ----
@pytest.fixture
def broken(log):
    """A history with everything in it, and no guards until the test's transaction is rolled back."""
    history = tell(7, 30)
    services.balances.extend()
    services.log.seal(by=cast.Viewer.system("seal"), at=history.clock)
    connection.check_constraints()
    guards.disarm(connection)
    return history


def fault(*, deep: bool = True):
    return selectors.verification.check_log(services.log.ring(), deep=deep).fault


def money() -> Movement:
    return Movement.objects.filter(account__startswith="member:").order_by("pk")[3]


def unbalanced(history) -> int:
    """A whole entry made anew around movements that do not sum to zero, its leaf and hashes too."""
    row = money().entry
    said = canonical.loads(bytes(row.statement.content))
    said["movements"][0][2] = str(int(said["movements"][0][2]) + 1)
    rewritten(row, said)
    Movement.objects.filter(pk=row.movements.order_by("pk")[0].pk).update(amount=int(said["movements"][0][2]))
    return row.seq


def rewritten(row: Entry, said: dict) -> None:
    from contributions.core import merkle

    content = canonical.dumps(said)
    leaf = canonical.loads(bytes(row.leaf)) | {"statement_sha256": canonical.sha256_hex(content)}
    data = canonical.dumps(leaf)
    Statement.objects.filter(entry=row).update(content=content)
    Entry.objects.filter(pk=row.pk).update(leaf=data, leaf_hash=merkle.leaf_hash(data))


def not_canonical(history) -> int:
    from contributions.core import merkle

    row = Entry.objects.get(seq=2)
    content = bytes(row.statement.content).replace(b'":', b'": ', 1)
    leaf = canonical.loads(bytes(row.leaf)) | {"statement_sha256": canonical.sha256_hex(content)}
    data = canonical.dumps(leaf)
    Statement.objects.filter(entry=row).update(content=content)
    Entry.objects.filter(pk=row.pk).update(leaf=data, leaf_hash=merkle.leaf_hash(data))
    return row.seq


def a_gap(history) -> int:
    row = Entry.objects.get(seq=5)
    Movement.objects.filter(entry=row).delete()
    Correction.objects.filter(entry=row).delete()
    Correction.objects.filter(corrected=row).delete()
    row.annexes.all().delete()
    Statement.objects.filter(entry=row).delete()
    Entry.objects.filter(pk=5).delete()
    return 5


def another_day(history) -> int:
    Movement.objects.filter(pk=money().pk).update(day="2020-01-01")
    return money().entry_id


def another_correction(history) -> int:
    row = Correction.objects.order_by("entry_id").first()
    free = Entry.objects.filter(successor=None).exclude(seq=0).order_by("seq").first()
    Correction.objects.filter(pk=row.pk).update(corrected=free)
    return row.entry_id


def no_correction(history) -> int:
    row = Correction.objects.order_by("entry_id").first()
    seq = row.entry_id
    row.delete()
    return seq


def another_node(history) -> int:
    Node.objects.filter(level=2, index=1).update(hash=b"\0" * 32)
    return 7


def another_total(history) -> None:
    row = BalanceBlock.objects.filter(level=2).first()
    BalanceBlock.objects.filter(pk=row.pk).update(low=row.low ^ 1)


def another_total_below(history) -> None:
    row = BalanceBlock.objects.filter(level=1).last()
    BalanceBlock.objects.filter(pk=row.pk).update(high=row.high + 1)


def a_stray_total(history) -> None:
    row = BalanceBlock.objects.first()
    BalanceBlock.objects.create(level=9, index=9, line=row.line, day=row.day, high=0, low=0)


def a_stray_node(history) -> None:
    Node.objects.create(level=9, index=9, hash=b"\0" * 32)


def another_root(history) -> None:
    Checkpoint.objects.filter(pk=Checkpoint.objects.first().pk).update(root=b"\0" * 32)


BROKEN = {
    "I1": [a_gap],
    "I2": [another_day],
    "I3": [another_node, another_root],
    "I5": [unbalanced],
    "I7": [another_correction, no_correction],
    "I8": [not_canonical],
    "I12": [another_total, another_total_below, a_stray_total, a_stray_node],
}


@pytest.mark.parametrize(("name", "tamper"), [(name, each) for name, tampers in BROKEN.items() for each in tampers])
def test_an_invariant_that_is_broken_is_named_with_its_first_place(broken, name, tamper):
    place = tamper(broken)
    found = fault()
    assert found is not None
    assert found.invariant == name and (place is None or found.seq == place)
    assert found.text("ja") and found.text("en").isascii()


def test_every_invariant_has_a_sentence_in_both_languages():
    assert list(selectors.invariants.INVARIANTS) == [f"I{number}" for number in range(1, 13)]
    assert all(text.ja and text.en for text in selectors.invariants.INVARIANTS.values())
