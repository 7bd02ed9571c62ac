"""A member signs what it has stated: an officer in the browser with the key held here, or the member's own machine."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.core import canonical
from contributions.core import signed_statements as rules
from contributions.core.cosignatures import Cosigned, WitnessKey
from contributions.core.roles import Viewer, check_may
from contributions.core.witnesses import OF_MEMBERS
from contributions.models import Entry, LogHead, Witness
from contributions.selectors import signed_statements as read
from contributions.services import journal, witnesses


@transaction.atomic
def sign(entry: Entry, *, by: Viewer, at: datetime) -> Entry:
    """An officer signs one statement of its member; what was signed so already stays as it is."""
    check_may(by, "statement.sign")
    digest = _own(entry, by)
    witness = witnesses.officers_key(by=by, at=at)
    if (held := read.by_key(entry, witness.code)) is not None:
        return held
    text = rules.text(LogHead.objects.get().origin, entry.seq, digest)
    return _keep(entry, digest, rules.sign(witnesses.signer_of(witness), text, int(at.timestamp())), by=by, at=at)


@transaction.atomic
def receive(entry: Entry, line: str, *, by: Viewer, at: datetime) -> Entry:
    """Take in the line that the member's own machine gave for the statement."""
    check_may(by, "statement.sign")
    return _keep(entry, _own(entry, by), rules.read_line(line), by=by, at=at)


def _own(entry: Entry, by: Viewer) -> str:
    """The digest of the statement, if it is what the member stated."""
    content = bytes(entry.statement.content)
    if not rules.is_of(canonical.loads(content), by.acting):
        raise rules.NotYourStatement(seq=entry.seq)
    return canonical.sha256_hex(content)


def _keep(entry: Entry, digest: str, signed: Cosigned, *, by: Viewer, at: datetime) -> Entry:
    rows = Witness.objects.select_for_update(of=("self",)).select_related("organization")
    own = rows.filter(organization__code=by.acting, kind__in=OF_MEMBERS, name=signed.name)
    witness = own.filter(code=signed.key_hash.hex()).first()
    if witness is None:
        raise rules.NoOwnKey(name=signed.name)
    text = rules.text(LogHead.objects.get().origin, entry.seq, digest)
    if not rules.fits(signed, text, WitnessKey.parse(witness.vkey)):
        raise rules.BadSignature(seq=entry.seq)
    witnesses.check_time(witness, signed.time, since=entry.recorded_at, at=at)
    if read.by_key(entry, witness.code) is not None:
        raise rules.SignedAlready(seq=entry.seq)
    return journal.append(
        rules.SIGNED,
        subject=read.subject_of(entry),
        member=entry.member,
        facts=rules.facts(entry.seq, digest, signed),
        by=by,
        at=at,
    )
