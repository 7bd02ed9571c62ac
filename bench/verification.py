"""P12: recomputing the whole log, beside reading the same rows raw and hashing what the tree hashes.

The deep verification also asks whether every statement is canonical, and makes all balances again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from bench import ledger, memory
from bench.case import Case

RAW = (
    "SELECT seq, id, kind, subject, member, recorded_at, leaf, leaf_hash FROM contributions_entry ORDER BY seq",
    "SELECT entry_id, content FROM contributions_statement ORDER BY entry_id",
    "SELECT entry_id, account, unit, amount, day FROM contributions_movement ORDER BY id",
    'SELECT level, "index", hash FROM contributions_node ORDER BY level, "index"',
)


def cases(size: int = 100_000) -> Iterator[Case]:
    vendor = ledger.prepare()
    from django.db import connection

    from contributions import selectors, services
    from contributions.core.roles import Viewer

    ledger.fill(size)
    services.log.seal(by=Viewer.system("bench"), at=ledger.AT)
    services.balances.extend()
    ledger.analyse()
    verifier = services.log.signer().verifier

    def checked(*, deep: bool) -> int:
        found = selectors.verification.check_log(verifier, deep=deep)
        assert found.is_sound, found.fault
        return found.entries

    def raw() -> None:
        """Every row once, in chunks as ours reads them; two hashes an entry and one a node."""
        sha256 = hashlib.sha256
        with connection.cursor() as cursor:
            for query in RAW:
                cursor.execute(query)
                while rows := cursor.fetchmany(2000):
                    for row in rows:
                        sha256(row[-1] if isinstance(row[-1], bytes | memoryview) else b"0").digest()

    def peak(*, deep: bool) -> int:
        """MiB that a process of its own needs."""
        return memory.needed(
            "import django; django.setup(); from contributions import selectors, services;"
            f"assert selectors.verification.check_log(services.log.signer().verifier, deep={deep}).is_sound"
        )

    quick_memory = f"peak {peak(deep=False)} MiB"
    deep_memory = f"peak {peak(deep=True)} MiB"
    goals = {"limit: all rows raw + SHA-256": 1.6}
    others = {"limit: all rows raw + SHA-256": raw}
    yield Case(
        f"{vendor}: verify_log, {size:,} entries; {quick_memory}", lambda: checked(deep=False), others, goals=goals
    )
    yield Case(f"{vendor}: verify_log --deep, {size:,} entries; {deep_memory}", lambda: checked(deep=True), others)
