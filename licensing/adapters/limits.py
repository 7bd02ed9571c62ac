"""How often one address may ask for what costs work: counted in this process alone, and forgotten with it.

No address is kept: a salted digest stands for it, under a salt made when the process starts. Several workers count each
for itself, so the bound for all of them is that many times higher.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict

WINDOW_SECONDS = 3600
KEPT_MAX = 10_000

_salt = secrets.token_bytes(16)
_lock = threading.Lock()
_counts: OrderedDict[bytes, tuple[float, int]] = OrderedDict()


def allow(door: str, address: str, most: int, *, clock=time.monotonic) -> bool:
    """Whether the address may pass this door once more within the hour; asking counts."""
    key = hashlib.sha256(_salt + f"{door} {address}".encode()).digest()
    at = clock()
    with _lock:
        began, count = _counts.pop(key, (at, 0))
        if at - began >= WINDOW_SECONDS:
            began, count = at, 0
        _counts[key] = began, count + 1
        while len(_counts) > KEPT_MAX:
            _counts.popitem(last=False)
    return count < most


def forget() -> None:
    """Begin counting anew."""
    with _lock:
        _counts.clear()
