"""Each column of each table of the journal, changed by an owner of the database: verification names it, or the table
here and docs/log.md say that nothing commits to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Model

from contributions import selectors, services
from contributions.adapters import keys
from contributions.core import canonical, notes
from contributions.core.roles import Viewer
from contributions.models import (
    Annex,
    Checkpoint,
    Correction,
    Cosignature,
    Entry,
    KeyRotation,
    LogHead,
    Movement,
    Node,
    Statement,
    Witness,
    guards,
)
from contributions.services.journal import Attachment

SYSTEM = Viewer.system("test")
JOURNAL = (
    Entry, Statement, Movement, Correction, Node, Checkpoint, Cosignature, Annex, LogHead, Witness, KeyRotation,
)  # fmt: skip
OTHER = b"\0" * 32
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

# What nothing in leaf, statement or note commits to; docs/log.md says so under “What is not committed to”.
NOT_COMMITTED = {
    "movement.id",
    "node.id",
    "cosignature.id",
    "witness.id",
    "loghead.id",
    "annex.name",
}


class Undo(Exception):
    """Ends a tampering: the transaction takes it back."""


@dataclass(frozen=True)
class Told:
    """A log with one of everything, and where things stand in it."""

    recorded: Entry
    annexed: Entry
    erased: Entry
    correcting: Entry
    rotated: Entry


@pytest.fixture
def told(world):
    """Cash, a correction, two annexes of which one is erased, a change of key, checkpoints and a cosignature."""
    world.cash("tetsu", 1000)
    with transaction.atomic():
        annexed, other = [
            services.journal.append(
                "resource.disputed",
                subject="resource:C-1",
                member="tetsu",
                facts={"resource": "C-1", "round": number},
                annexes=[Attachment("note", "text/plain", b"What was said", shown=f"Yamada-{number}.txt")],
                **world.by("legal"),
            )
            for number in ("1", "2")
        ]
        correcting = services.journal.append(
            "resource.disputed",
            subject="resource:C-1",
            member="tetsu",
            facts={"resource": "C-1", "round": "3"},
            corrects=annexed.id,
            **world.by("legal"),
        )
    services.annexes.erase(other.annexes.get(), ground="request", **world.by("legal"))
    world.seal()
    services.log.rotate(by=SYSTEM, at=world.clock)
    services.witnesses.confirm(Checkpoint.objects.order_by("number").last(), **world.by("tetsu"))
    witness = services.witnesses.confirm(world.seal(), **world.by("hagane")).witness
    services.witnesses.retire(witness, retired_from=date(2030, 1, 1), **world.by("hagane"))
    money = Entry.objects.filter(kind="resource.recorded").order_by("seq").first()
    return Told(money, annexed, other, correcting, Entry.objects.get(kind="key.rotated"))


def check(**more):
    return selectors.verification.check_log(services.log.ring(), **more)


def test_the_log_that_is_tampered_with_is_sound_before(told):
    checked = check(deep=True, evidence=True)
    assert checked.is_sound, checked.fault
    assert (checked.annexes, checked.evidence) == (Annex.objects.count(), Annex.objects.exclude(salt=None).count())
    assert checked.annexes > checked.evidence > 0 and checked.corrections and checked.cosignatures == 2


def of(model: type[Model], **where) -> Callable[[dict], int]:
    return lambda changes: model._base_manager.filter(**where).update(**changes)


def places(told: Told) -> dict[str, tuple[type[Model], dict, dict, str, int | str | None]]:
    """By column: the row, the change, and the invariant and place that are to be named; entries by number."""
    seq, annex = told.recorded.seq, told.annexed.annexes.get()
    erased = told.erased.annexes.get()
    moved = told.recorded.movements.order_by("pk").first()
    node, last = {"level": 0, "index": seq}, Entry.objects.count() - 1
    cosigned = Cosignature.objects.order_by("pk").first()
    enrolled = cosigned.witness
    retired = Witness.objects.exclude(retired_seq=None).get()
    size = Checkpoint.objects.get(number=1).size
    first, moved_to = "checkpoint 1", Entry.objects.order_by("-seq").first()
    of_cosigned = f"checkpoint {cosigned.checkpoint_id}"
    later = (Checkpoint.objects.get(number=1).sealed_at + timedelta(days=900)).astimezone(UTC)
    return {
        "entry.seq": (Entry, {"seq": seq}, {"seq": 10**6}, "I1", seq),
        "entry.id": (Entry, {"seq": seq}, {"id": uuid4()}, "I2", seq),
        "entry.kind": (Entry, {"seq": seq}, {"kind": "member.admitted"}, "I2", seq),
        "entry.subject": (Entry, {"seq": seq}, {"subject": "resource:C-2"}, "I2", seq),
        "entry.member": (Entry, {"seq": seq}, {"member": "hagane"}, "I2", seq),
        "entry.recorded_at": (Entry, {"seq": seq}, {"recorded_at": later}, "I2", seq),
        "entry.leaf": (Entry, {"seq": seq}, {"leaf": b"{}"}, "I2", seq),
        "entry.leaf_hash": (Entry, {"seq": seq}, {"leaf_hash": OTHER}, "I2", seq),
        "statement.entry": (Statement, {"pk": seq}, {"entry_id": 10**6}, "I2", seq),
        "statement.content": (Statement, {"pk": seq}, {"content": another(told)}, "I2", seq),
        "movement.entry": (Movement, {"pk": moved.pk}, {"entry_id": seq + 1}, "I2", seq),
        "movement.account": (Movement, {"pk": moved.pk}, {"account": "member:hagane:cash:submitted"}, "I2", seq),
        "movement.unit": (Movement, {"pk": moved.pk}, {"unit": "USD"}, "I2", seq),
        "movement.amount": (Movement, {"pk": moved.pk}, {"amount": F("amount") + 1}, "I2", seq),
        "movement.day": (Movement, {"pk": moved.pk}, {"day": date(2020, 1, 1)}, "I2", seq),
        "correction.entry": (Correction, {}, {"entry_id": told.correcting.seq + 1}, "I7", told.correcting.seq),
        "correction.corrected": (Correction, {}, {"corrected_id": 0}, "I7", told.correcting.seq),
        "node.level": (Node, node, {"level": 60}, "I3", seq),
        "node.index": (Node, node, {"index": 10**6}, "I3", seq),
        "node.hash": (Node, node, {"hash": OTHER}, "I3", seq),
        "checkpoint.number": (Checkpoint, {"number": 1}, {"number": 99}, "I1", "checkpoint 99"),
        "checkpoint.size": (Checkpoint, {"number": 1}, {"size": size - 1}, "I3", first),
        "checkpoint.root": (Checkpoint, {"number": 1}, {"root": OTHER}, "I3", first),
        "checkpoint.note": (Checkpoint, {"number": 1}, {"note": "\n"}, "I3", first),
        "checkpoint.sealed_at": (Checkpoint, {"number": 1}, {"sealed_at": LONG_AGO}, "I4", first),
        "cosignature.checkpoint": (Cosignature, {"pk": cosigned.pk}, {"checkpoint_id": 1}, "I11", first),
        "cosignature.witness": (Cosignature, {"pk": cosigned.pk}, {"witness_id": retired.pk}, "I11", of_cosigned),
        "cosignature.time": (Cosignature, {"pk": cosigned.pk}, {"time": F("time") + 1}, "I11", of_cosigned),
        "cosignature.signature": (Cosignature, {"pk": cosigned.pk}, {"signature": b"\0" * 64}, "I11", of_cosigned),
        "cosignature.received_at": (Cosignature, {"pk": cosigned.pk}, {"received_at": LONG_AGO}, "I4", of_cosigned),
        "annex.sha256": (Annex, {"pk": annex.pk}, {"sha256": "0" * 64}, "I2", told.annexed.seq),
        "annex.entry": (Annex, {"pk": annex.pk}, {"entry_id": moved_to.seq}, "I2", told.annexed.seq),
        "annex.media": (Annex, {"pk": annex.pk}, {"media": "application/pdf"}, "I2", told.annexed.seq),
        "annex.salt": (Annex, {"pk": annex.pk}, {"salt": secrets.token_bytes(32)}, "I2", told.annexed.seq),
        "annex.size": (Annex, {"pk": annex.pk}, {"size": 1}, "I2", told.annexed.seq),
        "annex.erased_at": (Annex, {"pk": erased.pk}, {"erased_at": LONG_AGO}, "I12", told.erased.seq),
        "loghead.origin": (LogHead, {}, {"origin": "elsewhere.example/ledger"}, "I2", 0),
        "loghead.installation": (LogHead, {}, {"installation": uuid4()}, "I12", "the head"),
        "loghead.demo": (LogHead, {}, {"demo": not LogHead.objects.get().demo}, "I12", "the head"),
        "loghead.size": (LogHead, {}, {"size": last}, "I1", last),
        "loghead.recorded_at": (LogHead, {}, {"recorded_at": LONG_AGO}, "I12", "the head"),
        "witness.seq": (Witness, {"pk": enrolled.pk}, {"seq": enrolled.seq + 900}, "I12", enrolled.seq),
        "witness.code": (Witness, {"pk": enrolled.pk}, {"code": "00000000"}, "I12", enrolled.seq),
        "witness.name": (Witness, {"pk": enrolled.pk}, {"name": "other.example/w"}, "I12", enrolled.seq),
        "witness.vkey": (Witness, {"pk": enrolled.pk}, {"vkey": retired.vkey + "x"}, "I11", of_cosigned),
        "witness.organization": (
            Witness, {"pk": enrolled.pk}, {"organization_id": retired.organization_id}, "I12", enrolled.seq,
        ),
        "witness.kind": (Witness, {"pk": enrolled.pk}, {"kind": "neutral"}, "I12", enrolled.seq),
        "witness.valid_from": (Witness, {"pk": enrolled.pk}, {"valid_from": date(2020, 1, 1)}, "I12", enrolled.seq),
        "witness.retired_from": (
            Witness, {"pk": retired.pk}, {"retired_from": date(2040, 1, 1)}, "I12", retired.retired_seq,
        ),
        "witness.retired_seq": (Witness, {"pk": retired.pk}, {"retired_seq": 1}, "I12", 1),
        "keyrotation.seq": (KeyRotation, {}, {"seq": F("seq") - 1}, "I12", told.rotated.seq - 1),
        "keyrotation.old": (KeyRotation, {}, {"old": F("new")}, "I12", told.rotated.seq),
        "keyrotation.new": (KeyRotation, {}, {"new": F("old")}, "I12", told.rotated.seq),
    }  # fmt: skip


def another(told: Told) -> bytes:
    said = canonical.loads(bytes(told.recorded.statement.content))
    return canonical.dumps(said | {"facts": said["facts"] | {"quantity": "999999"}})


def faults(told: Told, act: Callable[[], object]):
    """What verification finds after an act; nothing of it stays."""
    found = None
    ring = services.log.ring()
    try:
        with transaction.atomic():
            guards.disarm(connection)
            act()
            found = selectors.verification.check_log(ring, evidence=True).fault
            raise Undo
    except Undo:
        return found


def test_every_column_of_the_journal_is_named_or_said_not_to_be_committed(told):
    connection.check_constraints()
    table = places(told)
    columns = {f"{model._meta.model_name}.{field.name}" for model in JOURNAL for field in model._meta.local_fields}
    assert columns == table.keys() | NOT_COMMITTED
    wrong = {}
    for column, (model, where, changes, invariant, place) in table.items():
        fault = faults(told, lambda m=model, w=where, c=changes: of(m, **w)(c))
        seen = fault and (fault.invariant, fault.seq if isinstance(place, int) else fault.text("en").startswith(place))
        if seen != (invariant, place if isinstance(place, int) else True):
            wrong[column] = fault and (fault.invariant, fault.seq, fault.text("en"))
    assert wrong == {}


def forged(told: Told) -> None:
    """Whoever owns the database puts a key of its own in a witness's place, and signs with it."""
    cosigned = Cosignature.objects.order_by("pk").first()
    own = keys.new_cosigner(Path(settings.MOYAI_HOME) / "forged", LogHead.objects.get().origin)
    made = own.cosign(notes.parse_note(cosigned.checkpoint.note)[0], cosigned.time)
    Witness.objects.filter(pk=cosigned.witness_id).update(vkey=own.key.vkey, name=own.key.name)
    Cosignature.objects.filter(pk=cosigned.pk).update(signature=made.signature)


def content_of(annex: Annex) -> Path:
    return Path(settings.MOYAI_HOME) / "evidence" / annex.sha256[:2] / annex.sha256


def altered(told: Told) -> None:
    content_of(told.annexed.annexes.get()).write_bytes(b"What was never said")


ACTS = {
    "a witness's key and signature": (forged, "I12", lambda told: Cosignature.objects.order_by("pk")[0].witness.seq),
    "an annex's row is gone": (lambda told: told.annexed.annexes.all().delete(), "I2", lambda told: told.annexed.seq),
    "an annex's content is another": (altered, "I2", lambda told: told.annexed.seq),
    "an annex's content is gone": (
        lambda told: content_of(told.annexed.annexes.get()).unlink(), "I2", lambda told: told.annexed.seq,
    ),
    "an annex is marked erased and no entry says so": (
        lambda told: told.annexed.annexes.update(salt=None, erased_at=LONG_AGO), "I12", lambda told: told.annexed.seq,
    ),
    "a salt is dropped": (lambda told: told.annexed.annexes.update(salt=None), "I2", lambda told: told.annexed.seq),
    "what was erased stands again": (
        lambda told: told.erased.annexes.update(salt=OTHER, erased_at=None), "I2", lambda told: told.erased.seq,
    ),
    "an annex of no entry": (
        lambda told: Annex.objects.create(sha256="1" * 64, name="x", media="x", size=1), "I12", lambda told: 0,
    ),
    "a witness's row is gone": (
        lambda told: Witness.objects.filter(retired_seq=None).exclude(cosignatures=None).update(seq=10**6), "I12",
        lambda told: Witness.objects.filter(retired_seq=None).first().seq,
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_what_several_columns_or_files_say_together_is_named_too(told, act):
    connection.check_constraints()
    do, invariant, place = ACTS[act]
    seq = place(told)
    fault = faults(told, lambda: do(told))
    assert fault is not None and (fault.invariant, fault.seq or 0) == (invariant, seq), fault


def test_without_the_contents_an_erased_annex_that_stands_again_is_named(told):
    """The nightly task reads contents; the quick command holds rows against entries."""
    found = None
    try:
        with transaction.atomic():
            told.erased.annexes.update(salt=OTHER, erased_at=None)
            found = check().fault
            raise Undo
    except Undo:
        assert (found.invariant, found.seq) == ("I12", told.erased.seq)
