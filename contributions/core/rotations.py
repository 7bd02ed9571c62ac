"""A log changes its key without losing its readers: the old key hands over to the new one, in the log itself.

An entry `key.rotated` names both keys. The next checkpoint, which is the first to count that entry, bears both
signatures; every later one only the new key's. So whoever trusts the old key finds, under the old key's own signature,
which key comes next; and whoever is given the new key needs nothing else. A retired key that signs again is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contributions.core import merkle, notes
from contributions.core.errors import Refused
from contributions.core.notes import Checkpoint, KeyRing, Verifier
from contributions.core.proofs import entry_name

KIND = "key.rotated"


class RetiredKey(Refused):
    code = "retired-key"
    ja = "この鍵は台帳記録 第 {seq} 号で交替しており、その後の署名は認められません。"
    en = "This key was replaced in entry {seq}; what it signed after that is not accepted."


class RotationForged(Refused):
    code = "rotation-forged"
    ja = "鍵の交替（{what}）に、前の鍵と後の鍵の両方による正しい引継ぎの署名がありません。"
    en = "The change of keys ({what}) is not handed over by good signatures of both the old key and the new one."


@dataclass(frozen=True, slots=True)
class Rotation:
    """One change of keys: the entry, both keys, and the smallest size that the new key signs."""

    seq: int
    old: Verifier
    new: Verifier

    @property
    def start(self) -> int:
        """The new key signs checkpoints of so many entries or more."""
        return self.seq + 1


def facts(seq: int, old: Verifier, new: Verifier) -> dict[str, Any]:
    """What the entry states; `from` is the size of the first checkpoint that the new key signs."""
    return {"old": old.vkey, "new": new.vkey, "from": seq + 1}


def read(statements: Iterable[tuple[int, Mapping[str, Any]]], *, origin: str) -> list[Rotation]:
    """The changes of keys that statements tell, in order; each must take up the key that the last one left."""
    found: list[Rotation] = []
    for seq, stated in statements:
        try:
            one = Rotation(seq, Verifier.parse(stated["old"]), Verifier.parse(stated["new"]))
            sound = stated["from"] == one.start and one.old.name == one.new.name == origin and one.old != one.new
        except (Refused, KeyError, AttributeError, TypeError):
            sound = False
        if not sound or (found and one.old != found[-1].new):
            raise RotationForged(what=entry_name(seq))
        found.append(one)
    return found


def ring(present: Verifier, rotations: Sequence[Rotation]) -> KeyRing:
    """Every key of the log with the size from which on it signs; `present` alone where the key never changed."""
    if not rotations:
        return KeyRing(((0, present),))
    return KeyRing(((0, rotations[0].old), *((one.start, one.new) for one in rotations)))


def check_handover(rotation: Rotation, note: str, hashes: Sequence[bytes]) -> Checkpoint:
    """The first checkpoint after a change of keys: by both keys, and over the very entries that are here."""
    checkpoint = check_signed(rotation, note)
    held = hashes[: checkpoint.size]
    if len(held) != checkpoint.size or merkle.root(held) != checkpoint.root:
        raise RotationForged(what=entry_name(rotation.seq))
    return checkpoint


def check_signed(rotation: Rotation, note: str) -> Checkpoint:
    """The first checkpoint after a change of keys, if both keys have signed it and no entry lies between."""
    try:
        checkpoint = notes.open_checkpoint(note, rotation.old)
        same = notes.open_checkpoint(note, rotation.new) == checkpoint
    except Refused:
        raise RotationForged(what=entry_name(rotation.seq)) from None
    if not same or checkpoint.size != rotation.start:
        raise RotationForged(what=entry_name(rotation.seq))
    return checkpoint


def successor(given: Verifier, rotations: Sequence[Rotation]) -> Verifier:
    """The key that the given one has come to by these changes; itself where it is the last, or none of them."""
    for rotation in rotations:
        if rotation.old == given:
            given = rotation.new
    return given


def retired(key_hash: bytes, rotations: Sequence[Rotation], *, size: int) -> Rotation | None:
    """The change that retired the key of that hash by that size, if there was one and it never came back."""
    by = [one for one in rotations if one.start <= size]
    former = {one.old.key_hash: one for one in by}
    return former.get(key_hash) if by and by[-1].new.key_hash != key_hash else None
