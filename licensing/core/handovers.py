"""Which key a bundle's log has come to: from the key one holds, along the changes of keys that the log itself tells.

A full bundle carries the first checkpoint after each change, signed by both keys. Whoever holds an older key follows
from it to the present one; whoever holds the present one has nothing to follow. Nothing is taken on trust: each step
stands on a signature by the key before, over the very entries of the bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contributions.core import canonical, merkle, rotations
from contributions.core.errors import Refused
from contributions.core.notes import Signature, Verifier
from contributions.core.rotations import RetiredKey, Rotation, RotationForged
from contributions.core.words import Text
from licensing.core import bundles
from licensing.core.bundles import MissingName, UnlistedName
from licensing.core.full_bundles import leaf_hashes

_MARK = b'"kind":"key.rotated"'


def told(files: Mapping[str, bytes], origin: str) -> list[Rotation]:
    """The changes of keys that a full bundle's statements tell; none for a bundle that holds no statements."""
    content = files.get("statements.jsonl", b"")
    return rotations.read(_stated(content), origin=origin) if _MARK in content else []


def follow(files: Mapping[str, bytes], verifier: Verifier, origin: str) -> Verifier:
    """The key that the given one has come to, by the changes that a bundle tells and proves; itself where none."""
    found = told(files, origin) if {"leaves.jsonl", "hashes.txt"} <= set(files) else []
    if not found:
        return verifier
    check(files, found, leaf_hashes(files))
    return rotations.successor(verifier, found)


def check(files: Mapping[str, bytes], found: list[Rotation], hashes: list[bytes]) -> None:
    """Each change is handed over by both keys, over the entries that are here, and its statement is the leaf's own."""
    lines = [bundles.lines_of(files[name]) for name in ("leaves.jsonl", "statements.jsonl")]
    for rotation in found:
        name = bundles.handover(rotation.start)
        if name not in files:
            raise MissingName(names=name)
        rotations.check_handover(rotation, files[name].decode("utf-8", "replace"), hashes)
        leaf, statement = (each[rotation.seq] if rotation.seq < len(each) else b"" for each in lines)
        if merkle.leaf_hash(leaf) != hashes[rotation.seq] or canonical.sha256_hex(statement).encode() not in leaf:
            raise RotationForged(what=name)


def unlisted(files: Mapping[str, bytes], found: list[Rotation]) -> None:
    """Refuse a handover of a change that the log does not tell."""
    wanted = {bundles.handover(rotation.start) for rotation in found}
    extra = {name for name in files if name.startswith("rotations/")} - wanted
    if extra:
        raise UnlistedName(names=", ".join(sorted(extra)[:5]))


def check_not_retired(found: list[Rotation], signatures: list[Signature]) -> None:
    """Refuse what only a key that these changes retired has signed."""
    for line in signatures:
        rotation = rotations.retired(line.key_hash, found, size=found[-1].start) if found else None
        if rotation is not None:
            raise RetiredKey(seq=rotation.seq)


def said(found: list[Rotation]) -> Text:
    """What a verdict says about the changes that were followed."""
    entries = ", ".join(str(rotation.seq) for rotation in found)
    return Text(
        f"台帳の鍵の交替（台帳記録 第 {entries} 号）：前の鍵と後の鍵の双方の署名による引継ぎ",
        f"the changes of the log’s key (entries {entries}), each handed over under both keys",
    )


def _stated(content: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for seq, line in enumerate(bundles.lines_of(content)):
        if _MARK not in line:
            continue
        try:
            statement = canonical.loads(line)
        except Refused:
            continue  # the log's own check will say what is wrong with it
        if isinstance(statement, dict) and statement.get("kind") == rotations.KIND:
            facts = statement.get("facts")
            yield seq, facts if isinstance(facts, dict) else {}
