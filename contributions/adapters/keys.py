"""Signing keys on disk: one Ed25519 key per log, in a folder only this user can read. Never in the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from contributions.core import notes


def log_signer(folder: Path, origin: str) -> notes.Signer:
    """The log's key, made on first use and kept as 32 bytes of hex under the log's own id."""
    path = folder / f"{origin.rstrip('/').split('/')[-2]}.log.key"
    if not path.exists():
        _write_once(path, secrets.token_bytes(32).hex())  # never from the seeded source: a key must be a secret
    return notes.Signer.from_seed(origin, bytes.fromhex(path.read_text().strip()))


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
