"""Canonical JSON of journal statements: ours, the general RFC 8785 package, and the bare encoder as the limit."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import rfc8785

from bench.case import Case
from contributions.core import canonical

COUNT = 5_000


def statements(count: int, seed: int = 1) -> list[dict[str, object]]:
    draw = random.Random(seed)
    return [
        {
            "v": 1,
            "kind": "compute.metered",
            "nonce": f"{draw.getrandbits(128):032x}",
            "subject": f"batch:B-{number:06d}",
            "member": draw.choice(["honda", "nec", "sony"]),
            "effective": ["2026-04-01", None],
            "movements": [["compute/honda", "gpu_s", str(draw.randrange(10**9))], ["world", "gpu_s", "-1"]],
            "facts": {"facility": "堺データセンター", "day": "2026-05-01", "jobs": draw.randrange(1000)},
        }
        for number in range(count)
    ]


def cases() -> Iterator[Case]:
    values = statements(COUNT)
    yield Case(
        f"{COUNT:,} statements to canonical bytes",
        ours=lambda: [canonical.dumps(value) for value in values],
        others={
            "rfc8785": lambda: [rfc8785.dumps(value) for value in values],
            "limit: json.dumps, no checks": lambda: [json.dumps(value, sort_keys=True).encode() for value in values],
        },
    )
