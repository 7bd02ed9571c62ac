"""The log: its head, checkpoints and proofs. Hash material is public; entries are not."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contributions.core import merkle, notes, proofs
from contributions.models import Checkpoint, Entry, LogHead, Node


def head() -> LogHead | None:
    """The head of the log, or none before it is founded."""
    return LogHead.objects.first()


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
