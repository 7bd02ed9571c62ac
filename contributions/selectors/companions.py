"""Rows that stand beside the entries, held against what the entries say: annexes, witnesses, changes of key, the head.

An annex's row is a copy of what its statement names, but for the salt, the size and the name shown: salt and size are
held against the content itself, where that is asked for, and a shown name goes with the content and is committed to
nowhere. That an annex was erased, and when, is what a later entry says.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from contributions.adapters.evidence import CHUNK, EvidenceMissing, EvidenceStore
from contributions.core import annexes as rules
from contributions.core import canonical
from contributions.core.periods import instant_text
from contributions.core.words import Text
from contributions.models import Annex, Entry, KeyRotation, LogHead, Witness
from contributions.selectors.invariants import Fault, Row

ANNEXES_AT_ONCE = 1_000
HEAD = Text("台帳の先頭", "the head of the log")

# Kinds by which everything that was handed in under their subject is erased; the licensing wing enters its own.
ERASING: set[str] = set()

Place = tuple[int, str]
"""The entry that names an annex, and its digest."""


class Annexes:
    """The rows of annexes as the log is read in order, and what entries say was erased of them."""

    def __init__(self, *, content: bool) -> None:
        self.store = EvidenceStore(Path(settings.MOYAI_HOME) / "evidence") if content else None
        self.count = self.read = 0
        self._drawn: deque[Annex] = deque()
        self._last: tuple[int, str] | None = (-1, "")
        self._gone: dict[Place, tuple[str, datetime]] = {}
        self._told: dict[Place, str] = {}
        self._told_of: dict[str, list[tuple[int, str]]] = {}

    def check(self, row: Row, said: Mapping[str, Any] | None) -> None:
        """I2: the annexes on record are those that the statement names, and each is there or is erased, whole."""
        held = self._of(row.seq)
        if said is None:
            return
        if held or said["annexes"]:
            self._check_held(held, row, said)
        if said["kind"] == rules.ERASED:
            self._told[said["facts"]["entry"], said["facts"]["annex"]] = row.recorded_at
        elif said["kind"] in ERASING:
            self._told_of.setdefault(row.subject, []).append((row.seq, row.recorded_at))

    def _check_held(self, held: list[Annex], row: Row, said: Mapping[str, Any]) -> None:
        named = {one["sha256"]: one["media"] for one in said["annexes"]}
        if {annex.sha256: annex.media for annex in held} != named:
            raise Fault("I2", _NOT_NAMED, seq=row.seq)
        for annex in held:
            self.count += 1
            if (annex.salt is None) != (annex.erased_at is not None):
                raise Fault("I2", _HALF_ERASED, seq=row.seq)
            if annex.erased_at is not None:
                self._gone[row.seq, annex.sha256] = row.subject, annex.erased_at
            elif self.store is not None:
                self._check_content(annex, row.seq)

    def check_erased(self, size: int) -> None:
        """I12: what is erased was erased by an entry, at its time; and what an entry erased is gone."""
        if (stray := Annex.objects.filter(entry=None).first()) is not None:
            raise Fault("I12", _STRAY, place=Text(f"添付 {stray.sha256[:8]}", f"annex {stray.sha256[:8]}"))
        for (seq, sha256), (subject, erased_at) in sorted(self._gone.items()):
            told = self._when(seq, sha256, subject)
            if told is None and _erased_since(size, seq, sha256, subject):
                continue
            if told != instant_text(erased_at.replace(microsecond=0)):
                raise Fault("I12", _ERASED_BY_NONE if told is None else _ERASED_THEN, seq=seq)
        for seq, _ in sorted(self._told.keys() - self._gone.keys()):
            raise Fault("I12", _NOT_ERASED, seq=seq)
        for subject, acts in self._told_of.items():
            left = Annex.objects.filter(entry__subject=subject, entry_id__lt=acts[-1][0], erased_at=None)
            if (annex := left.order_by("entry_id").first()) is not None:
                raise Fault("I12", _NOT_ERASED, seq=annex.entry_id)

    def _of(self, seq: int) -> list[Annex]:
        """The annexes of an entry. Drawn some at a time in the log's order, since most entries have none."""
        found = []
        while self._drawn or self._draw():
            if self._drawn[0].entry_id != seq:
                break
            found.append(self._drawn.popleft())
        return found

    def _draw(self) -> bool:
        if self._last is None:
            return False
        seq, sha256 = self._last
        beyond = Q(entry_id__gt=seq) | Q(entry_id=seq, sha256__gt=sha256)
        rows = list(Annex.objects.filter(beyond).order_by("entry_id", "sha256")[:ANNEXES_AT_ONCE])
        self._drawn.extend(rows)
        self._last = (rows[-1].entry_id, rows[-1].sha256) if len(rows) == ANNEXES_AT_ONCE else None
        return bool(rows)

    def _when(self, seq: int, sha256: str, subject: str) -> str | None:
        """The time of the entry that erased it."""
        found = [self._told[seq, sha256]] if (seq, sha256) in self._told else []
        found += [told for at, told in self._told_of.get(subject, ()) if at > seq]
        return min(found, default=None)

    def _check_content(self, annex: Annex, seq: int) -> None:
        assert self.store is not None
        size, running = 0, hashlib.sha256(bytes(annex.salt))
        fault = None
        try:
            with self.store.open(annex.sha256) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    running.update(chunk)
            if running.hexdigest() != annex.sha256:
                fault = _ALTERED
            elif size != annex.size:
                fault = _SIZE
        except EvidenceMissing:
            fault = _MISSING
        # What was erased while this was read is no fault.
        if fault is not None and Annex.objects.filter(pk=annex.pk, erased_at=None).exists():
            raise Fault("I2", fault, seq=seq)
        self.read += 1


def _erased_since(size: int, seq: int, sha256: str, subject: str) -> bool:
    """Whether an entry beyond the first `size` erased it: it came in while the log was read."""
    rows = Entry.objects.filter(seq__gte=size, kind__in=[rules.ERASED, *ERASING], subject=subject)
    for entry in rows.select_related("statement"):
        facts = _facts(entry)
        if entry.kind in ERASING or (facts["entry"], facts["annex"]) == (seq, sha256):
            return True
    return False


def check_rows(size: int, recorded_at: str) -> None:
    """I12: witnesses and keys are those that the entries name, and the head is what entry 0 and the last one say."""
    _compare(size, "witness.enrolled", Witness.objects.select_related("organization"), "seq", _enrolled)
    _compare(size, "witness.retired", Witness.objects.exclude(retired_seq=None), "retired_seq", _retired)
    _compare(size, "key.rotated", KeyRotation.objects.all(), "seq", _rotated)
    head = LogHead.objects.get()
    first = Entry.objects.filter(pk=0).select_related("statement").first()
    if first is not None and hasattr(first, "statement"):
        facts = _facts(first)
        if (str(head.installation), head.demo) != (facts["installation"], facts["demo"]):
            raise Fault("I12", _HEAD, place=HEAD)
    if head.size == size and (instant_text(head.recorded_at) if head.recorded_at else "") != recorded_at:
        raise Fault("I12", _HEAD, place=HEAD)


def _compare(size: int, kind: str, rows: Iterable, column: str, facts_of: Callable[[Any], dict]) -> None:
    """Each row says what the entry of its number says, and each entry of that kind has its row."""
    entries = Entry.objects.filter(kind=kind, seq__lt=size).select_related("statement")
    said = {entry.seq: _facts(entry) for entry in entries if hasattr(entry, "statement")}
    held = {seq: facts_of(row) for row in rows if (seq := getattr(row, column)) < size}
    for seq in sorted(said.keys() | held.keys()):
        stated, row = said.get(seq), held.get(seq)
        if stated is None or row is None or any(stated[name] != value for name, value in row.items()):
            raise Fault("I12", _ROW, seq=seq)


def _enrolled(row: Witness) -> dict:
    return {
        "witness": row.code,
        "name": row.name,
        "vkey": row.vkey,
        "organization": row.organization.code,
        "kind": row.kind,
        "from": row.valid_from.isoformat(),
    }


def _retired(row: Witness) -> dict:
    return {"witness": row.code, "from": row.retired_from and row.retired_from.isoformat()}


def _rotated(row: KeyRotation) -> dict:
    return {"old": row.old, "new": row.new}


def _facts(entry: Entry) -> dict[str, Any]:
    return canonical.loads(bytes(entry.statement.content))["facts"]


_NOT_NAMED = Text("添付の登録が記録内容と異なります。", "its annexes on record are not those that the statement names")
_HALF_ERASED = Text(
    "添付のソルトと消去時刻の一方だけがあります。", "an annex has lost its salt without being erased, or keeps it"
)
_ALTERED = Text("添付の内容またはソルトがハッシュと一致しません。", "the content or the salt of an annex is another")
_SIZE = Text("添付の大きさが内容と異なります。", "the size of an annex is not that of its content")
_MISSING = Text("消去されていない添付の内容が失われています。", "the content of an annex is gone and was not erased")
_STRAY = Text("どの台帳記録にも属していません。", "it belongs to no entry")
_ERASED_BY_NONE = Text(
    "添付の消去を示す台帳記録がありません。", "an annex of it is marked erased, and no entry erased it"
)
_ERASED_THEN = Text("添付の消去時刻が台帳記録と異なります。", "an annex of it was erased at another time")
_NOT_ERASED = Text(
    "消去したと記録された添付が残っているか、存在しません。",
    "an annex that was recorded as erased is still there, or is none",
)
_HEAD = Text("記録内容と異なります。", "it is not what the entries say")
_ROW = Text("立会人または鍵の登録が記録内容と異なります。", "the witness or key on record is not what the entry says")
