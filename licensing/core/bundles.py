"""Bundles: what an outsider takes home, so as to check without the server.

A bundle is a zip with a `manifest`: a note signed by the log's key over the bundle's kind, the log's origin, and the
SHA-256, size and name of every other file. It holds no verifier and no key: trust comes from outside.

A *licensee* bundle proves the entries disclosed to that licensee one by one. A *member* bundle does so for a member,
with the policy and the adopted division as far as that member may know it. A *full* bundle, for the allocation desk and
the auditor, holds the whole log and the adopted allocation, and lets everything be recomputed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contributions.core import canonical, merkle, notes
from contributions.core.errors import Refused
from contributions.core.proofs import Malformed
from contributions.core.words import Text
from licensing.core import archives

LICENSEE, MEMBER, FULL = "licensee", "member", "full"
MANIFEST, CHECKPOINT, PARENTS = "manifest", "checkpoint", "parents.json"
HEADER = "moyai bundle/1"
NAMES = {
    LICENSEE: frozenset({CHECKPOINT, "report.json", "report.pdf"}),
    MEMBER: frozenset({CHECKPOINT, "policy.json", "division.json"}),
    FULL: frozenset(
        {
            CHECKPOINT,
            "leaves.jsonl",
            "hashes.txt",
            "statements.jsonl",
            "policy.json",
            "inputs.json",
            "result.json",
            "rows.json",
        }
    ),
}
ERASED = b"null"
_LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,11}) (\S+)\Z")
_BESIDE = re.compile(r"rotations/([1-9][0-9]{0,14})\.checkpoint\Z|parents\.json\Z")
_ENTRY = re.compile(r"(proofs/(?:0|[1-9][0-9]{0,14})\.tlog-proof|(?:leaves|statements)/(?:0|[1-9][0-9]{0,14})\.json)\Z")


class MissingName(Refused):
    code = "missing-name"
    ja = "検証資料にあるべきファイルがありません：{names}。"
    en = "Files are missing from the bundle: {names}."


class UnlistedName(Refused):
    code = "unlisted-name"
    ja = "検証資料にあるはずのないファイルが入っています：{names}。"
    en = "The bundle holds files that it should not: {names}."


class NotForMember(Refused):
    code = "not-for-member"
    ja = "台帳記録 第 {seq} 号は他の会員の記録なので、会員向け検証資料には入れられません。"
    en = "Entry {seq} is another member’s and cannot go into this member’s bundle."


class NotForLicensees(Refused):
    code = "not-for-licensees"
    ja = "台帳記録 第 {seq} 号は会員の記録なので、利用者向け検証資料には入れられません。"
    en = "Entry {seq} is a member’s and cannot go into a licensee’s bundle."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle is and holds: name → (SHA-256 in hex, size in bytes)."""

    kind: str
    origin: str
    files: Mapping[str, tuple[str, int]]

    def text(self) -> str:
        """The text that the log's key signs."""
        lines = [f"{sha256} {size} {name}" for name, (sha256, size) in sorted(self.files.items())]
        return "\n".join([HEADER, self.kind, self.origin, *lines]) + "\n"

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read the text; refuses another format, another order, and a name listed twice."""
        header, kind, origin, *lines = text.split("\n") if text.count("\n") > 2 else ["", "", ""]
        matches = [_LINE.match(line) for line in lines]
        files = {match[3]: (match[1], int(match[2])) for match in matches if match}
        found = cls(kind, origin, files)
        if header != HEADER or kind not in NAMES or found.text() != text:
            raise Malformed(what=MANIFEST, reason=Text("書式", "format"))
        return found


def build(kind: str, parts: Mapping[str, bytes], signer: notes.Signer) -> bytes:
    """The bytes of a bundle over these files, signed by the log's key. Same parts and key, same bytes."""
    listed = {name: (canonical.sha256_hex(content), len(content)) for name, content in parts.items()}
    check_kind(kind, listed)
    note = notes.sign(Manifest(kind, signer.name, listed).text(), signer)
    return archives.pack({MANIFEST: note.encode(), **{name: parts[name] for name in sorted(parts)}})


def full_parts(
    *,
    leaves: Sequence[bytes],
    statements: Sequence[bytes | None],
    checkpoint: str,
    policy: Mapping[str, Any],
    inputs: Mapping[str, Any],
    result: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    handovers: Mapping[int, str] | None = None,
    parents: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> dict[str, bytes]:
    """The files of a full bundle: every leaf and statement that the checkpoint counts, and the adopted allocation.

    `result` is `allocations.Result.document()`; `rows` are the salted rows that its statement commits to; `handovers`
    are the first checkpoints after each change of the log's key, by their size; `parents` the rows of the allocations
    that shares were inherited from, by number.
    """
    inherited = {PARENTS: canonical.dumps({number: list(rows) for number, rows in parents.items()})} if parents else {}
    return {
        **inherited,
        **{handover(size): note.encode() for size, note in (handovers or {}).items() if size <= len(leaves)},
        CHECKPOINT: checkpoint.encode(),
        "leaves.jsonl": _lines(leaves),
        "hashes.txt": _lines(merkle.leaf_hash(leaf).hex().encode() for leaf in leaves),
        "statements.jsonl": _lines(ERASED if statement is None else statement for statement in statements),
        "policy.json": canonical.dumps(dict(policy)),
        "inputs.json": canonical.dumps(dict(inputs)),
        "result.json": canonical.dumps(dict(result)),
        "rows.json": canonical.dumps([dict(row) for row in rows]),
    }


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One entry shown to a licensee or member: its index, both documents, and the text of its inclusion proof."""

    seq: int
    leaf: bytes
    statement: bytes
    proof: str


def licensee_parts(
    *, entries: Iterable[Disclosed], checkpoint: str, report: bytes, report_pdf: bytes
) -> dict[str, bytes]:
    """The files of a licensee bundle; refuses an entry that belongs to a member."""
    parts = {CHECKPOINT: checkpoint.encode(), "report.json": report, "report.pdf": report_pdf}
    for entry in entries:
        if canonical.loads(entry.statement)["member"] is not None:
            raise NotForLicensees(seq=entry.seq)
        parts |= _files_of(entry)
    return parts


def member_parts(
    *, entries: Iterable[Disclosed], checkpoint: str, policy: Mapping[str, Any], extract: Mapping[str, Any]
) -> dict[str, bytes]:
    """The files of a member's bundle, whose `extract` is `extracts.extract`; refuses an entry of another member."""
    parts = {
        CHECKPOINT: checkpoint.encode(),
        "policy.json": canonical.dumps(dict(policy)),
        "division.json": canonical.dumps(dict(extract)),
    }
    for entry in entries:
        if canonical.loads(entry.statement)["member"] not in {None, extract["member"]}:
            raise NotForMember(seq=entry.seq)
        parts |= _files_of(entry)
    return parts


def _files_of(entry: Disclosed) -> dict[str, bytes]:
    return {
        f"proofs/{entry.seq}.tlog-proof": entry.proof.encode(),
        f"leaves/{entry.seq}.json": entry.leaf,
        f"statements/{entry.seq}.json": entry.statement,
    }


def check_kind(kind: str, names: Iterable[str]) -> None:
    """The names are those of such a bundle: none missing, none foreign, and its entries complete."""
    given = set(names)
    allowed = _BESIDE if kind == FULL else _ENTRY
    foreign = {name for name in given - NAMES[kind] if not allowed.match(name)}
    if foreign:
        raise UnlistedName(names=_few(foreign))
    wanted = set(NAMES[kind])
    for seq in entry_numbers(given):
        wanted |= {f"proofs/{seq}.tlog-proof", f"leaves/{seq}.json", f"statements/{seq}.json"}
    if wanted - given:
        raise MissingName(names=_few(wanted - given))


def handover(size: int) -> str:
    """The name of the first checkpoint after a change of keys: of that many entries, by both keys."""
    return f"rotations/{size}.checkpoint"


def entry_numbers(names: Iterable[str]) -> list[int]:
    """The entries that a bundle shows one by one, in the log's order."""
    return sorted({int(name.split("/")[1].split(".")[0]) for name in names if _ENTRY.match(name)})


def check_names(files: Mapping[str, bytes], manifest: Manifest) -> None:
    """The bundle holds exactly the names that its manifest lists, and those are the names of its kind."""
    given = set(files) - {MANIFEST}
    if set(manifest.files) - given:
        raise MissingName(names=_few(set(manifest.files) - given))
    if given - set(manifest.files):
        raise UnlistedName(names=_few(given - set(manifest.files)))
    check_kind(manifest.kind, manifest.files)


def differing(files: Mapping[str, bytes], manifest: Manifest) -> list[str]:
    """The names whose content is not the one that the manifest lists."""
    return [
        name
        for name, listed in sorted(manifest.files.items())
        if (canonical.sha256_hex(files[name]), len(files[name])) != listed
    ]


def lines_of(content: bytes) -> list[bytes]:
    """The lines of a file that `full_parts` wrote, each ended by a newline."""
    return content.split(b"\n")[:-1] if content.endswith(b"\n") else content.split(b"\n")


def _lines(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _few(names: Iterable[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:5]) + (" …" if len(listed) > 5 else "")
