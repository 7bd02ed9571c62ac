"""Documents at rest: stored under their digest, written once, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class DocumentStore:
    """A folder of finished files, each named by the SHA-256 of its bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep the bytes; their digest. Keeping the same bytes again changes nothing."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".incoming-")
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.replace(aside, path)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of that digest, checked against it."""
        content = self._path(digest).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, f"the stored file {digest} was altered"
        return content

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest
