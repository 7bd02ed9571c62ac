"""Evidence files, kept under the digest of salt and content.

The name is SHA-256(salt ‖ bytes). Whoever holds the name alone learns nothing, not even that two members sent the same
file; whoever holds salt and bytes can prove that they are what the journal names. Deleting the file here and its salt
in the database erases it, and leaves every proof standing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from contributions.core.errors import Refused

CHUNK = 1 << 20
SALT_BYTES = 16
_NAME = re.compile(r"[0-9a-f]{64}")


class EvidenceMissing(Refused):
    code = "evidence-missing"
    ja = "証拠ファイル {sha256} は保管されていません（消去済みか、別の保管場所にあります）。"
    en = "The evidence file {sha256} is not kept here: it was erased, or is kept elsewhere."


class EvidenceTooLarge(Refused):
    code = "evidence-too-large"
    ja = "ファイルが上限 {limit} バイトを超えています。"
    en = "The file is larger than the limit of {limit} bytes."


class EvidenceAltered(Refused):
    code = "evidence-altered"
    ja = "証拠ファイル {sha256} の内容が、記録された要約値と一致しません。"
    en = "The evidence file {sha256} does not match the digest on record."


@dataclass(frozen=True, slots=True)
class Sealed:
    """A stored file: what the journal names of it. `size` counts its own bytes, without the salt."""

    sha256: str
    size: int
    media: str


class EvidenceStore:
    """Files under a root folder, two levels deep, readable by their owner alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes | Path, salt: bytes, *, media: str, limit: int | None = None) -> Sealed:
        """Store a file under its salted digest: written aside, flushed, then moved into place in one step."""
        assert len(salt) >= SALT_BYTES, "a short salt can be guessed"
        self._make_folder(self.root)
        handle, aside = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as out:
                name, size = _copy(content, salt, out, limit)
            target = self._path(name)
            self._make_folder(target.parent)
            os.replace(aside, target)
            _flush_folder(target.parent)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        return Sealed(name, size, media)

    def adopt(self, path: Path, sha256: str, *, media: str) -> Sealed:
        """Take in a flushed file that lies on the same disk and whose salted digest is known, without copying it."""
        target = self._path(sha256)
        self._make_folder(self.root)
        self._make_folder(target.parent)
        target.unlink(missing_ok=True)
        try:
            os.link(path, target)
        except OSError:  # another disk, or a disk that knows no second name
            handle, aside = tempfile.mkstemp(dir=self.root, prefix=".incoming-")
            with os.fdopen(handle, "wb") as out, path.open("rb") as stream:
                shutil.copyfileobj(stream, out, CHUNK)
                out.flush()
                os.fsync(out.fileno())
            os.replace(aside, target)
        target.chmod(0o600)
        _flush_folder(target.parent)
        return Sealed(sha256, target.stat().st_size, media)

    def path(self, sha256: str) -> Path:
        """Where the file lies, for content that is queried in place."""
        found = self._path(sha256)
        if not found.is_file():
            raise EvidenceMissing(sha256=sha256)
        return found

    def get(self, sha256: str) -> bytes:
        """The whole file."""
        with self.open(sha256) as stream:
            return stream.read()

    def open(self, sha256: str) -> BinaryIO:
        """The file as a stream, for content that need not fit into memory."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise EvidenceMissing(sha256=sha256) from None

    def holds(self, sha256: str) -> bool:
        """Whether the file is here."""
        return self._path(sha256).is_file()

    def check(self, sha256: str, salt: bytes) -> None:
        """Recompute the digest of what is stored, and refuse if it is another."""
        with self.open(sha256) as stream:
            running = hashlib.sha256(salt)
            for chunk in _chunks(stream):
                running.update(chunk)
        if running.hexdigest() != sha256:
            raise EvidenceAltered(sha256=sha256)

    def erase(self, sha256: str) -> bool:
        """Delete the file; whether it was there. The salt is the caller's to destroy."""
        path = self._path(sha256)
        if not path.is_file():
            return False
        path.unlink()
        _flush_folder(path.parent)
        return True

    def _path(self, sha256: str) -> Path:
        if not _NAME.fullmatch(sha256):
            raise EvidenceMissing(sha256=sha256)
        return self.root / sha256[:2] / sha256

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _copy(content: bytes | Path, salt: bytes, out: BinaryIO, limit: int | None) -> tuple[str, int]:
    running, size = hashlib.sha256(salt), 0
    for chunk in _content(content):
        size += len(chunk)
        if limit is not None and size > limit:
            raise EvidenceTooLarge(limit=limit)
        running.update(chunk)
        out.write(chunk)
    out.flush()
    os.fsync(out.fileno())
    return running.hexdigest(), size


def _content(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        yield from _chunks(stream)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
