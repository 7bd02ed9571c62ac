"""The log: its head, checkpoints and proofs. Hash material is public; entries are not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db.models import Q, QuerySet

from contributions.core import canonical, merkle, notes, proofs
from contributions.models import Checkpoint, Entry, LogHead, Node


def head() -> LogHead | None:
    """The head of the log, or none before it is founded."""
    return LogHead.objects.first()


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


def covering(seq: int) -> Checkpoint | None:
    """The oldest checkpoint that counts entry number `seq`."""
    return Checkpoint.objects.filter(size__gt=seq).order_by("size").first()


def leaves(size: int) -> list[bytes]:
    """The first `size` leaves, in order."""
    return [bytes(leaf) for leaf in Entry.objects.filter(seq__lt=size).order_by("seq").values_list("leaf", flat=True)]


def proof_for(seq: int, checkpoint: Checkpoint) -> str:
    """The proof of one entry as a C2SP tlog-proof file; its hashes come in one query."""
    hashes = _nodes(merkle.inclusion_nodes(seq, checkpoint.size))
    signed = notes.Checkpoint(head().origin, checkpoint.size, bytes(checkpoint.root))
    return proofs.prove(seq, signed, checkpoint.note, lambda level, index: hashes[level, index]).text()


def _nodes(wanted) -> dict[tuple[int, int], bytes]:
    where = Q(pk__in=[])
    for level in {level for level, _ in wanted}:
        where |= Q(level=level, index__in=[index for at_level, index in wanted if at_level == level])
    return {(node.level, node.index): bytes(node.hash) for node in Node.objects.filter(where)}


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
