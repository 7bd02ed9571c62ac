"""The journal: every fact that others rely on becomes an entry, a leaf of the tree, in the writer's own transaction.

`append` is the only door. It takes the head's lock last, gives the next index, makes both layers of bytes, the
movements, and the nodes of the subtrees that the leaf completes. What the bytes are is written in docs/log.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import connection, transaction

from contributions.adapters.evidence import EvidenceStore, Sealed
from contributions.adapters.randomness import random_bytes
from contributions.core import canonical, kinds, merkle
from contributions.core.periods import instant_text
from contributions.core.roles import Viewer
from contributions.core.units import AMOUNT_MAX
from contributions.models import Annex, Entry, LogHead, Movement, Node, Statement
from contributions.selectors.kinds import known

Move = tuple[str, str, int]
"""Account, unit, signed amount in the unit's smallest part."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Content that the statement names by salted digest, and that can later be erased."""

    name: str
    media: str
    content: bytes | Path
    sealed: Sealed | None = None
    salt: bytes = b""


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


def append(kind: str, *, subject: str, facts: dict, by: Viewer, at: datetime, **more) -> Entry:
    """Record one fact; see `Draft` for what `more` may hold."""
    return append_many([Draft(kind, subject, facts, **more)], by=by, at=at)[0]


def append_many(drafts: Iterable[Draft], *, by: Viewer, at: datetime) -> list[Entry]:
    """Record facts in order, all or none, under one lock of the head."""
    assert transaction.get_connection().in_atomic_block, "an entry is written in the transaction of what it records"
    head = LogHead.objects.select_for_update().get()
    at = at.replace(microsecond=0)
    recorded_at = at if head.recorded_at is None else max(at, head.recorded_at)
    request = by.request or uuid4()
    taken = _taken(request)
    entries, nodes, tree = [], [], _Tree(head.size)
    for number, draft in enumerate(drafts):
        seq = head.size + number
        entry, statement, movements, annexes = _bytes_of(
            draft, head.origin, seq, uuid5(request, str(taken + number)), by, recorded_at
        )
        nodes += tree.append(seq, bytes(entry.leaf_hash))
        entries.append((entry, statement, movements, annexes))
    _store(entries, nodes)
    head.size += len(entries)
    head.recorded_at = recorded_at
    head.save(update_fields=["size", "recorded_at"])
    return [entry for entry, *_ in entries]


class _Tree:
    """Completed subtrees: what the database holds, and what this batch adds."""

    def __init__(self, size: int) -> None:
        self.known: dict[tuple[int, int], bytes] = {}
        wanted = merkle.frontier(size)
        if wanted:
            levels = defaultdict(list)
            for level, index in wanted:
                levels[level].append(index)
            rows = Node.objects.none()
            for level, indexes in levels.items():
                rows = rows | Node.objects.filter(level=level, index__in=indexes)
            self.known = {(node.level, node.index): bytes(node.hash) for node in rows}

    def append(self, seq: int, leaf_hash: bytes) -> list[Node]:
        made = merkle.new_nodes(seq, leaf_hash, lambda level, index: self.known[level, index])
        for level, index, hash_ in made:
            self.known[level, index] = hash_
        return [Node(level=level, index=index, hash=hash_) for level, index, hash_ in made]


def _taken(request: UUID) -> int:
    """How many entries this request has made already: the ids of its next ones follow.

    Ids 0 … k−1 are taken and k is free, so a galloping search finds k in O(log k) look-ups.
    """
    if not _is_taken(request, 0):
        return 0
    step = 1
    while _is_taken(request, step):
        step *= 2
    low, high = step // 2, step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_taken(request, middle) else (low, middle)
    return high


def _is_taken(request: UUID, number: int) -> bool:
    return Entry.objects.filter(id=uuid5(request, str(number))).exists()


def _bytes_of(draft: Draft, origin: str, seq: int, id_: UUID, by: Viewer, recorded_at: datetime):
    kinds.check(draft.kind, draft.facts, known)
    _check_balanced(draft.movements)
    annexes = [_annex(attachment) for attachment in draft.annexes]
    statement = canonical.dumps(
        {
            "v": 1,
            "kind": draft.kind,
            "nonce": random_bytes(16).hex(),
            "subject": draft.subject,
            "member": draft.member,
            "by": {
                "user": str(by.user) if by.user else None,
                "workplace": by.workplace,
                "organization": by.acting,
            },
            "effective": [day.isoformat() if day else None for day in draft.effective],
            "movements": [[account, unit, str(amount)] for account, unit, amount in draft.movements],
            "facts": draft.facts,
            "annexes": [{"name": a.name, "media": a.media, "sha256": a.sha256} for a in annexes],
            "corrects": str(draft.corrects) if draft.corrects else None,
        }
    )
    leaf = canonical.dumps(
        {
            "v": 1,
            "log": origin,
            "id": str(id_),
            "recorded_at": instant_text(recorded_at),
            "statement_sha256": canonical.sha256_hex(statement),
        }
    )
    entry = Entry(
        seq=seq,
        id=id_,
        kind=draft.kind,
        subject=draft.subject,
        member=draft.member or "",
        recorded_at=recorded_at,
        leaf=leaf,
        leaf_hash=merkle.leaf_hash(leaf),
    )
    movements = [Movement(entry=entry, account=a, unit=u, amount=n) for a, u, n in draft.movements]
    for annex in annexes:
        annex.entry = entry
    return entry, Statement(entry=entry, content=statement), movements, annexes


def seal_aside(name: str, media: str, path: Path, *, salt: bytes, sha256: str) -> Attachment:
    """An attachment whose large file is in the evidence store already, so that no lock is held while it is written."""
    return Attachment(name, media, path, store().adopt(path, sha256, media=media), salt)


def _annex(attachment: Attachment) -> Annex:
    salt = attachment.salt or random_bytes(32)
    sealed = attachment.sealed or store().put(attachment.content, salt, media=attachment.media)
    return Annex(sha256=sealed.sha256, name=attachment.name, media=sealed.media, salt=salt, size=sealed.size)


def store() -> EvidenceStore:
    """Where the content of annexes lies."""
    return EvidenceStore(Path(settings.MOYAI_HOME) / "evidence")


def _check_balanced(movements: Sequence[Move]) -> None:
    totals: dict[str, int] = defaultdict(int)
    for _, unit, amount in movements:
        assert abs(amount) < AMOUNT_MAX, "an amount no account can hold reached the journal"
        totals[unit] += amount
    assert not any(totals.values()), f"movements do not balance: {dict(totals)}"


def _store(entries: list, nodes: list[Node]) -> None:
    Entry.objects.bulk_create([entry for entry, *_ in entries], batch_size=1000)
    Statement.objects.bulk_create([statement for _, statement, _, _ in entries], batch_size=1000)
    Movement.objects.bulk_create([m for _, _, movements, _ in entries for m in movements], batch_size=1000)
    Annex.objects.bulk_create([a for *_, annexes in entries for a in annexes], batch_size=200)
    Node.objects.bulk_create(nodes, batch_size=1000)


def lock() -> None:
    """Take the head's lock early; for a verb that must number its subject in the log's order."""
    assert connection.in_atomic_block
    LogHead.objects.select_for_update().get()
