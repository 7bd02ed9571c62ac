"""The log over the journal: founding it, sealing checkpoints, and changing its key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from contributions.adapters import keys
from contributions.core import merkle, notes, rotations
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Checkpoint, KeyRotation, LogHead, posting
from contributions.selectors import log as read
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
    last = KeyRotation.objects.order_by("-seq").first()
    return keys.log_signer(_folder(), LogHead.objects.get().origin, last.new if last else None)


def ring(given: notes.Verifier | None = None) -> notes.KeyRing:
    """Every key that the log has had: what its own checkpoints are checked by.

    From a key that somebody brings, the changes are followed only as far as both keys have signed them.
    """
    changes = read.key_changes()
    if given is None:
        return rotations.ring(signer().verifier, changes)
    if given not in {key for change in changes for key in (change.old, change.new)}:
        return notes.KeyRing(((0, given),))
    handed = read.handovers()
    for change in changes:
        rotations.check_signed(change, handed.get(change.start, ""))
    return rotations.ring(given, changes)


@transaction.atomic
def rotate(*, by: Viewer, at: datetime) -> Checkpoint:
    """Change the log's key: an entry names both, the next checkpoint bears both, and the old private half is deleted.

    All in one transaction under the head's lock, so that no checkpoint lies between.
    """
    check_may(by, "key.rotate")
    head = LogHead.objects.select_for_update().get()
    if head.size == 0:
        raise NothingToSeal
    last = KeyRotation.objects.order_by("-seq").first()
    old, new = signer(), keys.new_log_signer(_folder(), head.origin)
    stated = rotations.facts(head.size, old.verifier, new.verifier)
    entry = journal.append("key.rotated", subject="log:key", facts=stated, by=by, at=at)
    KeyRotation.objects.create(seq=entry.seq, old=old.verifier.vkey, new=new.verifier.vkey)
    held_under = last.new if last else None
    transaction.on_commit(lambda: keys.destroy(_folder(), head.origin, held_under))
    return _sealed(entry.seq + 1, head.origin, [new, old], at=entry.recorded_at)


@transaction.atomic
def seal(*, by: Viewer, at: datetime) -> Checkpoint:
    """Sign the size and root of the log as they stand; the present checkpoint if nothing was added."""
    check_may(by, "log.seal")
    head = LogHead.objects.select_for_update().get()
    if head.size == 0:
        raise NothingToSeal
    if (sealed := Checkpoint.objects.filter(size=head.size).first()) is not None:
        return sealed
    return _sealed(head.size, head.origin, [signer()], at=max(at, head.recorded_at))


def _sealed(size: int, origin: str, signers: list[notes.Signer], *, at: datetime) -> Checkpoint:
    """A checkpoint, sealed after what it counts and after the one before, even where a clock was set back."""
    root = root_at(size)
    note = notes.sign(notes.Checkpoint(origin, size, root).text(), *signers)
    # Under the head's lock, so that the numbers people quote have no gap; a database's own sequence leaves some.
    last = Checkpoint.objects.order_by("-number").first()
    number, at = (last.number + 1, max(at, last.sealed_at)) if last else (1, at)
    return Checkpoint.objects.create(
        number=number, size=size, root=root, note=note, sealed_at=at.replace(microsecond=0)
    )


def _folder() -> Path:
    return Path(settings.MOYAI_HOME) / "keys"


def root_at(size: int) -> bytes:
    """The root of the first `size` leaves, folded from stored subtrees."""
    hashes = posting.nodes_at(merkle.frontier(size))
    return merkle.root_from(size, lambda level, index: hashes[level, index])
