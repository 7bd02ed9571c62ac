"""Witnesses: enrolled and retired in the journal; their cosignatures taken in; the threshold adopted.

Three ways lead here. An officer confirms in the browser, with a key that this installation holds for the member. A
member's own machine, or a neutral witness, hands in a note that it has cosigned. Either way the cosignature is checked
against the enrolled key and against this log's own checkpoint before it is kept, and kept for good.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import transaction

from contributions.adapters import keys
from contributions.core import cosignatures, notes, witnessing
from contributions.core import witnesses as rules
from contributions.core.periods import JST, jst_date
from contributions.core.roles import MEMBER, Viewer, check_may
from contributions.core.words import Text
from contributions.models import Checkpoint, Cosignature, Entry, LogHead, Member, Organization, Witness, WitnessRule
from contributions.selectors import log as log_read
from contributions.selectors import witnesses as read
from contributions.services import journal, log


@transaction.atomic
def enroll(
    organization: Organization, *, kind: str, vkey: str = "", valid_from: date, by: Viewer, at: datetime
) -> Witness:
    """Record a witness and its public key. An officer's key is made here, and held here."""
    check_may(by, "witness.enroll")
    _check_whose(organization, kind, by)
    journal.lock()
    key = _new_key() if kind == rules.OFFICER else cosignatures.WitnessKey.parse(vkey)
    if Witness.objects.filter(code=key.key_hash.hex()).exists():
        raise rules.AlreadyEnrolled
    code = key.key_hash.hex()
    entry = journal.append(
        "witness.enrolled",
        subject=f"witness:{code}",
        facts={
            "witness": code,
            "name": key.name,
            "vkey": key.vkey,
            "organization": organization.code,
            "kind": kind,
            "from": valid_from.isoformat(),
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Witness.objects.create(
        seq=entry.seq,
        code=code,
        name=key.name,
        vkey=key.vkey,
        organization=organization,
        kind=kind,
        valid_from=valid_from,
    )


@transaction.atomic
def retire(witness: Witness, *, retired_from: date, by: Viewer, at: datetime) -> Witness:
    """End a witness from a day on; what it cosigned before stays."""
    check_may(by, "witness.retire")
    witness = Witness.objects.select_for_update(of=("self",)).select_related("organization").get(pk=witness.pk)
    _check_whose(witness.organization, witness.kind, by)
    if witness.retired_seq is not None:
        raise rules.AlreadyRetired(name=witness.name)
    entry = journal.append(
        "witness.retired",
        subject=f"witness:{witness.code}",
        facts={"witness": witness.code, "from": retired_from.isoformat()},
        effective=(retired_from, None),
        by=by,
        at=at,
    )
    witness.retired_from, witness.retired_seq = retired_from, entry.seq
    witness.save(update_fields=["retired_from", "retired_seq"])
    return witness


@transaction.atomic
def adopt_threshold(
    *, threshold: int, kinds: Collection[str], valid_from: date, source: Text, by: Viewer, at: datetime
) -> WitnessRule:
    """Record how many organizations must cosign from a day on; 0 asks for none."""
    check_may(by, "threshold.adopt")
    rules.check_rule(threshold, kinds)
    entry = journal.append(
        "threshold.adopted",
        subject="log:threshold",
        facts={
            "threshold": threshold,
            "kinds": sorted(kinds),
            "from": valid_from.isoformat(),
            "source": {"ja": source.ja, "en": source.en},
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return WitnessRule.objects.create(
        seq=entry.seq,
        threshold=threshold,
        kinds=sorted(kinds),
        valid_from=valid_from,
        source_ja=source.ja,
        source_en=source.en,
    )


@transaction.atomic
def confirm(checkpoint: Checkpoint, *, by: Viewer, at: datetime) -> Cosignature:
    """An officer cosigns with the member's key held here, once the log is seen to continue what it confirmed last."""
    check_may(by, "log.cosign")
    witness = officers_key(by=by, at=at)
    witness = Witness.objects.select_for_update(of=("self",)).select_related("organization").get(pk=witness.pk)
    if (done := Cosignature.objects.filter(checkpoint=checkpoint, witness=witness).first()) is not None:
        return done
    text = _judged(checkpoint, witness)
    return _keep(checkpoint, witness, signer_of(witness).cosign(text, int(at.timestamp())), text, at=at)


def officers_key(*, by: Viewer, at: datetime) -> Witness:
    """The key that the officers of a member sign with in the browser; made where there is none yet."""
    witness = read.officer_of(by.acting)
    if witness is None:
        journal.lock()  # of two officers who begin at once, one makes the key
        witness = read.officer_of(by.acting)
    if witness is None:
        organization = Organization.objects.get(code=by.acting)
        witness = enroll(organization, kind=rules.OFFICER, valid_from=jst_date(at), by=by, at=at)
    return witness


def signer_of(witness: Witness) -> cosignatures.Cosigner:
    """The private half of a key that is held here."""
    return keys.cosigner(_folder(), LogHead.objects.get().origin, witness.name, witness.code)


def check_time(witness: Witness, time: int, *, since: datetime, at: datetime) -> None:
    """Refuse a signature timed before what it signs, outside the enrolment of its key, or far from the present."""
    rules.check_time(
        witness.name,
        time,
        start=max(_midnight(witness.valid_from), int(since.timestamp())),
        until=_midnight(witness.retired_from) if witness.retired_from else None,
        present=int(at.timestamp()),
    )


@transaction.atomic
def receive(note: str, *, by: Viewer, at: datetime) -> list[Cosignature]:
    """Take in the cosignatures that enrolled witnesses put on a checkpoint of this log; those held already are left.

    Whoever brings the note needs no right: each line proves itself by its witness's key.
    """
    checkpoint, text, lines = read.read_note(note)
    if checkpoint is None:
        raise rules.NotOnRecord
    known = {bytes.fromhex(row.code): row for row in read.visible_to(by).select_for_update(of=("self",))}
    kept = []
    for line in lines:
        witness = known.get(line.key_hash)
        if witness is None or witness.name != line.name or witness.kind == rules.OFFICER:
            continue
        held = Cosignature.objects.filter(checkpoint=checkpoint, witness=witness).first()
        kept.append(held or _keep(checkpoint, witness, cosignatures.read(line), text, at=at))
    if not kept:
        raise rules.NoWitness
    return kept


def _judged(checkpoint: Checkpoint, witness: Witness) -> str:
    """The text to cosign, judged as a witness judges: under the log's key, and grown out of what it signed last."""
    last = read.last_of(witness)
    origin = LogHead.objects.get().origin
    held = _held(last, origin, witness) if last is not None else None
    request = log_read.consistency(held.size if held and held.size <= checkpoint.size else 0, checkpoint)
    if held is not None and held.size > checkpoint.size:
        raise witnessing.Shrunk(size=checkpoint.size, held=held.size)
    witnessing.judge(request, held, [log.ring().at(checkpoint.size)])
    return notes.parse_note(checkpoint.note)[0]


def _held(last: Cosignature, origin: str, witness: Witness) -> notes.Checkpoint:
    """The head that the witness holds: its own signature still has to fit it, else it has been exchanged."""
    held = notes.Checkpoint(origin, last.checkpoint.size, bytes(last.checkpoint.root))
    key = cosignatures.WitnessKey.parse(witness.vkey)
    if not key.verifies(held.text(), last.time, bytes(last.signature)):
        raise witnessing.AnotherHistory(size=last.checkpoint.size, held=last.checkpoint.size)
    return held


def _keep(
    checkpoint: Checkpoint, witness: Witness, cosigned: cosignatures.Cosigned, text: str, *, at: datetime
) -> Cosignature:
    cosignatures.check(cosigned, text, cosignatures.WitnessKey.parse(witness.vkey))
    last = Entry.objects.get(seq=checkpoint.size - 1).recorded_at  # a clock set back may have sealed before it
    check_time(witness, cosigned.time, since=max(checkpoint.sealed_at, last), at=at)
    return Cosignature.objects.create(
        checkpoint=checkpoint, witness=witness, time=cosigned.time, signature=cosigned.signature, received_at=at
    )


def _check_whose(organization: Organization, kind: str, by: Viewer) -> None:
    """A member's witness is that member's own affair; a neutral one is the secretariat's, and no member."""
    if kind not in rules.KINDS:
        raise rules.NotForYou
    if (kind in rules.OF_MEMBERS) != (by.workplace == MEMBER):
        raise rules.NotForYou
    if kind in rules.OF_MEMBERS and organization.code != by.acting:
        raise rules.NotForYou
    if kind == rules.NEUTRAL and Member.objects.filter(organization=organization).exists():
        raise rules.NotNeutral(name=Text(organization.short_ja, organization.short_en))


def _new_key() -> cosignatures.WitnessKey:
    return keys.new_cosigner(_folder(), LogHead.objects.get().origin).key


def _folder() -> Path:
    return Path(settings.MOYAI_HOME) / "keys"


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), JST).timestamp())
