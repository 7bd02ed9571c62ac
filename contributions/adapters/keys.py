"""Signing keys on disk, in a folder that only this user can read. Never in the database.

The log's first key lies under the installation's id, each later one under that and its own hash; a key that a member's
officer uses in the browser lies here too, and is named as held here wherever it is shown.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from contributions.core import cosignatures, notes


def log_signer(folder: Path, origin: str, vkey: str | None = None) -> notes.Signer:
    """The log's key: the one of that public half, else the first, made on first use and kept as 32 bytes of hex."""
    path = _log_path(folder, origin, vkey)
    if vkey is None and not path.exists():
        _write_once(path, secrets.token_bytes(32).hex())  # never from the seeded source: a key must be a secret
    return notes.Signer.from_seed(origin, bytes.fromhex(path.read_text().strip()))


def new_log_signer(folder: Path, origin: str) -> notes.Signer:
    """A key that is to take over, kept under its own hash."""
    signer = notes.Signer.from_seed(origin, secrets.token_bytes(32))
    _write_once(_log_path(folder, origin, signer.verifier.vkey), signer.seed.hex())
    return signer


def destroy(folder: Path, origin: str, vkey: str | None) -> None:
    """Delete the private half of a key that has been replaced, so that nobody signs with it again."""
    _log_path(folder, origin, vkey).unlink(missing_ok=True)


def new_cosigner(folder: Path, origin: str) -> cosignatures.Cosigner:
    """A witness's key that is held here. Its name tells whose installation it is, not whose key."""
    seed = secrets.token_bytes(32)
    unnamed = cosignatures.Cosigner("unnamed", seed).key.public.hex()[:8]
    signer = cosignatures.Cosigner(f"{origin.removesuffix('/ledger')}/witness/{unnamed}", seed)
    _write_once(_witness_path(folder, origin, signer.key.key_hash.hex()), seed.hex())
    return signer


def cosigner(folder: Path, origin: str, name: str, code: str) -> cosignatures.Cosigner:
    """A witness's key that is held here, by its name and the hash of its key."""
    return cosignatures.Cosigner(name, bytes.fromhex(_witness_path(folder, origin, code).read_text().strip()))


def _log_path(folder: Path, origin: str, vkey: str | None) -> Path:
    hash_ = "" if vkey is None else f".{notes.Verifier.parse(vkey).key_hash.hex()}"
    return folder / f"{_installation(origin)}{hash_}.log.key"


def _witness_path(folder: Path, origin: str, code: str) -> Path:
    return folder / f"{_installation(origin)}.{code}.witness.key"


def _installation(origin: str) -> str:
    return origin.rstrip("/").split("/")[-2]


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
