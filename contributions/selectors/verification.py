"""Recomputing the whole log from its stored bytes: every leaf, statement, movement and node, and every checkpoint.

One pass in the log's order and in bounded memory; it stops at the first fault and names its place. Nothing that the
database says about an entry is taken on trust: columns are copies, and each is compared with the bytes it was copied
from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Max

from contributions.core import merkle, notes, proofs
from contributions.core.errors import Refused
from contributions.core.periods import instant_text
from contributions.core.words import Text
from contributions.models import Checkpoint, Entry, LogHead, Movement, Node
from contributions.selectors.kinds import known as kinds_known

CHUNK = 1000
Place = tuple[int, int]


class Fault(Refused):
    """The first place at which the log is not what it says it is; `seq` is the entry's index where one is known."""

    code = "log-fault"
    ja = "{place}：{what}"
    en = "{place}: {what}"

    def __init__(self, what: Text, *, seq: int | None = None, place: Text | None = None) -> None:
        self.seq = seq
        super().__init__(what=what, place=place or proofs.entry_name(seq if seq is not None else 0))


@dataclass(slots=True)
class Checked:
    """What was looked at, and the first fault, if there was one."""

    origin: str
    size: int = 0
    entries: int = 0
    statements: int = 0
    erased: int = 0
    movements: int = 0
    nodes: int = 0
    checkpoints: int = 0
    sealed: int = 0
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
    open: dict[Place, bytes] = field(default_factory=dict)
    recorded_at: str = ""


def check_log(verifier: notes.Verifier, *, progress: Callable[[int, int], None] | None = None) -> Checked:
    """Recompute everything, under the log's public key."""
    last = Entry.objects.aggregate(last=Max("seq"))["last"]  # before the head: the head only grows
    head = LogHead.objects.get()
    checked = Checked(head.origin, size=head.size)
    going = _Pass(checked, verifier)
    try:
        if last is not None and last >= head.size:
            raise Fault(
                Text(
                    f"台帳の先頭は {head.size} 件と記していますが、この記録が存在します。",
                    f"the head counts {head.size} entries, but this one is there",
                ),
                seq=head.size,
            )
        checkpoints = {row.size: row for row in Checkpoint.objects.filter(size__lte=head.size)}
        for start in range(0, head.size, CHUNK):
            _check_chunk(going, start, min(start + CHUNK, head.size), checkpoints)
            if progress is not None:
                progress(checked.entries, checked.size)
        _check_none_beyond(head.size)
        checked.root = merkle.root_from(head.size, _reader(going)) if head.size else merkle.EMPTY_ROOT
    except Fault as fault:
        checked.fault = fault
    return checked


def _check_chunk(going: _Pass, start: int, until: int, checkpoints: dict[int, Checkpoint]) -> None:
    entries = Entry.objects.filter(seq__gte=start, seq__lt=until).select_related("statement").order_by("seq")
    found = {entry.seq: entry for entry in entries}
    stored = _stored_nodes(start, until)
    movements = _movements(start, until)
    for seq in range(start, until):
        entry = found.get(seq)
        if entry is None:
            raise Fault(Text("記録がありません。", "the entry is missing"), seq=seq)
        _check_entry(going, entry, movements.get(seq, []))
        _check_nodes(going, entry, stored)
        going.checked.entries += 1
        if (checkpoint := checkpoints.get(seq + 1)) is not None:
            _check_checkpoint(going, checkpoint)


def _check_entry(going: _Pass, entry: Entry, movements: list[list[str]]) -> None:
    try:
        leaf = proofs.read_leaf(bytes(entry.leaf), origin=going.checked.origin, seq=entry.seq)
    except Refused as refusal:
        raise Fault(_words(refusal), seq=entry.seq) from None
    if (str(leaf.id), leaf.recorded_at) != (str(entry.id), instant_text(entry.recorded_at)):
        raise Fault(Text("識別子または記録時刻が原本と異なります。", "id or time differ from the leaf"), seq=entry.seq)
    if leaf.recorded_at < going.recorded_at:
        raise Fault(Text("前の記録より早い時刻です。", "recorded before the one it follows"), seq=entry.seq)
    going.recorded_at = leaf.recorded_at
    statement = getattr(entry, "statement", None)
    if statement is None:
        if movements:
            raise Fault(
                Text("数量の移動がある記録内容が失われています。", "its statement is gone, its movements are not"),
                seq=entry.seq,
            )
        going.checked.erased += 1
        return
    _check_statement(going, entry, leaf, bytes(statement.content), movements)


def _check_statement(going: _Pass, entry: Entry, leaf: proofs.Leaf, content: bytes, movements: list[list[str]]) -> None:
    try:
        proofs.check_statements({entry.seq: leaf}, {entry.seq: content})
        said = proofs.read_statement(content, seq=entry.seq, kinds=kinds_known)
    except Refused as refusal:
        raise Fault(_words(refusal), seq=entry.seq) from None
    if (said["kind"], said["subject"], said["member"] or "") != (entry.kind, entry.subject, entry.member):
        raise Fault(
            Text("種別・対象・会員の写しが記録内容と異なります。", "kind, subject or member differ from the statement"),
            seq=entry.seq,
        )
    if said["movements"] != movements:
        raise Fault(
            Text("数量の移動の写しが記録内容と異なります。", "the movements differ from the statement"), seq=entry.seq
        )
    going.checked.statements += 1
    going.checked.movements += len(movements)


def _check_nodes(going: _Pass, entry: Entry, stored: dict[Place, bytes]) -> None:
    """The leaf's hash, and that of each subtree which the leaf completes, are those that are stored."""
    leaf = merkle.leaf_hash(bytes(entry.leaf))
    if leaf != bytes(entry.leaf_hash):
        raise Fault(
            Text("原本が記録時のハッシュと一致しません。", "the leaf does not have its recorded hash"), seq=entry.seq
        )
    made = merkle.new_nodes(entry.seq, leaf, lambda level, index: going.open.pop((level, index)))
    for level, index, value in made:
        if stored.get((level, index)) != value:
            raise Fault(
                Text(
                    f"ハッシュ木の節（{level}, {index}）が一致しません。",
                    f"node ({level}, {index}) of the tree differs",
                ),
                seq=entry.seq,
            )
    top_level, top_index, top = made[-1]
    going.open[top_level, top_index] = top
    going.checked.nodes += len(made)


def _check_checkpoint(going: _Pass, row: Checkpoint) -> None:
    place = Text(f"時点証明 第{row.number}号", f"checkpoint {row.number}")
    root = merkle.root_from(row.size, _reader(going))
    try:
        signed = notes.open_checkpoint(row.note, going.verifier)
    except Refused as refusal:
        raise Fault(_words(refusal), place=place) from None
    if (signed.origin, signed.size, signed.root) != (going.checked.origin, row.size, bytes(row.root)):
        raise Fault(Text("署名された内容と異なります。", "it is not what was signed"), place=place)
    if signed.root != root:
        between = Text(
            f"記録 {going.checked.sealed} から {row.size - 1} までのいずれかが、署名の後に変わっています。",
            f"an entry from {going.checked.sealed} to {row.size - 1} has changed since it was signed",
        )
        raise Fault(between, seq=going.checked.sealed, place=place)
    going.checked.sealed = row.size
    going.checked.checkpoints += 1


def _check_none_beyond(size: int) -> None:
    """No checkpoint may count more entries than there are: entries at the end would have been cut off."""
    beyond = Checkpoint.objects.filter(size__gt=size).order_by("size").first()
    if beyond is not None and LogHead.objects.get().size < beyond.size:
        raise Fault(
            Text(
                f"時点証明 第{beyond.number}号は {beyond.size} 件を数えています。この記録がありません。",
                f"checkpoint {beyond.number} counts {beyond.size} entries; this one is missing",
            ),
            seq=size,
        )


def _stored_nodes(start: int, until: int) -> dict[Place, bytes]:
    """The stored hashes of all subtrees that leaves `start` … `until` − 1 complete, one query a level."""
    stored: dict[Place, bytes] = {}
    for level in range(until.bit_length()):
        rows = Node.objects.filter(level=level, index__gte=start >> level, index__lte=(until - 1) >> level)
        stored.update({(level, index): bytes(value) for index, value in rows.values_list("index", "hash")})
    return stored


def _movements(start: int, until: int) -> dict[int, list[list[str]]]:
    rows = Movement.objects.filter(entry_id__gte=start, entry_id__lt=until).order_by("pk")
    found: dict[int, list[list[str]]] = defaultdict(list)
    for seq, account, unit, amount in rows.values_list("entry_id", "account", "unit", "amount"):
        found[seq].append([account, unit, str(amount)])
    return found


def _reader(going: _Pass) -> merkle.NodeAt:
    return lambda level, index: going.open[level, index]


def _words(refusal: Refused) -> Text:
    return Text(refusal.text("ja"), refusal.text("en"))
