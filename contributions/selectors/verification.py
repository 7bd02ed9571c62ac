"""Recomputing the whole log from its stored bytes: every leaf, statement, movement and node, and every checkpoint.

One pass in the log's order and in bounded memory; it stops at the first fault and names its place. What is checked, and
how, is written in `invariants`. A deep verification also asks whether every statement is canonical, makes the balances
again from the statements alone, and repeats what the licensing wing has entered in `invariants.DEEP`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from django.db import connection
from django.db.models import Max, OuterRef, Subquery

from contributions.core import canonical, merkle, notes, proofs, signed_statements, witnesses
from contributions.core.periods import instant_text
from contributions.core.words import Text
from contributions.models import Checkpoint, Correction, Cosignature, Entry, Job, LogHead, Movement, Node, Witness
from contributions.selectors import companions, invariants, rebuilding
from contributions.selectors.invariants import Fault, Row

# How many entries the tree is grown by at once; and how many are read at once, so few that the processor's cache holds
# them while they are parsed: with all of a chunk in memory the same work takes a tenth longer.
CHUNK, SLICE = 1024, 256
ENTRY_OF = itemgetter(0)
OF_SIGNATURES = frozenset({signed_statements.ENROLLED, signed_statements.SIGNED})
SERVICE = "log.verify"
Place = tuple[int, int]
Progress = Callable[[int, int], None]

ENTRIES = """
SELECT e.seq, CAST(e.id AS text), e.kind, e.subject, e.member, CAST(e.recorded_at AS text), e.leaf, e.leaf_hash,
       s.content
FROM contributions_entry e LEFT JOIN contributions_statement s ON s.entry_id = e.seq
WHERE e.seq >= %s AND e.seq < %s ORDER BY e.seq
"""
MOVEMENTS = """
SELECT entry_id, account, unit, amount, CAST(day AS text) FROM contributions_movement
WHERE entry_id >= %s AND entry_id < %s ORDER BY entry_id, id
"""
CORRECTIONS = """
SELECT c.entry_id, e.seq, CAST(e.id AS text), e.kind, e.member
FROM contributions_correction c JOIN contributions_entry e ON e.seq = c.corrected_id
WHERE c.entry_id >= %s AND c.entry_id < %s
"""
NODES = """
SELECT "index", hash FROM contributions_node
WHERE level = %s AND "index" >= %s AND "index" <= %s ORDER BY "index"
"""


@dataclass(slots=True)
class Checked:
    """What was looked at, and the first fault, if there was one."""

    origin: str
    size: int = 0
    entries: int = 0
    statements: int = 0
    erased: int = 0
    movements: int = 0
    corrections: int = 0
    nodes: int = 0
    checkpoints: int = 0
    cosignatures: int = 0
    signatures: int = 0
    annexes: int = 0
    evidence: int | None = None
    sealed: int = 0
    blocks: int | None = None
    root: bytes = merkle.EMPTY_ROOT
    fault: Fault | None = None

    @property
    def is_sound(self) -> bool:
        return self.fault is None


@dataclass(slots=True)
class _Pass:
    """What one pass carries from entry to entry: the open subtrees, and the time of the entry before."""

    checked: Checked
    verifier: notes.Verifier
    balances: rebuilding.Rebuild | None
    keys: signed_statements.Keys
    annexes: companions.Annexes
    open: dict[Place, bytes] = field(default_factory=dict)
    corrected: set[int] = field(default_factory=set)
    recorded_at: str = ""
    sealed_at: str = ""

    def node(self, level: int, index: int) -> bytes:
        return self.open[level, index]


def check_log(
    verifier: notes.Verifier, *, deep: bool = False, evidence: bool = False, progress: Progress | None = None
) -> Checked:
    """Recompute everything, under the log's public key; with `evidence`, the content of every annex is read as well."""
    last = Entry.objects.aggregate(last=Max("seq"))["last"]  # before the head: the head only grows
    head = LogHead.objects.get()
    checked = Checked(head.origin, size=head.size)
    annexes = companions.Annexes(content=evidence)
    balances = rebuilding.Rebuild() if deep else None
    going = _Pass(checked, verifier, balances, signed_statements.Keys(head.origin), annexes)
    try:
        for start in range(0, head.size, CHUNK):
            _check_chunk(going, start, min(start + CHUNK, head.size))
            if progress is not None:
                progress(checked.entries, checked.size)
        if last is not None and last >= head.size:
            raise Fault("I1", _beyond(head.size), seq=head.size)
        _check_none_beyond(head.size)
        _check_no_stray_rows(going)
        annexes.check_erased(head.size)
        companions.check_rows(head.size, going.recorded_at)
        checked.root = merkle.root_from(head.size, going.node) if head.size else merkle.EMPTY_ROOT
        if deep:
            _check_deep(going)
    except Fault as fault:
        checked.fault = fault
    checked.annexes, checked.evidence = annexes.count, annexes.read if evidence else None
    return checked


def latest() -> Job | None:
    """The newest verification that the nightly task, or somebody, has asked for and that has ended."""
    return Job.objects.filter(service=SERVICE, finished_at__isnull=False).order_by("-finished_at").first()


# Asked row by row, and not by a join, which would pass over a row that names what is not there.
_VKEY = Subquery(Witness.objects.filter(pk=OuterRef("witness_id")).values("vkey"))
_NO_WITNESS = Text("登録のない立会人の立会署名があります。", "a witness that is not on record cosigned it")
_NUMBER = Text("番号が連続していません。", "its number does not follow the one before")
_SEALED = Text(
    "対象の台帳記録または前の時点証明より早い時刻です。",
    "it was sealed before what it counts, or before the one before it",
)
_SEALED_AFTER = Text("立会署名より後の時刻です。", "it was sealed after it had been cosigned")
_RECEIVED = Text("立会署名の受領が署名より早い時刻です。", "a cosignature came in before it was made")
_NO_CHECKPOINT = Text("時点証明のない立会署名があります。", "a cosignature stands for no checkpoint")


def _check_chunk(going: _Pass, start: int, until: int) -> None:
    """One stretch of the log, cut where a checkpoint counts up to, so that the first fault of all is the one named."""
    for checkpoint in [*Checkpoint.objects.filter(size__gt=start, size__lte=until).order_by("size"), None]:
        end = checkpoint.size if checkpoint is not None else until
        if going.checked.entries < end:
            _check_stretch(going, going.checked.entries, end)
        if checkpoint is not None:
            _check_checkpoint(going, checkpoint)


def _check_stretch(going: _Pass, start: int, end: int) -> None:
    leaves: list[bytes] = []
    fault = None
    try:
        for row in _rows(start, end):
            _check_row(going, row)
            leaves.append(row.leaf_hash)
    except Fault as found:
        fault = found
    made = merkle.grown_rows(start, leaves, going.node)
    _check_nodes(made)
    if fault is not None:
        raise fault
    tops = {level: (first, hashes) for level, first, hashes in made}
    for level, index in merkle.frontier(end):
        first, hashes = tops.get(level, (index + 1, []))
        if index >= first:
            going.open[level, index] = hashes[index - first]
    going.open = {place: going.open[place] for place in merkle.frontier(end)}
    going.checked.entries += end - start
    going.checked.nodes += sum(len(hashes) for _, _, hashes in made)


def _check_nodes(made: list[tuple[int, int, list[bytes]]]) -> None:
    """Rows of the tree are compared whole; where one differs, the node that an entry completes first is named."""
    bad = []
    with connection.cursor() as cursor:
        for level, first, hashes in made:
            cursor.execute(NODES, (level, first, first + len(hashes) - 1))
            held = cursor.fetchall()
            if [value for _, value in held] != hashes:
                stored = {(level, index): value for index, value in held}
                bad.append(
                    invariants.first_bad_node(((level, at, value) for at, value in enumerate(hashes, first)), stored)
                )
    if bad:
        seq, level, index = min(place for place in bad if place is not None)
        raise Fault("I3", _bad_node(level, index), seq=seq)


def _check_row(going: _Pass, row: Row) -> None:
    checked = going.checked
    invariants.check_leaf(row, checked.origin, going.recorded_at)
    going.recorded_at = row.recorded_at
    said = invariants.check_statement(row)
    if row.corrected is not None:
        if row.corrected[0] in going.corrected:
            raise Fault(
                "I7", Text("二度訂正された記録があります。", "it corrects what is corrected already"), seq=row.seq
            )
        going.corrected.add(row.corrected[0])
        checked.corrections += 1
    if said is not None and said["kind"] in OF_SIGNATURES:
        _check_signature(going, row, said)
    if said is None:
        checked.erased += 1
    else:
        checked.statements += 1
        checked.movements += len(row.movements)
    going.annexes.check(row, said)
    if going.balances is not None:
        if said is not None:
            invariants.check_canonical(row, said)
        going.balances.add(row, said)


def _check_signature(going: _Pass, row: Row, said: dict) -> None:
    """A member's signature is by a key that it had enrolled, and of that very entry's statement."""
    try:
        going.keys.read(row.seq, said, _digest_of, what=proofs.entry_name(row.seq))
    except signed_statements.SignatureForged as forged:
        raise Fault("I2", invariants.words(forged), seq=row.seq) from None
    going.checked.signatures = going.keys.count


def _digest_of(seq: int) -> str | None:
    """The digest in an entry's leaf: it stays where the statement is erased."""
    leaf = Entry.objects.filter(pk=seq).values_list("leaf", flat=True).first()
    return canonical.loads(bytes(leaf))["statement_sha256"] if leaf is not None else None


def _check_checkpoint(going: _Pass, row: Checkpoint) -> None:
    invariants.check_checkpoint(
        row.note,
        notes.Checkpoint(going.checked.origin, row.size, bytes(row.root)),
        root=merkle.root_from(row.size, going.node),
        verifier=going.verifier,
        place=_named(row),
        sealed=going.checked.sealed,
    )
    text, _ = notes.parse_note(row.note)
    for cosigned in row.cosignatures.annotate(vkey=_VKEY).order_by("witness_id"):
        if cosigned.vkey is None:
            raise Fault("I11", _NO_WITNESS, place=_named(row))
        invariants.check_cosignature(
            text,
            cosigned.vkey,
            cosigned.time,
            bytes(cosigned.signature),
            recorded_at=going.recorded_at,
            place=_named(row),
        )
        _check_times(row, cosigned)
        going.checked.cosignatures += 1
    _check_place(going, row)
    going.checked.sealed = row.size
    going.checked.checkpoints += 1


def _check_place(going: _Pass, row: Checkpoint) -> None:
    """I1 and I4, of what the note does not say: numbers run from 1 by size, nothing is sealed before its record."""
    if row.number != going.checked.checkpoints + 1:
        raise Fault("I1", _NUMBER, place=_named(row))
    sealed_at = instant_text(row.sealed_at)
    if sealed_at < max(going.recorded_at, going.sealed_at):
        raise Fault("I4", _SEALED, place=_named(row))
    going.sealed_at = sealed_at


def _check_times(row: Checkpoint, cosigned: Cosignature) -> None:
    """I4: a cosignature is of a checkpoint that was sealed, and came in when it had been made; clocks may go wrong."""
    latest = cosigned.time + witnesses.CLOCK_SECONDS_MAX
    if row.sealed_at.timestamp() > latest:
        raise Fault("I4", _SEALED_AFTER, place=_named(row))
    if cosigned.received_at.timestamp() + witnesses.CLOCK_SECONDS_MAX < cosigned.time:
        raise Fault("I4", _RECEIVED, place=_named(row))


def _named(row: Checkpoint) -> Text:
    return Text(f"時点証明 第{row.number}号", f"checkpoint {row.number}")


def _check_none_beyond(size: int) -> None:
    """No checkpoint may count more entries than there are: entries at the end would have been cut off."""
    beyond = Checkpoint.objects.filter(size__gt=size).order_by("size").first()
    if beyond is not None and LogHead.objects.get().size < beyond.size:
        missing = Text(
            f"時点証明 第{beyond.number}号は {beyond.size} 件を数えています。この記録がありません。",
            f"checkpoint {beyond.number} counts {beyond.size} entries; this one is missing",
        )
        raise Fault("I11", missing, seq=size)


def _check_no_stray_rows(going: _Pass) -> None:
    """As many rows beside the entries as were met, so that none stands for no entry."""
    met = {Node: going.checked.nodes, Movement: going.checked.movements, Correction: going.checked.corrections}
    if LogHead.objects.get().size != going.checked.size:
        return  # entries came in meanwhile, and brought rows of their own
    for model, count in met.items():
        if (held := model.objects.count()) != count:
            table = model._meta.db_table
            extra = Text(
                f"{table} に余分な行があります（{held - count}）。", f"{table} holds stray rows ({held - count})"
            )
            raise Fault("I12", extra, place=Text("台帳全体", "the log as a whole"))

    if Cosignature.objects.exclude(checkpoint__in=Checkpoint.objects.all()).exists():
        raise Fault("I12", _NO_CHECKPOINT, place=Text("台帳全体", "the log as a whole"))


def _check_deep(going: _Pass) -> None:
    assert going.balances is not None
    going.checked.blocks = going.balances.finish()
    for check in invariants.DEEP:
        for fault in check():
            raise fault


def _rows(start: int, end: int) -> Iterator[Row]:
    """The entries in order, each with its movements and its correction."""
    for first in range(start, end, SLICE):
        seqs = range(first, min(first + SLICE, end))
        rows = _slice(seqs.start, seqs.stop)
        for seq in seqs:
            if seq not in rows:
                raise Fault("I1", Text("記録がありません。", "the entry is missing"), seq=seq)
            yield rows[seq]


def _slice(start: int, until: int) -> dict[int, Row]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, (start, until))
        rows = {found[0]: _row(*found) for found in cursor.fetchall()}
        cursor.execute(MOVEMENTS, (start, until))
        for seq, movements in groupby(cursor.fetchall(), ENTRY_OF):
            if seq in rows:
                rows[seq].movements = list(movements)
        cursor.execute(CORRECTIONS, (start, until))
        for seq, corrected, id_, kind, member in cursor.fetchall():
            if seq in rows:
                rows[seq].corrected = (corrected, _id(id_), kind, member)
    return rows


def _row(seq: int, id_: str, kind: str, subject: str, member: str, recorded_at: str, leaf, leaf_hash, content) -> Row:
    """A row of ENTRIES with id and time as the leaf writes them."""
    text = _bytes(content) if content is not None else None
    return Row(seq, _id(id_), kind, subject, member, _instant(recorded_at), _bytes(leaf), _bytes(leaf_hash), text)


def _bytes(stored: object) -> bytes:
    """What a column of bytes holds. SQLite lets a text or a number stand there, which is no leaf of ours."""
    if type(stored) is bytes:
        return stored
    return bytes(stored) if isinstance(stored, memoryview) else str(stored).encode()


def _id(stored: str) -> str:
    """A stored id as the leaf writes it: SQLite holds its 32 digits."""
    if len(stored) != 32:
        return stored
    return f"{stored[:8]}-{stored[8:12]}-{stored[12:16]}-{stored[16:20]}-{stored[20:]}"


@lru_cache(maxsize=1024)
def _instant(recorded_at: str) -> str:
    """A stored time as the leaf writes it; one that is not whole seconds fits no leaf."""
    whole = recorded_at[19:] in {"", "+00"}
    return f"{recorded_at[:10]}T{recorded_at[11:19]}Z" if whole else recorded_at


def _beyond(size: int) -> Text:
    return Text(
        f"台帳の先頭は {size} 件と記していますが、この記録が存在します。",
        f"the head counts {size} entries, but this one is there",
    )


def _bad_node(level: int, index: int) -> Text:
    return Text(f"ハッシュ木の節（{level}, {index}）が一致しません。", f"node ({level}, {index}) of the tree differs")
