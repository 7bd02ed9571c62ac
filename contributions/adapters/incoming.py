"""A text file on its way in: read once for its digests, and made safe to be parsed in bulk.

A bulk parser stumbles over bytes that are not UTF-8, control characters, endless lines, and passes over empty lines
without counting them. So one pass notes where such lines stand. If there are any, a *clean* copy is written in which
each of them is a single mark; line numbers stay those of the file, and the noted lines are judged one by one.
"""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy

from contributions.core.errors import Refused

CHUNK = 1 << 22
LONG = 1 << 15
USUAL = 1 << 12
BEYOND_MAX = 1 << 23
AT_ONCE = 2048  # lines that the query engine holds together, however long they are
NEWLINE = ord("\n")
MARK = b"\x02"
# NUL, and the signs by which the bulk parser is told what separates, is taken out, is null.
_RESERVED = (b"\x00", b"\x01", MARK, b"\x03")
Progress = Callable[[int, int], None]


class LinesTooWide(Refused):
    code = "lines-too-wide"
    ja = (
        "{usual} KiB を超える長い行が、合計 {limit} MiB を超えています（最初は {line} 行目）。"
        "自由記述などの長い列を除いて出力し直してください。"
    )
    en = (
        "Lines longer than {usual} KiB come to more than {limit} MiB together; the first is line {line}. Leave out "
        "long columns, such as free text, and export the file again."
    )


@dataclass(slots=True)
class Width:
    """How wide the lines of a file are, for memory to be set by it. Very long ones may be only so many."""

    usual: int = 0
    beyond: int = 0
    first: int = 0

    def note(self, length: int, line: int | None) -> None:
        """One line of that many bytes."""
        if length <= USUAL:
            self.usual = max(self.usual, length)
            return
        self.first = self.first or line or 0
        self.beyond += length
        if self.beyond > BEYOND_MAX:
            raise LinesTooWide(usual=USUAL >> 10, limit=BEYOND_MAX >> 20, line=self.first)

    @property
    def held(self) -> int:
        """The most bytes that lines held at once can have."""
        return self.usual * AT_ONCE + self.beyond


@dataclass(slots=True)
class Scan:
    """What one pass over a file found. `noted` and `places` are the lines to judge singly, and where they begin."""

    source: Path
    size: int = 0
    lines: int = 0
    sha256: str = ""
    sealed_sha256: str = ""
    clean: Path | None = None
    noted: array = field(default_factory=lambda: array("q"))
    places: array = field(default_factory=lambda: array("q"))
    named: list[int] = field(default_factory=list)
    width: Width = field(default_factory=Width)

    @property
    def parsable(self) -> Path:
        """The file that a bulk parser may read."""
        return self.clean or self.source


def digests(source: Path, salt: bytes, *, copy: Path | None = None) -> tuple[str, str, int]:
    """SHA-256 of the bytes, of salt and bytes, and the size; on the way the file may be copied, and is flushed."""
    hashes = (hashlib.sha256(), hashlib.sha256(salt))
    size = 0
    with source.open("rb") as stream, ThreadPoolExecutor(len(hashes)) as pool:
        out = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600) if copy else None
        try:
            while chunk := stream.read(CHUNK):
                work = [pool.submit(each.update, chunk) for each in hashes]
                size += len(chunk)
                if out is not None:
                    _write_all(out, chunk)
                for each in work:
                    each.result()
            if out is not None:
                os.fsync(out)
        finally:
            if out is not None:
                os.close(out)
    return hashes[0].hexdigest(), hashes[1].hexdigest(), size


def scan(source: Path, folder: Path, *, needles: Sequence[bytes] = (), progress: Progress | None = None) -> Scan:
    """Note the lines that bulk parsing must not see, and the lines that hold one of `needles` (in any case)."""
    found = Scan(source, size=source.stat().st_size)
    writer = _Clean(source, folder / "clean")
    offset = 0
    for block, skipped in _blocks(source):
        lengths = _lengths(block)
        for at in _widest(lengths):
            found.width.note(int(lengths[at]), found.lines + at + 1)
        noted = _faulty(block, lengths)
        if noted is not None:
            writer.begin(offset)
            _note(found, block, offset, noted)
        writer.add(block, noted)
        if needles and _holds(block, needles):
            found.named += [found.lines + at for at, line in enumerate(_lines(block), 1) if _holds(line, needles)]
        found.lines += len(lengths)
        offset += len(block) + skipped
        if progress:
            progress(offset, found.size)
    found.clean = writer.end()
    return found


def _holds(text: bytes, needles: Sequence[bytes]) -> bool:
    lower = text.lower()
    return any(needle in lower for needle in needles)


class _Clean:
    """The copy for the parser; it exists only once a line had to be taken out."""

    def __init__(self, source: Path, target: Path) -> None:
        self.source, self.target, self.out = source, target, None

    def begin(self, offset: int) -> None:
        if self.out is None:
            self.out = self.target.open("wb")
            with self.source.open("rb") as stream:
                while offset > 0 and (chunk := stream.read(min(CHUNK, offset))):
                    self.out.write(chunk)
                    offset -= len(chunk)

    def add(self, block: bytes, noted: list[int] | None) -> None:
        if self.out is None:
            return
        if not noted:
            self.out.write(block)
            return
        lines = _lines(block)
        for at in noted:
            lines[at] = MARK + b"\n"
        self.out.write(b"".join(lines))

    def end(self) -> Path | None:
        if self.out is None:
            return None
        self.out.close()
        return self.target


def _blocks(source: Path) -> Iterator[tuple[bytes, int]]:
    """The file in pieces of whole lines, and how many bytes were passed over after each.

    Of a line longer than a piece only the beginning is kept: memory has a bound, and the line is refused anyway.
    """
    with source.open("rb") as stream:
        rest, skipped = b"", 0
        while chunk := stream.read(CHUNK):
            cut = chunk.rfind(b"\n") + 1
            if not cut:
                kept = chunk[: max(0, CHUNK - len(rest))]
                rest, skipped = rest + kept, skipped + len(chunk) - len(kept)
                continue
            if skipped:
                end = chunk.index(b"\n") + 1
                yield rest + b"\n", skipped + end - 1
                rest, skipped, chunk, cut = b"", 0, chunk[end:], cut - end
            if rest or cut:
                yield rest + chunk[:cut], 0
            rest = chunk[cut:]
        if rest:
            yield rest, skipped


def _lengths(block: bytes) -> numpy.ndarray:
    """How long each line of the block is, its end counted."""
    ends = numpy.flatnonzero(numpy.frombuffer(block, numpy.uint8) == NEWLINE)
    return numpy.diff(ends if block.endswith(b"\n") else numpy.append(ends, len(block) - 1), prepend=-1)


def _widest(lengths: numpy.ndarray) -> list[int]:
    """Which lines are of more than the usual length; if none is, the longest."""
    return numpy.flatnonzero(lengths > USUAL).tolist() or [int(lengths.argmax())]


def _faulty(block: bytes, lengths: numpy.ndarray) -> list[int] | None:
    """Which lines of the block must be taken out, counted from 0; None for the usual case, that none must."""
    if not _is_suspect(block, lengths):
        return None
    return [at for at, line in enumerate(_lines(block)) if _is_faulty(line)]


def _is_suspect(block: bytes, lengths: numpy.ndarray) -> bool:
    """Whether a line of the block may have to be taken out: judged by the block as a whole, which is quick."""
    if lengths.min() == 1 or lengths.max() >= LONG or any(sign in block for sign in _RESERVED):
        return True
    if b"\r" in block and (lengths.min() == 2 or block.count(b"\r") != block.count(b"\r\n")):
        return True
    return not block.isascii() and not _is_utf8(block)


def _is_faulty(line: bytes) -> bool:
    bare = line.removesuffix(b"\n").removesuffix(b"\r")
    if not bare or len(bare) >= LONG or b"\r" in bare or any(sign in bare for sign in _RESERVED):
        return True
    return not _is_utf8(bare)


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _note(found: Scan, block: bytes, offset: int, noted: list[int]) -> None:
    wanted, at = set(noted), offset
    for number, line in enumerate(_lines(block)):
        if number in wanted and line.strip():
            found.noted.append(found.lines + number + 1)
            found.places.append(at)
        at += len(line)


def _lines(block: bytes) -> list[bytes]:
    """The lines with their ends; only a newline ends a line."""
    lines = block.split(b"\n")
    last = lines.pop()
    whole = [line + b"\n" for line in lines]
    return [*whole, last] if last else whole


def _write_all(out: int, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[os.write(out, view) :]


def line_at(stream: BinaryIO, place: int, limit: int) -> bytes:
    """The line that begins at that byte; of an endless one only `limit` bytes and a sign that there is more."""
    stream.seek(place)
    raw = stream.readline(limit)
    return raw if raw.endswith(b"\n") or not (more := stream.read(1)) else raw + more
