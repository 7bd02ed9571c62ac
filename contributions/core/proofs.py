"""Checking the log from outside: leaves, statements, order, number, and the root that a checkpoint signs.

Everything here works on stored bytes. An entry is two documents: the *leaf*, which the tree hashes, and the
*statement*, whose SHA-256 stands in the leaf. What goes wrong is told apart, because it means different things: fewer
entries than the checkpoint counts, entries in another order, an entry whose bytes differ, a kind nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contributions.core import canonical, corrections, merkle
from contributions.core.errors import Refused
from contributions.core.kinds import Kind, MissingFacts, check
from contributions.core.notes import Checkpoint, decimal, decode64, encode64
from contributions.core.periods import instant_from, instant_text
from contributions.core.words import Text

LEAF_BYTES_MAX = 65_535
STATEMENT_BYTES_MAX = 4 * 1024 * 1024
# How many pairs of entries of one second are tried for a swap, before a changed log is called altered.
SWAPS_TRIED_MAX = 100_000
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_LEAF = {"v", "log", "id", "recorded_at", "statement_sha256"}
_STATEMENT = {"v", "kind", "nonce", "subject", "member", "by", "effective", "movements", "facts", "annexes", "corrects"}
_HEX64 = re.compile(r"[0-9a-f]{64}\Z")
_AMOUNT = re.compile(r"-?[1-9][0-9]{0,30}\Z|0\Z")


class Truncated(Refused):
    code = "truncated"
    ja = "時点証明は {counted} 件を数えていますが、{held} 件しかありません。"
    en = "The checkpoint counts {counted} entries, but only {held} are here."


class Reordered(Refused):
    code = "reordered"
    ja = "台帳記録の順序が入れ替わっています（最初の箇所：第 {seq} 号）。"
    en = "Entries stand in another order (first at entry {seq})."


class Altered(Refused):
    code = "altered"
    ja = "内容が変わっています：{what}。"
    en = "The content has changed: {what}."


class Malformed(Refused):
    code = "malformed"
    ja = "形式が正しくありません：{what}（{reason}）。"
    en = "It is ill-formed: {what} ({reason})."


def entry_name(seq: int) -> Text:
    """How messages name an entry."""
    return Text(f"台帳記録 第 {seq} 号", f"entry {seq}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the tree commits to: which entry, when, and the digest of what it says."""

    id: UUID
    recorded_at: str
    statement_sha256: str


def read_leaf(data: bytes, *, origin: str, seq: int) -> Leaf:
    """The leaf of that log, or a refusal that names the entry."""
    value = _document(data, _LEAF, LEAF_BYTES_MAX, seq)
    try:
        found = Leaf(UUID(value["id"]), value["recorded_at"], value["statement_sha256"])
        sound = (
            value["v"] == 1
            and value["log"] == origin
            and str(found.id) == value["id"]
            and instant_text(instant_from(found.recorded_at)) == found.recorded_at
            and _HEX64.match(found.statement_sha256)
        )
    except (ValueError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise Malformed(what=entry_name(seq), reason=Text("記録の項目が正しくありません", "a field of the leaf"))
    return found


def read_statement(data: bytes, *, seq: int, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The statement, of a known kind, with its facts complete and its movements balanced."""
    value = _document(data, None, STATEMENT_BYTES_MAX, seq)
    facts = value.get("facts")
    try:
        check(str(value.get("kind")), facts if isinstance(facts, dict) else {}, kinds)
    except MissingFacts as missing:
        raise Malformed(what=entry_name(seq), reason=Text(missing.text("ja"), missing.text("en"))) from None
    if not is_statement(value) or not _balanced(value["movements"]):
        raise Malformed(
            what=entry_name(seq), reason=Text("記録内容の項目が正しくありません", "a field of the statement")
        )
    return value


def check_log(
    leaves: Sequence[bytes],
    statements: Sequence[bytes | None],
    checkpoint: Checkpoint,
    *,
    kinds: Mapping[str, Kind],
    hashes: Sequence[bytes] = (),
) -> list[dict[str, Any] | None]:
    """Check all entries that a checkpoint counts, and return their statements (None where one was erased).

    `hashes` are the leaf hashes in order, as a bundle carries them: when they lead to the checkpoint's root they say
    exactly which leaf differs or moved. Order: number, order, bytes, root, then what the statements say.
    """
    found = [merkle.leaf_hash(leaf) for leaf in leaves]
    if (held := min(len(leaves), len(statements))) < checkpoint.size:
        _check_known(leaves, found, statements, hashes)
        raise Truncated(counted=checkpoint.size, held=held)
    if max(len(leaves), len(statements)) > checkpoint.size:
        raise Altered(what=Text("時点証明より多い記録があります", "there are more entries than the checkpoint counts"))
    if merkle.root(found) != checkpoint.root:
        raise _misplaced(leaves, found, hashes, checkpoint)
    read = [read_leaf(leaf, origin=checkpoint.origin, seq=seq) for seq, leaf in enumerate(leaves)]
    _check_sequence(read)
    check_statements(dict(enumerate(read)), dict(enumerate(statements)))
    said = [
        None if statement is None else read_statement(statement, seq=seq, kinds=kinds)
        for seq, statement in enumerate(statements)
    ]
    _check_corrections(read, said)
    return said


def check_statements(leaves: Mapping[int, Leaf], statements: Mapping[int, bytes | None]) -> None:
    """Each statement is the one whose digest its leaf holds; a moved one is told from a changed one."""
    wanted = {leaf.statement_sha256 for leaf in leaves.values()}
    for seq, leaf in leaves.items():
        statement = statements[seq]
        if statement is None:
            continue
        digest = canonical.sha256_hex(statement)
        if digest != leaf.statement_sha256:
            raise Reordered(seq=seq) if digest in wanted else Altered(what=entry_name(seq))


def is_statement(value: Any) -> bool:
    """Whether a parsed value has the fields of a statement; whether its movements balance is another question."""
    return (
        isinstance(value, dict) and value.keys() == _STATEMENT and value["v"] == 1 and isinstance(value["facts"], dict)
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """That one entry is in the log: its index, the hashes up to the root, and the checkpoint note that signs it.

    Text format: C2SP tlog-proof, without extra data.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The proof as a file."""
        lines = [PROOF_HEADER, f"index {self.index}", *(encode64(part) for part in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.note

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof; refuses extra data, which nothing would sign."""
        head, found, note = text.partition("\n\n")
        lines = head.split("\n")
        index = decimal(lines[1].removeprefix("index ")) if len(lines) > 1 else None
        hashes = [decode64(line) for line in lines[2:]]
        well = found and lines[0] == PROOF_HEADER and index is not None and lines[1].startswith("index ")
        if not well or index is None or len(hashes) > 64 or any(part is None for part in hashes):
            raise Malformed(what=Text("包含証明", "the inclusion proof"), reason=Text("書式", "format"))
        return cls(index, tuple(part for part in hashes if part is not None), note)

    def proves(self, leaf: bytes, checkpoint: Checkpoint) -> bool:
        """Whether the leaf's bytes stand at this index under that root."""
        return merkle.verify_inclusion(
            merkle.leaf_hash(leaf), self.index, checkpoint.size, self.hashes, checkpoint.root
        )


def prove(index: int, size: int, note: str, node: merkle.NodeAt) -> Proof:
    """The proof of one entry under the note of a checkpoint of that size, from stored nodes."""
    return Proof(index, tuple(merkle.inclusion_proof(index, size, node)), note)


def _check_known(
    leaves: Sequence[bytes], found: Sequence[bytes], statements: Sequence[bytes | None], hashes: Sequence[bytes]
) -> None:
    """When entries are missing: those that are here are whole, else two of them may only have run together."""
    known = set(hashes)
    for seq, leaf in enumerate(found):
        if known and leaf not in known:
            raise Altered(what=entry_name(seq))
    held = b"\n".join(leaves)
    for seq, statement in enumerate(statements if len(statements) < len(leaves) else ()):
        if statement is not None and canonical.sha256_hex(statement).encode() not in held:
            raise Altered(what=entry_name(seq))


def _misplaced(
    leaves: Sequence[bytes], found: Sequence[bytes], hashes: Sequence[bytes], checkpoint: Checkpoint
) -> Refused:
    """Why the leaves do not lead to the root: the first that moved, or the first that differs."""
    if len(hashes) == checkpoint.size and merkle.root(hashes) == checkpoint.root:
        first = next(seq for seq, value in enumerate(found) if value != hashes[seq])
        return Reordered(seq=first) if found[first] in set(hashes) else Altered(what=entry_name(first))
    times = [read_leaf(data, origin=checkpoint.origin, seq=seq).recorded_at for seq, data in enumerate(leaves)]
    for seq in range(1, len(times)):
        if times[seq] < times[seq - 1]:
            return Reordered(seq=seq)
    if (swapped := _swapped(found, times, checkpoint.root)) is not None:
        return Reordered(seq=swapped)
    return Altered(
        what=Text(
            "記録から求めたルートハッシュが時点証明と一致しません", "the root over the entries is not the checkpoint’s"
        )
    )


def _swapped(found: Sequence[bytes], times: Sequence[str], root: bytes) -> int | None:
    """The first of two entries of the same second that, put back in each other's place, lead to the signed root.

    Finding them proves that nothing but the order was changed. Tried in the log's order, up to a bound.
    """
    rows, tries = merkle.rows_of(found), SWAPS_TRIED_MAX
    for first, time in enumerate(times):
        second = first + 1
        while second < len(times) and times[second] == time:
            tries -= 1
            if tries < 0:
                return None
            if merkle.root_after(rows, {first: found[second], second: found[first]}) == root:
                return first
            second += 1
    return None


def _check_sequence(leaves: Sequence[Leaf]) -> None:
    """No id twice, and no entry recorded before the one it follows."""
    if len({leaf.id for leaf in leaves}) != len(leaves):
        raise Malformed(what=Text("台帳", "the log"), reason=Text("同じ識別子が二度あります", "an id stands twice"))
    for seq in range(1, len(leaves)):
        if leaves[seq].recorded_at < leaves[seq - 1].recorded_at:
            raise Malformed(
                what=entry_name(seq), reason=Text("記録時刻が前後しています", "recorded before the one before")
            )


def _check_corrections(leaves: Sequence[Leaf], said: Sequence[Mapping[str, Any] | None]) -> None:
    try:
        corrections.check_all([str(leaf.id) for leaf in leaves], said)
    except Refused as refusal:
        raise Malformed(
            what=Text("訂正の記録", "a correction"), reason=Text(refusal.text("ja"), refusal.text("en"))
        ) from None


def _document(data: bytes, keys: set[str] | None, most: int, seq: int) -> dict[str, Any]:
    if len(data) > most:
        raise Malformed(what=entry_name(seq), reason=Text("長すぎます", "too long"))
    try:
        value = canonical.loads(data)
    except canonical.NotCanonical as wrong:
        raise Malformed(what=entry_name(seq), reason=Text(wrong.text("ja"), wrong.text("en"))) from None
    if not isinstance(value, dict) or (keys is not None and set(value) != keys):
        raise Malformed(what=entry_name(seq), reason=Text("項目の過不足", "fields missing or unknown"))
    return value


def _balanced(movements: Any) -> bool:
    """Whether movements are [account, unit, amount] rows that sum to zero in each unit."""
    totals: dict[str, int] = {}
    for row in movements if isinstance(movements, list) else [None]:
        if not (isinstance(row, list) and len(row) == 3 and all(isinstance(part, str) for part in row)):
            return False
        _, unit, amount = row
        if not _AMOUNT.match(amount):
            return False
        totals[unit] = totals.get(unit, 0) + int(amount)
    return not any(totals.values())
