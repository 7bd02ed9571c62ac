"""The log: its head, checkpoints and proofs. Hash material is public; entries are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q, QuerySet

from contributions.core import canonical, merkle, notes, proofs, rotations, tiles, witnessing
from contributions.core.periods import day_after
from contributions.core.roles import SYSTEM, Viewer
from contributions.models import Checkpoint, Entry, KeyRotation, LogHead, Node, posting

# A query names two parameters a node, and databases bound their number.
NODES_AT_ONCE = 4_000


def head() -> LogHead | None:
    """The head of the log, or none before it is founded."""
    return LogHead.objects.first()


def sees_live(viewer: Viewer | None) -> bool:
    """Whether somebody may watch the log grow: when others record something, and how much, is theirs to know alone."""
    return viewer is not None and (viewer.workplace == SYSTEM or (viewer.is_office and not viewer.barred))


def sealed_head() -> LogHead | None:
    """The head as the newest checkpoint has it, which anybody may see."""
    found, sealed = head(), latest()
    if found is not None:
        last = Entry.objects.filter(pk=sealed.size - 1).first() if sealed else None
        found.size, found.recorded_at = (sealed.size, last.recorded_at) if sealed and last else (0, None)
    return found


@dataclass(frozen=True, slots=True)
class Installation:
    """Whose ledger this is, as entry 0 says."""

    name_ja: str
    name_en: str
    legal_form: str
    demo: bool


def installation() -> Installation | None:
    """The installation, or none before the ledger is founded."""
    found = head()
    return _founded(found.origin) if found is not None else None


@cache
def _founded(_origin: str) -> Installation:
    """Read once for each log: entry 0 never changes."""
    facts = canonical.loads(bytes(Entry.objects.select_related("statement").get(pk=0).statement.content))["facts"]
    return Installation(facts["name"]["ja"], facts["name"]["en"], facts["legal_form"], facts["demo"])


def checkpoints() -> QuerySet[Checkpoint]:
    """Every signed checkpoint, newest first."""
    return Checkpoint.objects.all()


def latest() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.first()


def covering(seq: int, *, key_at: int | None = None) -> Checkpoint | None:
    """The oldest checkpoint that counts entry number `seq` and that the log's present key has signed.

    `key_at` asks for the key that signed when the log had so many entries, for what was signed beside it then.
    """
    return Checkpoint.objects.filter(size__gt=seq, size__gte=key_from(key_at)).order_by("size").first()


def size_on(day: date) -> int:
    """How many entries had been recorded when that day was over, in Japan."""
    return Entry.objects.filter(recorded_at__lt=day_after(day)).count()


def key_changes() -> list[rotations.Rotation]:
    """Every change of the log's key, in order."""
    return [
        rotations.Rotation(row.seq, notes.Verifier.parse(row.old), notes.Verifier.parse(row.new))
        for row in KeyRotation.objects.all()
    ]


def key_from(size: int | None = None) -> int:
    """The size of the first checkpoint that the present key signed, or the key of that size; 0 for the first key."""
    rows = KeyRotation.objects.order_by("-seq")
    last = (rows if size is None else rows.filter(seq__lt=size)).first()
    return last.seq + 1 if last is not None else 0


def handovers() -> dict[int, str]:
    """The first checkpoint after each change of keys, by its size: the note that both keys signed."""
    starts = [row.start for row in key_changes()]
    return {row.size: row.note for row in Checkpoint.objects.filter(size__in=starts)}


def leaves(size: int) -> list[bytes]:
    """The first `size` leaves, in order."""
    return [bytes(leaf) for leaf in Entry.objects.filter(seq__lt=size).order_by("seq").values_list("leaf", flat=True)]


def proof_for(seq: int, checkpoint: Checkpoint, note: str | None = None) -> str:
    """The proof of one entry as a C2SP tlog-proof file; its hashes come in one query.

    `note` is the checkpoint's with its cosignatures, where they are to stand in the file.
    """
    hashes = posting.nodes_at(merkle.inclusion_nodes(seq, checkpoint.size))
    return proofs.prove(seq, checkpoint.size, note or checkpoint.note, lambda *place: hashes[place]).text()


def proofs_for(seqs: Sequence[int], checkpoint: Checkpoint, note: str) -> dict[int, str]:
    """The proofs of many entries under one note, their hashes fetched some thousand at a time."""
    wanted = sorted({place for seq in seqs for place in merkle.inclusion_nodes(seq, checkpoint.size)})
    hashes: dict[tuple[int, int], bytes] = {}
    for start in range(0, len(wanted), NODES_AT_ONCE):
        hashes |= posting.nodes_at(wanted[start : start + NODES_AT_ONCE])
    return {seq: proofs.prove(seq, checkpoint.size, note, lambda *place: hashes[place]).text() for seq in seqs}


def path_of(seq: int, checkpoint: Checkpoint) -> list[tuple[tuple[int, int], bytes]]:
    """What the proof of an entry consists of: the entries that each hash stands for, and the hash, leaf upwards."""
    hashes = posting.nodes_at(merkle.inclusion_nodes(seq, checkpoint.size))
    found = merkle.inclusion_proof(seq, checkpoint.size, lambda level, index: hashes[level, index])
    return list(zip(merkle.inclusion_ranges(seq, checkpoint.size), found, strict=True))


def consistency(old: int, checkpoint: Checkpoint, note: str | None = None) -> witnessing.Request:
    """The proof that the first `old` entries are a beginning of a checkpoint's, as a witness is handed it."""
    proof: list[bytes] = []
    if old:
        hashes = posting.nodes_at(merkle.consistency_nodes(old, checkpoint.size))
        proof = merkle.consistency_proof(old, checkpoint.size, lambda level, index: hashes[level, index])
    return witnessing.Request(old, tuple(proof), note or checkpoint.note)


def tile(asked: tiles.Tile, size: int) -> bytes:
    """The bytes of a tile of the tree of that size: hashes, or the leaves themselves where no level is named."""
    tiles.check_in(asked, size)
    span = {"gte": asked.start, "lt": asked.start + asked.width}
    if asked.level is None:
        rows = Entry.objects.filter(**{f"seq__{name}": at for name, at in span.items()}).order_by("seq")
        return tiles.entry_bundle(bytes(leaf) for leaf in rows.values_list("leaf", flat=True))
    nodes = Node.objects.filter(level=asked.node_level, **{f"index__{name}": at for name, at in span.items()})
    found = b"".join(bytes(value) for value in nodes.order_by("index").values_list("hash", flat=True))
    assert len(found) == asked.width * merkle.HASH_SIZE, "a stored node is missing"
    return found


def heads() -> QuerySet[LogHead]:
    """The head as a query: one row, or none before the log is founded."""
    return LogHead.objects.all()


def before(checkpoint: Checkpoint) -> Checkpoint | None:
    """The checkpoint before this one."""
    return Checkpoint.objects.filter(size__lt=checkpoint.size).order_by("-size").first()


def matching(query: str) -> QuerySet[Checkpoint]:
    """Checkpoints of that number or size, or whose root begins with those digits."""
    digits = query.replace(",", "")
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        return Checkpoint.objects.filter(Q(number=int(digits)) | Q(size=int(digits)))
    text = query.lower()
    if 8 <= len(text) <= 64 and all(digit in "0123456789abcdef" for digit in text):
        first, last = bytes.fromhex(text.ljust(64, "0")), bytes.fromhex(text.ljust(64, "f"))
        return Checkpoint.objects.filter(root__gte=first, root__lte=last)
    return Checkpoint.objects.none()
