"""What a dataset's description says: the part of the record that its owner's file states, and what it leaves out.

A gap is not an error: the description is accepted as "not stated", and the version waits before review until the owner
states it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from contributions.core.units import AMOUNT_MAX, UNITS
from contributions.core.words import Text

_SIZE = re.compile(r"(\d{1,15})(?:\.(\d{1,12}))?\s*([A-Za-z]*)")
_MULTIPLES = {"": 1, "b": 1, "byte": 1, "bytes": 1}
_MULTIPLES |= {f"{prefix}b": 1000**power for power, prefix in enumerate("kmgtpe", start=1)}
_MULTIPLES |= {f"{prefix}ib": 1024**power for power, prefix in enumerate("kmgtpe", start=1)}
_NO_LICENCE = frozenset({"", "unknown", "other", "none", "n/a", "na", "tbd", "not stated"})


@dataclass(frozen=True, slots=True)
class DescribedFile:
    """A file or set of files of a dataset. `bytes` and `sha256` are None where they are not stated."""

    name: str
    content_url: str | None
    encoding_format: str
    sha256: str | None
    bytes: int | None
    size_stated: str | None = None
    md5: str | None = None
    is_set: bool = False
    is_inside: bool = False

    @property
    def needs_digest(self) -> bool:
        """Whether it is a file of its own; what lies inside an archive is sealed by the archive's digest."""
        return not self.is_set and not self.is_inside


@dataclass(frozen=True, slots=True)
class DescribedCopy:
    """Where a copy lies, as our own terms state it."""

    country: str
    region: str
    on: str = ""


@dataclass(frozen=True, slots=True)
class DatasetDescription:
    """A description as its owner's file gives it. `additions` are our own terms, without their prefix."""

    name: Text
    description: Text
    licences: tuple[str, ...]
    conforms_to: str
    version: str | None
    url: str | None
    creators: tuple[str, ...]
    date_published: str | None
    files: tuple[DescribedFile, ...]
    record_sets: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    rai: tuple[tuple[str, str], ...] = ()
    additions: tuple[tuple[str, str], ...] = ()
    copies: tuple[DescribedCopy, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    gaps: tuple[Text, ...] = ()

    @property
    def is_ready_for_review(self) -> bool:
        return not self.gaps

    @property
    def total_bytes(self) -> int | None:
        """Bytes of all files, or None while one of them is not stated."""
        sizes = [file.bytes for file in self.files if file.needs_digest]
        return sum(size for size in sizes if size is not None) if sizes and None not in sizes else None

    @property
    def quantity(self) -> tuple[int, str] | None:
        """(amount, unit) as stated under our own terms, else the bytes of all files, else None."""
        stated = dict(self.additions)
        amount, unit = stated.get("quantity", ""), stated.get("unit", "")
        if unit in UNITS and amount.isascii() and amount.isdigit() and len(amount) < 20 and int(amount) < AMOUNT_MAX:
            return int(amount), unit
        return (self.total_bytes, "byte") if self.total_bytes is not None else None


def size_in_bytes(stated: object) -> int | None:
    """A stated size in bytes, exactly; None if it is not stated or names no whole number of bytes.

    Decimal multiples (kB, MB, GB …) are powers of 1000, binary ones (KiB, MiB …) of 1024.

    >>> size_in_bytes("12.3 MB"), size_in_bytes("117743037 B"), size_in_bytes(" B")
    (12300000, 117743037, None)
    """
    match = _SIZE.fullmatch(stated.strip().replace(",", "")) if isinstance(stated, str) else None
    if match is None or match[3].lower() not in _MULTIPLES:
        return None
    whole, part, multiple = match[1], match[2] or "", _MULTIPLES[match[3].lower()]
    size = Fraction(int(whole + part), 10 ** len(part)) * multiple
    return size.numerator if size.denominator == 1 and size < AMOUNT_MAX else None


def gaps_of(name: Text, licences: Sequence[str], files: Sequence[DescribedFile]) -> tuple[Text, ...]:
    """What a review cannot do without and the description does not state."""
    gaps = []
    if not name.ja.strip():
        gaps.append(Text("名称（name）の記載がありません。", "No name is stated."))
    if not [licence for licence in licences if licence.strip().lower() not in _NO_LICENCE]:
        gaps.append(Text("利用許諾（license）の記載がありません。", "No licence is stated."))
    own = [file for file in files if file.needs_digest]
    if not own:
        gaps.append(
            Text("要約値で特定できるファイルの記載がありません。", "No file is named that a digest could identify.")
        )
    for file in own:
        gaps += _gaps_of_file(file)
    return tuple(gaps)


def _gaps_of_file(file: DescribedFile) -> list[Text]:
    gaps = []
    if file.sha256 is None:
        gaps.append(
            Text(
                f"ファイル「{file.name}」の SHA-256（16進64桁）の記載がありません。",
                f"The file “{file.name}” has no SHA-256 of 64 hex digits.",
            )
        )
    if file.bytes is None:
        gaps.append(
            Text(f"ファイル「{file.name}」の大きさの記載がありません。", f"The file “{file.name}” has no size.")
        )
    return gaps
