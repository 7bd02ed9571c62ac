"""The journal: every fact that others rely on becomes an entry, a leaf of the tree, in the writer's own transaction.

`append` is the only door. It takes the head's lock last, gives the next index, makes both layers of bytes, the
movements, and the nodes of the subtrees that the leaf completes. What the bytes are is written in docs/log.md.

A draft that brings an id of its own may come again: the same body gets the entry it made, another is refused. A verb's
entries otherwise take ids that follow from the request it serves (see `acts` for what makes a whole verb repeatable).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from contributions.adapters.evidence import EvidenceStore, Sealed
from contributions.adapters.randomness import random_bytes
from contributions.core import canonical, corrections, evidence, kinds, merkle, statements
from contributions.core.periods import instant_text
from contributions.core.roles import Viewer
from contributions.core.units import AMOUNT_MAX
from contributions.models import Annex, Correction, Entry, LogHead, posting
from contributions.selectors.kinds import known

# How many of a request's ids are looked up at once, to find how many it has used already.
IDS_ASKED_AT_ONCE = 16
NAME_MAX = 200
Move = tuple[str, str, int]
"""Account, unit, signed amount in the unit's smallest part."""
Held = dict[str, tuple[Entry, bytes | None]]
"""Entries by id, each with the bytes of its statement."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Content that the statement names by salted digest, and that can later be erased.

    The statement keeps `name` for good; a file's own name, which may name people, is `shown` and goes with the content.
    """

    name: str
    media: str
    content: bytes | Path
    sealed: Sealed | None = None
    salt: bytes = b""
    shown: str = ""


def handed_in(file: evidence.Evidence | None) -> list[Attachment]:
    """A file of evidence as an attachment, under a name that tells nothing; nothing where none was handed in."""
    return [Attachment(evidence.NAME, evidence.MEDIA, file.content)] if file else []


@dataclass(frozen=True, slots=True)
class Draft:
    """One fact on its way into the journal."""

    kind: str
    subject: str
    facts: dict
    member: str | None = None
    effective: tuple[date | None, date | None] = (None, None)
    movements: Sequence[Move] = ()
    annexes: Sequence[Attachment] = ()
    corrects: UUID | None = None
    id: UUID | None = None


def append(kind: str, *, subject: str, facts: dict, by: Viewer, at: datetime, **more) -> Entry:
    """Record one fact; see `Draft` for what `more` may hold."""
    return append_many([Draft(kind, subject, facts, **more)], by=by, at=at)[0]


def append_many(drafts: Iterable[Draft], *, by: Viewer, at: datetime) -> list[Entry]:
    """Record facts in order, all or none, under one lock of the head."""
    assert transaction.get_connection().in_atomic_block, "an entry is written in the transaction of what it records"
    head = LogHead.objects.select_for_update().get()
    at = at.replace(microsecond=0)
    recorded_at = at if head.recorded_at is None else max(at, head.recorded_at)
    drafts = list(drafts)
    held = _held(drafts)
    _check_corrections([draft for draft in drafts if str(draft.id) not in held])  # those held are compared whole
    batch = _Batch(head, by, recorded_at, held=held)
    entries = [batch.add(draft) for draft in drafts]
    batch.store()
    return entries


class _Batch:
    """Entries in the making, from the head's size on; what follows from all of them is made once."""

    def __init__(self, head: LogHead, by: Viewer, recorded_at: datetime, *, held: Held) -> None:
        self.head, self.recorded_at, self.held = head, recorded_at, held
        self.seq = self.start = head.size
        self.rows, self.leaves = posting.Rows(), list[bytes]()
        self.annexes: list[Annex] = []
        self.request = by.request or uuid4()
        self.number = _taken(self.request) if by.request else 0
        self.instant, self.stored_instant = instant_text(recorded_at), posting.stored_instant(recorded_at)
        self.by = {"user": str(by.user) if by.user else None, "workplace": by.workplace, "organization": by.acting}

    def add(self, draft: Draft) -> Entry:
        """The entry that the draft becomes, or the one that it became before."""
        if draft.id is not None and (held := self.held.get(str(draft.id))) is not None:
            _check_same(held[1], draft, self.by)
            return held[0]
        kinds.check(draft.kind, draft.facts, known)
        _check_balanced(draft.movements)
        id_ = str(draft.id) if draft.id else self._next_id()
        annexes = [_annex(attachment) for attachment in draft.annexes]
        said = canonical.dumps(_statement(draft, self.by, annexes))
        leaf = statements.leaf(self.head.origin, id_, self.instant, sha256(said).hexdigest())
        entry = self._entry(draft, id_, leaf, sha256(b"\0" + leaf).digest())
        self.rows.statement.append((entry.seq, said))
        self._move(draft)
        for annex in annexes:
            annex.entry = entry
        self.annexes += annexes
        if draft.corrects:
            self.rows.correction.append((entry.seq, draft.corrects))
        if draft.id:
            self.held[id_] = entry, said
        self.seq += 1
        return entry

    def _next_id(self) -> str:
        self.number += 1
        return statements.entry_id(self.request, self.number - 1)

    def _entry(self, draft: Draft, id_: str, leaf: bytes, leaf_hash: bytes) -> Entry:
        member = draft.member or ""
        copies = (draft.kind, draft.subject, member)
        self.rows.entry.append((self.seq, posting.stored_id(id_), *copies, self.stored_instant, leaf, leaf_hash))
        self.leaves.append(leaf_hash)
        return Entry.from_db(
            connection.alias, ENTRY_FIELDS, (self.seq, UUID(id_), *copies, self.recorded_at, leaf, leaf_hash)
        )

    def _move(self, draft: Draft) -> None:
        if draft.movements:
            day = statements.day_of(draft.effective[0] and draft.effective[0].isoformat(), self.instant)
            self.rows.movement += [(self.seq, account, unit, n, day) for account, unit, n in draft.movements]

    def store(self) -> None:
        """Write everything; the head last of all. Where all of it was held already, nothing is written."""
        if not self.leaves:
            return
        stored = posting.nodes_at(merkle.grown_from(self.start, len(self.leaves)))
        self.rows.node = merkle.grow(self.start, self.leaves, lambda level, index: stored[level, index])
        self.rows.correction = _by_seq(self.rows.correction)
        posting.post(self.rows, size=self.seq, recorded_at=self.stored_instant)
        if self.annexes:
            Annex.objects.bulk_create(self.annexes, batch_size=200)


ENTRY_FIELDS = [field.attname for field in Entry._meta.concrete_fields]


def _statement(draft: Draft, by: dict, annexes: Sequence[Annex]) -> dict:
    """What the entry says; the nonce keeps its digest from being guessed. `annexes` are the draft's, sealed or not."""
    named = zip(draft.annexes, annexes, strict=True)
    return {
        "v": 1,
        "kind": draft.kind,
        "nonce": random_bytes(16).hex(),
        "subject": draft.subject,
        "member": draft.member,
        "by": by,
        "effective": [day and day.isoformat() for day in draft.effective],
        "movements": [[account, unit, str(amount)] for account, unit, amount in draft.movements],
        "facts": draft.facts,
        "annexes": [{"name": sent.name, "media": a.media, "sha256": a.sha256} for sent, a in named],
        "corrects": str(draft.corrects) if draft.corrects else None,
    }


def _held(drafts: Sequence[Draft]) -> Held:
    """The entries that these drafts' own ids name already, each with its statement unless that was erased."""
    ids = [draft.id for draft in drafts if draft.id is not None]
    rows = Entry.objects.filter(id__in=ids).select_related("statement") if ids else ()
    return {str(row.id): (row, bytes(row.statement.content) if hasattr(row, "statement") else None) for row in rows}


def _check_same(held: bytes | None, draft: Draft, by: dict) -> None:
    """Refuse a draft under an id that has been used for something else, naming the field."""
    if held is None:
        raise statements.OtherBody(id=str(draft.id), field="statement")
    unsealed = [Annex(name=sent.name, media=sent.media, sha256="") for sent in draft.annexes]
    was, said = canonical.loads(held), canonical.loads(canonical.dumps(_statement(draft, by, unsealed)))
    field = statements.difference(was, said) or _other_content(was, draft)
    if field is not None:
        raise statements.OtherBody(id=str(draft.id), field=field)


def _other_content(was: dict, draft: Draft) -> str | None:
    """Whether an annex that is still kept has another content; an erased one can be compared with nothing."""
    salts = dict(Annex.objects.filter(sha256__in=[a["sha256"] for a in was["annexes"]]).values_list("sha256", "salt"))
    for annex, sent in zip(was["annexes"], draft.annexes, strict=True):
        salt = salts.get(annex["sha256"])
        content = sent.content if isinstance(sent.content, bytes) else sent.content.read_bytes()
        if salt is not None and canonical.sha256_hex(bytes(salt) + content) != annex["sha256"]:
            return f"annexes.{annex['name']}"
    return None


def _check_corrections(drafts: Sequence[Draft]) -> None:
    """A correction names an earlier entry of its own kind and member that nothing else has corrected."""
    named = [draft.corrects for draft in drafts if draft.corrects]
    if not named:
        return
    rows = {row.id: row for row in Entry.objects.filter(id__in=named)}
    done = {
        row.corrected.id: row.entry.id
        for row in Correction.objects.filter(corrected__id__in=named).select_related("entry", "corrected")
    }
    for draft in drafts:
        if draft.corrects is None:
            continue
        row = rows.get(draft.corrects)
        corrected = (row.kind, row.member) if row else None
        corrections.check(str(draft.corrects), kind=draft.kind, member=draft.member, corrected=corrected)
        if draft.corrects in done and (draft.id is None or done[draft.corrects] != draft.id):
            raise corrections.AlreadyCorrected(id=str(draft.corrects))
        done[draft.corrects] = draft.id


def _by_seq(rows: list[tuple[int, UUID]]) -> list[tuple]:
    seqs = dict(Entry.objects.filter(id__in=[id_ for _, id_ in rows]).values_list("id", "seq")) if rows else {}
    return [(seq, seqs[id_]) for seq, id_ in rows]


def _taken(request: UUID) -> int:
    """How many entries this request has made already: the ids of its next ones follow.

    Ids 0 … k−1 are taken and k is free, so after the first few a galloping search finds k in O(log k) look-ups.
    """
    ids = {statements.entry_id(request, number): number for number in range(IDS_ASKED_AT_ONCE)}
    taken = Entry.objects.filter(id__in=list(ids)).count()
    if taken < IDS_ASKED_AT_ONCE:
        return taken
    step = IDS_ASKED_AT_ONCE
    while _is_taken(request, step):
        step *= 2
    low, high = step // 2, step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_taken(request, middle) else (low, middle)
    return high


def _is_taken(request: UUID, number: int) -> bool:
    return Entry.objects.filter(id=statements.entry_id(request, number)).exists()


def seal_aside(name: str, media: str, path: Path, *, salt: bytes, sha256: str, shown: str = "") -> Attachment:
    """An attachment whose large file is in the evidence store already, so that no lock is held while it is written."""
    return Attachment(name, media, path, store().adopt(path, sha256, media=media), salt, shown)


def _annex(attachment: Attachment) -> Annex:
    salt = attachment.salt or random_bytes(32)
    sealed = attachment.sealed or store().put(attachment.content, salt, media=attachment.media)
    if (stored := _STORED.get()) is not None:
        stored.append(sealed.sha256)
    name = (attachment.shown or attachment.name)[:NAME_MAX]
    return Annex(sha256=sealed.sha256, name=name, media=sealed.media, salt=salt, size=sealed.size)


def store() -> EvidenceStore:
    """Where the content of annexes lies."""
    return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence")


# What has been stored since somebody began to look, by digest: a transaction that is taken back takes no file along.
_STORED: ContextVar[list[str] | None] = ContextVar("stored", default=None)


@contextmanager
def tidied() -> Iterator[None]:
    """Content that is stored within and that no entry names in the end is deleted: what was refused leaves nothing.

    A machine that dies leaves it; nobody has its salt, so it can never be shown, but neither does anything delete it.
    """
    before = _STORED.set([])
    try:
        yield
    finally:
        stored = _STORED.get() or []
        _STORED.reset(before)
        for start in range(0, len(stored), IDS_ASKED_AT_ONCE):
            part = stored[start : start + IDS_ASKED_AT_ONCE]
            named = set(Annex.objects.filter(sha256__in=part).values_list("sha256", flat=True))
            for sha256 in set(part) - named:
                store().erase(sha256)


def _check_balanced(movements: Sequence[Move]) -> None:
    totals: dict[str, int] = defaultdict(int)
    for _, unit, amount in movements:
        assert -AMOUNT_MAX < amount < AMOUNT_MAX, "an amount no account can hold reached the journal"
        totals[unit] += amount
    assert not any(totals.values()), f"movements do not balance: {dict(totals)}"


def lock() -> None:
    """Take the head's lock early; for a verb that must number its subject in the log's order."""
    assert connection.in_atomic_block
    LogHead.objects.select_for_update().get()
