"""Rules of taking in a file as a whole: what format it is, what stands in for it, and what becomes of bad rows.

Good rows are posted, bad ones are kept beside them in full with line, field and reason, so that they can be corrected
and sent again; `strict` refuses the whole file instead. Every reader of a format yields rows of its own kind and
`Rejected`s, in the order of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text

SACCT, TEMPLATE = "sacct", "template"
FORMATS = {
    SACCT: Text("Slurm の利用記録（sacct --parsable2）", "Slurm accounting records (sacct --parsable2)"),
    TEMPLATE: Text("計算資源提供の標準様式（CSV）", "the standard form for compute (CSV)"),
}


class UnknownFormat(Refused):
    code = "unknown-format"
    ja = "ファイルの形式を判別できません。{known}のいずれかを指定してください。"
    en = "The format of the file cannot be told. Name one of: {known}."


class FileRefused(Refused):
    """Strict mode: one bad row refuses the file."""

    code = "file-refused"
    ja = "誤りのある行が {count} 行あるため、ファイル全体を受け付けませんでした。最初の誤り：{line} 行目、{first}"
    en = "The file was refused as a whole: {count} bad rows. The first is line {line}: {first}"


class AlreadyHeld(Refused):
    """The same bytes from the same member, again."""

    code = "already-held"
    ja = "同じファイルは受付番号 {batch} で受領済みです。何も追加していません。"
    en = "The same file is already held as batch {batch}. Nothing was added."


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: why, and the row itself as it came."""

    finding: Finding
    raw: bytes


def format_of(named: str | None, head: bytes) -> str:
    """The format the sender named, or the one that the first line shows."""
    if named in FORMATS:
        return str(named)
    first = head.removeprefix(b"\xef\xbb\xbf").splitlines()[0] if head.strip() else b""
    if named is None and first.count(b"|") >= 3:
        return SACCT
    if named is None and first.lower().startswith(b"facility,"):
        return TEMPLATE
    raise UnknownFormat(known="、".join(FORMATS))


def digest(chunks: Iterable[bytes]) -> str:
    """SHA-256 of the file's bytes, as 64 hex digits: the name under which it is known again."""
    running = hashlib.sha256()
    for chunk in chunks:
        running.update(chunk)
    return running.hexdigest()


def check_strict(rejected: Sequence[Rejected]) -> None:
    """Refuse the file if any row was rejected, naming the first."""
    if rejected:
        first = rejected[0].finding
        sentence = Text(first.text("ja"), first.text("en"))
        raise FileRefused(count=len(rejected), line=first.line if first.line is not None else "–", first=sentence)


def rows_to_correct(header: bytes | None, rejected: Iterable[Rejected]) -> Iterator[bytes]:
    """The rejected rows as a file of the same format: to be corrected and sent again."""
    if header is not None:
        yield header + b"\n"
    for row in rejected:
        yield row.raw.rstrip(b"\r\n") + b"\n"
