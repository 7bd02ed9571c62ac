"""What a dataset's description says: the part of the record that its owner's file states, and what it leaves out.

A gap is not an error: the description is accepted as "not stated", and the version waits before review until the owner
states it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.periods import is_plausible
from contributions.core.units import AMOUNT_MAX, UNITS
from contributions.core.words import Text

_SIZE = re.compile(r"(\d{1,15})(?:\.(\d{1,12}))?\s*([A-Za-z]*)")
_MULTIPLES = {"": 1, "b": 1, "byte": 1, "bytes": 1}
_MULTIPLES |= {f"{prefix}b": 1000**power for power, prefix in enumerate("kmgtpe", start=1)}
_MULTIPLES |= {f"{prefix}ib": 1024**power for power, prefix in enumerate("kmgtpe", start=1)}
_NO_LICENCE = frozenset({"", "unknown", "other", "none", "n/a", "na", "tbd", "not stated"})


class NotStatedRightly(Refused):
    """What our own terms state, and state wrongly, is no gap: nothing else is put in its place."""

    code = "description-term"
    ja = "{line} 行目 {field}：「{value}」を読めません。{known}"
    en = "Line {line}, {field}: “{value}” cannot be read. {known}"

    def __init__(self, *, field: str, value: str, known: Text, line: int | None = None) -> None:
        self.field, self.value, self.known = field, value, known
        super().__init__(field=field, value=value[:40], known=known, line="–" if line is None else line)

    def on(self, line: int) -> NotStatedRightly:
        """The same with the line on which it stands."""
        return NotStatedRightly(field=self.field, value=self.value, known=self.known, line=line)


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
        if (stated := quantity_stated(dict(self.additions))) is not None:
            return stated
        return (self.total_bytes, "byte") if self.total_bytes is not None else None


def quantity_stated(additions: Mapping[str, str]) -> tuple[int, str] | None:
    """(amount, unit) under our own terms, None where neither is there; refuses what is no such quantity.

    >>> quantity_stated({"quantity": "1200", "unit": "record"})
    (1200, 'record')
    """
    amount, unit = additions.get("quantity", ""), additions.get("unit", "")
    if not amount and not unit:
        return None
    if unit not in UNITS:
        known = "、".join(UNITS)
        listed = Text(f"{known} のいずれかで記載してください。", f"Use one of {', '.join(UNITS)}.")
        raise NotStatedRightly(field="moyai:unit", value=unit, known=listed)
    if not (amount.isascii() and amount.isdigit() and len(amount) < 20 and int(amount) < AMOUNT_MAX):
        raise NotStatedRightly(field="moyai:quantity", value=amount, known=_WHOLE)
    return int(amount), unit


def check_day(text: str) -> None:
    """Refuse a day of a copy that is none; an empty one is not stated."""
    try:
        if text and (len(text) != len("YYYY-MM-DD") or not is_plausible(date.fromisoformat(text))):
            raise ValueError(text)
    except ValueError:
        raise NotStatedRightly(field="moyai:on", value=text, known=_DAY) from None


_DAY = Text("日付は 2026-04-12 の形で記載してください。", "Write a day such as 2026-04-12.")
_WHOLE = Text(
    "0 以上 2^62 未満の整数で記載してください。",
    "Write a whole number from 0 up, below 2^62, in the unit’s smallest part.",
)


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
