"""The journal under a random history: what must hold after every step, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from django.db import connection, transaction

import world as cast
from contributions import selectors, services
from contributions.adapters.randomness import seeded
from contributions.core import canonical, corrections, kinds, merkle, statements
from contributions.core.periods import instant_text
from contributions.core.roles import Viewer
from contributions.models import Annex, Checkpoint, Correction, Entry, LogHead, Movement, Node, Statement
from contributions.services.journal import Attachment, Draft

ROOT = Path(__file__).resolve().parents[3]
NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
NAMESPACE = UUID("8a3c1a52-5c3e-4c59-9d0a-1f3c1d1b7a10")
# SHA-256 over the leaves of `history(SEED)`, one to a line: the same bytes on every database, now and later.
SEED = 20261031
DIGEST = "1732181a669b64230c035e054b919413005e417aaaf9ba6e51517c11f99fa895"


@pytest.fixture
def log(db):
    """An empty ledger, opened."""
    world = cast.World()
    cast.found(world)
    return world


class BrokenOff(Exception):
    """A business step that fails after its entries were written."""


def draft(rng: random.Random, number: int) -> Draft:
    """One fact with movements in one or two units, sometimes with an annex, sometimes with dates."""
    movements = []
    for unit in rng.sample(["JPY", "gpu_s", "byte"], rng.randint(0, 2)):
        amount = rng.randint(1, 2**60)
        part = rng.randint(0, amount)
        movements += [("member:tetsu", unit, amount), ("source:a", unit, -part), ("source:b", unit, part - amount)]
    annexes = [Attachment("意見.txt", "text/plain", rng.randbytes(40))] if rng.random() < 0.2 else []
    return Draft(
        "member.withdrawn",
        subject=f"member:{number}",
        facts={"member": rng.choice(["tetsu", "hagane"]), "from": "2026-05-01", "note": "が ﾊﾟ 𠮷 \u0000 \n"},
        member=rng.choice([None, "tetsu"]),
        effective=(date(2026, 5, 1), None) if rng.random() < 0.5 else (None, None),
        movements=movements,
        annexes=annexes,
    )


def history(seed: int, *, steps: int = 60) -> None:
    """Appends, batches, steps that fail, and clocks that run backwards; repeatable to the byte."""
    rng = random.Random(seed)
    for step in range(steps):
        by = Viewer(None, "x", None, None, "system", request=uuid5(NAMESPACE, f"{seed} {step}"))
        at = NOON + timedelta(minutes=step) - timedelta(seconds=rng.choice([0, 0, 3600]), microseconds=7)
        drafts = [draft(rng, step) for _ in range(rng.choice([1, 1, 1, 2, 7]))]
        fails = rng.random() < 0.2
        try:
            with transaction.atomic():
                services.journal.append_many(drafts, by=by, at=at)
                if fails:
                    raise BrokenOff
        except BrokenOff:
            pass


def check_invariants() -> None:
    """I1 gapless; I2 hashes and copies; I3 nodes and roots; I4 time; I5 balance; I8 canonical bytes."""
    entries = list(Entry.objects.order_by("seq").select_related("statement"))
    head = LogHead.objects.get()
    assert [entry.seq for entry in entries] == list(range(head.size))
    last = ""
    for entry in entries:
        leaf, statement = bytes(entry.leaf), bytes(entry.statement.content)
        said, told = canonical.loads(leaf), canonical.loads(statement)
        assert canonical.dumps(said) == leaf and canonical.dumps(told) == statement
        assert set(said) == {"v", "log", "id", "recorded_at", "statement_sha256"}
        assert bytes(entry.leaf_hash) == hashlib.sha256(b"\0" + leaf).digest()
        assert said["statement_sha256"] == hashlib.sha256(statement).hexdigest()
        assert (said["id"], said["log"]) == (str(entry.id), head.origin)
        assert said["recorded_at"] == instant_text(entry.recorded_at) >= last
        assert (told["kind"], told["subject"], told["member"] or "") == (entry.kind, entry.subject, entry.member)
        moved = [[row.account, row.unit, str(row.amount)] for row in entry.movements.order_by("pk")]
        assert told["movements"] == moved
        check_balance(told["movements"])
        assert sorted(a["sha256"] for a in told["annexes"]) == sorted(a.sha256 for a in entry.annexes.all())
        last = said["recorded_at"]
    assert head.recorded_at == entries[-1].recorded_at
    check_tree([bytes(entry.leaf_hash) for entry in entries])
    assert not Movement.objects.filter(entry__isnull=True).exists()


def check_balance(movements: list) -> None:
    totals: dict[str, int] = defaultdict(int)
    for _, unit, amount in movements:
        totals[unit] += int(amount)
    assert not any(totals.values())


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word, over leaf hashes."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + naive_root(hashes[:k]) + naive_root(hashes[k:])).digest()


def check_tree(hashes: list[bytes]) -> None:
    for node in Node.objects.all():
        under = hashes[node.index << node.level : (node.index + 1) << node.level]
        assert len(under) == 1 << node.level and bytes(node.hash) == naive_root(under)
    assert Node.objects.count() == 2 * len(hashes) - len(hashes).bit_count()
    for checkpoint in Checkpoint.objects.all():
        assert bytes(checkpoint.root) == naive_root(hashes[: checkpoint.size])


@pytest.mark.parametrize("seed", [1, 2, SEED])
def test_every_invariant_holds_after_a_random_history(log, seed):
    history(seed)
    check_invariants()


def test_every_invariant_holds_after_the_whole_story(settled_world):
    check_invariants()


def test_the_root_is_that_of_a_naive_recomputation_at_every_size(log):
    history(3, steps=40)
    hashes = [bytes(entry.leaf_hash) for entry in Entry.objects.order_by("seq")]
    assert len(hashes) > 64
    for size in range(1, len(hashes) + 1):
        assert services.log.root_at(size) == naive_root(hashes[:size]) == merkle.root(hashes[:size])


def test_a_step_that_fails_leaves_no_entry_and_no_gap(log):
    history(4, steps=3)
    before = (LogHead.objects.get().size, Entry.objects.count(), Node.objects.count(), Annex.objects.count())
    with pytest.raises(BrokenOff):
        break_off_after(5, size=before[0])
    assert before == (LogHead.objects.get().size, Entry.objects.count(), Node.objects.count(), Annex.objects.count())
    history(6, steps=3)
    check_invariants()


@transaction.atomic
def break_off_after(count: int, *, size: int) -> None:
    drafts = [draft(random.Random(5), 0) for _ in range(count)]
    services.journal.append_many(drafts, by=Viewer.system("x"), at=NOON)
    assert LogHead.objects.get().size == size + count
    raise BrokenOff


def test_time_does_not_run_backwards(log):
    first = append(at=NOON + timedelta(hours=2))
    second = append(at=NOON)
    third = append(at=NOON + timedelta(hours=3, microseconds=999_999))
    assert first.recorded_at == second.recorded_at == NOON + timedelta(hours=2)
    assert third.recorded_at == NOON + timedelta(hours=3)


def append(kind: str = "member.withdrawn", *, at: datetime = NOON, by: Viewer | None = None, **changes) -> Entry:
    stated = {"subject": "member:tetsu", "facts": {"member": "tetsu", "from": "2026-05-01"}}
    with transaction.atomic():
        return services.journal.append(kind, **(stated | changes), by=by or Viewer.system("x"), at=at)


def test_one_act_gives_its_entries_ids_of_its_own(log):
    """Ids follow from the act alone, also when it appends twice."""
    by = Viewer(None, "x", None, None, "system", request=uuid5(NAMESPACE, "act"))
    ids = [append(by=by).id, append(by=by).id, append(by=by).id]
    assert ids == [uuid5(by.request, str(number)) for number in range(3)]


def test_an_unknown_kind_is_refused_and_nothing_is_written(log):
    with pytest.raises(kinds.UnknownKind) as refusal:
        append("member.promoted")
    assert "member.promoted" in refusal.value.text("ja")
    assert Entry.objects.count() == LogHead.objects.get().size == 1


def test_missing_facts_are_refused_by_name(log):
    with pytest.raises(kinds.MissingFacts, match="from"):
        append(facts={"member": "tetsu"})
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "movements",
    [
        [("a", "JPY", 5)],
        [("a", "JPY", 5), ("b", "gpu_s", -5)],
        [("a", "JPY", 2**62), ("b", "JPY", -(2**62))],
    ],
)
def test_movements_that_do_not_balance_or_fit_are_a_bug(log, movements):
    with pytest.raises(AssertionError):
        append(movements=movements)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("value", [1.5, float("nan"), "e\u0301", 2**53, {"ä": 1}])
def test_facts_that_have_no_canonical_bytes_are_refused(log, value):
    """A float, a text out of normal form, an integer that other readers would round, a key that is not ASCII."""
    with pytest.raises((canonical.NotCanonical, AssertionError, TypeError, ValueError)):
        append(facts={"member": "tetsu", "from": "2026-05-01", "more": value})
    assert Entry.objects.count() == 1


def test_an_entry_outside_a_transaction_is_a_bug(transactional_db):
    with pytest.raises(AssertionError, match="transaction"):
        services.journal.append_many([], by=Viewer.system("x"), at=NOON)


def leaves() -> bytes:
    return b"".join(leaf + b"\n" for leaf in selectors.log.leaves(LogHead.objects.get().size))


def told(seed: int) -> bytes:
    """The leaves of a fresh ledger after a history, rolled back afterwards."""
    with transaction.atomic():
        with seeded(f"seed {seed}".encode()):
            cast.found(cast.World())
            history(seed)
        found = leaves()
        transaction.set_rollback(True)
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(db):
    assert told(SEED) == told(SEED)
    assert told(SEED) != told(SEED + 1)


def test_the_bytes_are_the_same_on_every_database(db):
    assert hashlib.sha256(told(SEED)).hexdigest() == DIGEST


def test_the_cast_puts_things_in_with_the_same_bytes_twice(db):
    def story() -> bytes:
        with transaction.atomic():
            with seeded(b"story"):
                world = cast.World()
                cast.join(world)
                cast.contribute(world)
            found = leaves()
            transaction.set_rollback(True)
        return found

    assert story() == story()


def test_a_statement_read_back_says_what_was_said(log):
    entry = append(member="tetsu", movements=[("a", "JPY", 5), ("b", "JPY", -5)], effective=(date(2026, 5, 1), None))
    said = canonical.loads(bytes(Statement.objects.get(entry=entry).content))
    assert len(bytes.fromhex(said.pop("nonce"))) == 16
    assert said == {
        "v": 1,
        "kind": "member.withdrawn",
        "subject": "member:tetsu",
        "member": "tetsu",
        "by": {"user": None, "workplace": "system", "organization": None},
        "effective": ["2026-05-01", None],
        "movements": [["a", "JPY", "5"], ["b", "JPY", "-5"]],
        "facts": {"member": "tetsu", "from": "2026-05-01"},
        "annexes": [],
        "corrects": None,
    }


def test_an_annex_is_named_by_salt_and_content_and_kept(log):
    entry = append(annexes=[Attachment("a.txt", "text/plain", "秘密".encode())])
    annex = entry.annexes.get()
    assert hashlib.sha256(bytes(annex.salt) + "秘密".encode()).hexdigest() == annex.sha256
    assert services.journal.store().get(annex.sha256) == "秘密".encode()


def test_what_an_act_that_is_taken_back_had_stored_is_deleted_and_what_stands_is_kept(log):
    """A rolled-back transaction takes its rows along and not its files: nobody would have their salts to erase them."""

    store = services.journal.store()
    with services.journal.tidied():
        kept = append(annexes=[Attachment("a.txt", "text/plain", b"kept")]).annexes.get()
        with transaction.atomic():
            lost = append(annexes=[Attachment("a.txt", "text/plain", b"taken back")]).annexes.get()
            assert store.holds(lost.sha256)
            transaction.set_rollback(True)
    assert store.holds(kept.sha256) and not store.holds(lost.sha256)


# ---- the same again ----
ID = UUID("7b1e9a9e-3c1b-4d0a-9a51-111111111111")


def test_the_same_id_with_the_same_body_gets_the_entry_it_made(log):
    first = append(id=ID, annexes=[Attachment("a.txt", "text/plain", b"one")])
    again = append(id=ID, annexes=[Attachment("a.txt", "text/plain", b"one")], at=NOON + timedelta(days=1))
    assert (again.seq, again.id, bytes(again.leaf)) == (first.seq, ID, first.leaf)
    assert Entry.objects.count() == LogHead.objects.get().size == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facts": {"member": "tetsu", "from": "2026-05-02"}}, "facts.from"),
        ({"member": "tetsu"}, "member"),
        ({"by": Viewer(None, "x", None, "tetsu", "member")}, "by"),
        ({"annexes": [Attachment("a.txt", "text/plain", b"other")]}, "annexes.a.txt"),
        ({"annexes": []}, "annexes"),
    ],
)
def test_the_same_id_with_another_body_is_refused_naming_the_field(log, changes, field):
    stated = {"id": ID, "annexes": [Attachment("a.txt", "text/plain", b"one")]}
    append(**stated)
    with pytest.raises(statements.OtherBody) as refusal:
        append(**(stated | changes))
    assert refusal.value.field == field and field in refusal.value.text("ja")
    assert Entry.objects.count() == 2


def test_an_id_twice_in_one_batch_is_one_entry(log):
    draft = Draft("member.withdrawn", "member:tetsu", {"member": "tetsu", "from": "2026-05-01"}, id=ID)
    with transaction.atomic():
        entries = services.journal.append_many([draft, draft], by=Viewer.system("x"), at=NOON)
    assert [entry.seq for entry in entries] == [1, 1] and LogHead.objects.get().size == 2


def test_a_correction_is_a_list(log):
    first = append(member="tetsu")
    second = append(member="tetsu", corrects=first.id)
    append(member="tetsu", corrects=second.id)
    with pytest.raises(corrections.AlreadyCorrected):
        append(member="tetsu", corrects=first.id)
    with pytest.raises(corrections.NothingToCorrect):
        append(member="tetsu", corrects=ID)
    with pytest.raises(corrections.OtherFamily):
        append(member="hagane", corrects=first.id)
    assert [row.corrected_id for row in Correction.objects.order_by("pk")] == [1, 2]
    assert LogHead.objects.get().size == 4


def test_one_entry_takes_five_statements_at_most_on_postgresql(log, django_assert_max_num_queries):
    """Whatever the tree's size: the head, the subtrees beside it, the ids used, and one statement for all rows."""
    by = Viewer(None, "x", None, None, "system", request=uuid5(NAMESPACE, "counted"))
    most = 5 if connection.vendor == "postgresql" else 8
    for _ in range(9):
        with transaction.atomic(), django_assert_max_num_queries(most):
            services.journal.append(
                "member.withdrawn",
                subject="member:tetsu",
                facts={"member": "tetsu", "from": "2026-05-01"},
                movements=[("a", "JPY", 5), ("b", "JPY", -5)],
                by=by,
                at=NOON,
            )


# ---- several at once ----
WRITER = """
import sys, django; django.setup()
from datetime import UTC, datetime
from django.db import transaction
from contributions import services
from contributions.core.roles import Viewer
from contributions.services.journal import Draft

class BrokenOff(Exception):
    pass

for number in range(30):
    drafts = [Draft("member.withdrawn", f"{sys.argv[1]}:{number}.{part}", {"member": "tetsu", "from": "2026-05-01"})
              for part in range(1 + number % 3)]
    try:
        with transaction.atomic():
            services.journal.append_many(drafts, by=Viewer.system("x"), at=datetime.now(UTC))
            if number % 10 == 9:
                raise BrokenOff
    except BrokenOff:
        pass
"""
READER = """
import json, django; django.setup()
from contributions import selectors, services
from contributions.models import Entry
found = selectors.verification.check_log(services.log.signer().verifier)
subjects = list(Entry.objects.order_by("seq").values_list("subject", flat=True))
print(json.dumps({"sound": found.is_sound, "subjects": subjects}))
"""


def shared_database(folder: Path) -> str:
    """The test database as other processes reach it; SQLite's, which lies in memory, is copied to a file."""
    found = connection.settings_dict
    if connection.vendor == "postgresql":
        host = found["HOST"].replace("/", "%2F")
        return f"postgres://{found['USER']}@{host}:{found['PORT']}/{found['NAME']}"
    connection.ensure_connection()
    path = folder / "shared.sqlite3"
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{path}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_processes_that_append_at_once_lose_nothing_and_double_nothing(tmp_path, moyai_home):
    cast.found(cast.World())
    environment = {
        **os.environ,
        "DATABASE_URL": shared_database(tmp_path),
        "MOYAI_HOME": str(moyai_home),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def started(script: str, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-c", script, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )

    writers = [started(WRITER, name) for name in ("a", "b", "c")]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    found = json.loads(started(READER).communicate(timeout=60)[0])
    wanted = [
        f"{name}:{number}.{part}"
        for name in ("a", "b", "c")
        for number in range(30)
        if number % 10 != 9
        for part in range(1 + number % 3)
    ]
    assert found["sound"]
    assert sorted(found["subjects"][1:]) == sorted(wanted)
    for name in ("a", "b", "c"):
        own = [subject for subject in found["subjects"] if subject.startswith(f"{name}:")]
        assert own == [subject for subject in wanted if subject.startswith(f"{name}:")]
