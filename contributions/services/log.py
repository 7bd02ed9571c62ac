"""The log over the journal: founding it, sealing checkpoints, and checking it whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from contributions.adapters import keys
from contributions.core import merkle, notes
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Checkpoint, LogHead, Node
from contributions.services import journal


class AlreadyFounded(Refused):
    code = "already-founded"
    ja = "この台帳はすでに開設されています（{origin}）。"
    en = "This ledger has been founded already ({origin})."


class NothingToSeal(Refused):
    code = "nothing-to-seal"
    ja = "台帳に記録がまだありません。"
    en = "The ledger has no entry yet."


@transaction.atomic
def found(*, name: dict, legal_form: str, demo: bool, by: Viewer, at: datetime, installation: UUID | None = None):
    """Open the ledger: entry 0 names the installation for good."""
    if (head := LogHead.objects.first()) is not None:
        raise AlreadyFounded(origin=head.origin)
    installation = installation or uuid4()
    origin = f"{settings.MOYAI_HOST}/{installation}/ledger"
    LogHead.objects.create(origin=origin, installation=installation, demo=demo)
    return journal.append(
        "installation.founded",
        subject=f"installation:{installation}",
        facts={"installation": str(installation), "demo": demo, "name": name, "legal_form": legal_form},
        by=by,
        at=at,
    )


def signer() -> notes.Signer:
    """The log's signing key, from the installation's own folder."""
    return keys.log_signer(Path(settings.MOYAI_HOME) / "keys", LogHead.objects.get().origin)


@transaction.atomic
def seal(*, by: Viewer, at: datetime) -> Checkpoint:
    """Sign the size and root of the log as they stand; the present checkpoint if nothing was added."""
    check_may(by, "log.seal")
    head = LogHead.objects.select_for_update().get()
    if head.size == 0:
        raise NothingToSeal
    if (sealed := Checkpoint.objects.filter(size=head.size).first()) is not None:
        return sealed
    root = root_at(head.size)
    note = notes.sign(notes.Checkpoint(head.origin, head.size, root).text(), signer())
    # Under the head's lock, so that the numbers people quote have no gap; a database's own sequence leaves some.
    number = (Checkpoint.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    sealed_at = at.replace(microsecond=0)
    return Checkpoint.objects.create(number=number, size=head.size, root=root, note=note, sealed_at=sealed_at)


def root_at(size: int) -> bytes:
    """The root of the first `size` leaves, folded from stored subtrees."""
    hashes = nodes_at(merkle.frontier(size))
    return merkle.root_from(size, lambda level, index: hashes[level, index])


def nodes_at(wanted: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Stored subtree hashes by place, in one query."""
    found_nodes = Node.objects.none()
    for level in sorted({level for level, _ in wanted}):
        indexes = [index for at_level, index in wanted if at_level == level]
        found_nodes = found_nodes | Node.objects.filter(level=level, index__in=indexes)
    return {(node.level, node.index): bytes(node.hash) for node in found_nodes}
