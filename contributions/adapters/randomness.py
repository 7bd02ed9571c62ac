"""The one source of nonces and salts.

By default the operating system's. A story that must give the same bytes twice, on either database, seeds it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_source: Callable[[int], bytes] = secrets.token_bytes


def random_bytes(size: int) -> bytes:
    """That many bytes that nobody can guess, or, under `seeded`, that everybody can repeat."""
    return _source(size)


@contextmanager
def seeded(seed: bytes) -> Iterator[None]:
    """Within, bytes come from SHA-256(seed ‖ counter): repeatable, and so fit for tests and demonstrations only."""
    global _source  # noqa: PLW0603 the process has one source
    before, counter = _source, 0

    def repeatable(size: int) -> bytes:
        nonlocal counter
        out = b""
        while len(out) < size:
            out += hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()
            counter += 1
        return out[:size]

    _source = repeatable
    try:
        yield
    finally:
        _source = before
