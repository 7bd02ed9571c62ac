"""Rules of taking in a file as a whole: what format it is, what stands in for it, and what becomes of bad rows.

Good rows are posted, bad ones are kept beside them in full with line, field and reason, so that they can be corrected
and sent again; `strict` refuses the whole file instead. Every reader of a format yields rows of its own kind and
`Rejected`s, in the order of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text

SACCT, TEMPLATE, PARQUET = "sacct", "template", "parquet"
FORMATS = {
    SACCT: Text("Slurm の利用記録（sacct --parsable2）", "Slurm accounting records (sacct --parsable2)"),
    TEMPLATE: Text("計算資源提供の標準様式（CSV）", "the standard form for compute (CSV)"),
    PARQUET: Text("計算資源提供の標準様式（Parquet）", "the standard form for compute (Parquet)"),
}
HEAD_BYTES = 1 << 16
COLUMN_MAX = 200
_PACKED = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class UnknownFormat(Refused):
    code = "unknown-format"
    ja = "ファイルの形式を判別できません。{known}のいずれかを指定してください。"
    en = "The format of the file cannot be told. Name one of: {known}."


class Packed(Refused):
    """What a packed file grows to cannot be told before it is unpacked, so none is."""

    code = "packed-file"
    ja = "圧縮されたファイル（{kind}）は受け付けません。展開してから提出してください。"
    en = "The file is packed ({kind}) and is not taken. Unpack it and send what is inside."


class NotUtf8(Refused):
    code = "file-not-utf-8"
    ja = "ファイルが UTF-16 で保存されています。文字コードを UTF-8 にして保存し直してください。"
    en = "The file is saved as UTF-16. Save it as UTF-8 and send it again."


class ColumnsUnknown(Refused):
    """A header that lacks what is needed; a person may say which of its columns are meant, once."""

    code = "columns-unknown"
    ja = "見出し行に必要な列がありません：{missing}。"
    en = "The header lacks columns that are needed: {missing}."

    def __init__(self, printed: Sequence[str], missing: Sequence[str], **facts: object) -> None:
        self.printed, self.missing = tuple(printed), tuple(missing)
        super().__init__(missing="、".join(missing), **facts)


class MappingRefused(Refused):
    code = "mapping-refused"
    ja = "列の対応づけに誤りがあります：{column}。ファイルにある列を、項目ごとに一つずつ選んでください。"
    en = "The columns are not mapped rightly: {column}. Choose one column of the file for each item, each once."


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
    """A row that was not taken: why, and the row itself as it came. Of a form every fault of the row is told."""

    finding: Finding
    raw: bytes
    more: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every fault of the row, the first too."""
        return (self.finding, *self.more)


def format_of(named: str | None, head: bytes) -> str:
    """The format the sender named, or the one that the first bytes show; packed files are refused unread."""
    check_plain(head)
    if head.startswith(b"PAR1"):
        if named == SACCT:
            raise UnknownFormat(known="、".join(FORMATS))
        return PARQUET
    if named == PARQUET:
        raise UnknownFormat(known="、".join(FORMATS))
    if named in FORMATS:
        return str(named)
    first = head.removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()[0] if head.strip() else b""
    if named is None and first.count(b"|") >= 3:
        return SACCT
    if named is None and first.count(b",") >= 2:
        return TEMPLATE
    raise UnknownFormat(known="、".join(FORMATS))


def check_plain(head: bytes) -> None:
    """Refuse what by its first bytes is packed, or text in UTF-16."""
    kind = next((name for magic, name in _PACKED.items() if head.startswith(magic)), None)
    if kind is not None:
        raise Packed(kind=kind)
    if head.startswith(_WIDE):
        raise NotUtf8


def check_mapping(mapping: Mapping[str, str], printed: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
    """A person's mapping, the file's column → ours: each column is in the file, and each of ours is chosen once."""
    seen: set[str] = set()
    for theirs, ours in mapping.items():
        if theirs not in printed or ours not in wanted or ours in seen or not _is_name(theirs):
            raise MappingRefused(column=theirs)
        seen.add(ours)
    return dict(sorted(mapping.items()))


def _is_name(column: str) -> bool:
    return len(column) <= COLUMN_MAX and all(ord(sign) >= 32 for sign in column)


def digest(chunks: Iterable[bytes]) -> str:
    """SHA-256 of the file's bytes, as 64 hex digits: the name under which it is known again."""
    running = hashlib.sha256()
    for chunk in chunks:
        running.update(chunk)
    return running.hexdigest()


def check_strict(count: int, first: Finding | None) -> None:
    """Refuse the file if any row was rejected, naming the first."""
    if count:
        assert first is not None
        sentence = Text(first.text("ja"), first.text("en"))
        raise FileRefused(count=count, line=first.line if first.line is not None else "–", first=sentence)
