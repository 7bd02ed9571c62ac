"""Posting entries with everything on, beside the bare load of all the rows that it writes.

P1: a batch, all or none. The limit is COPY or executemany of the same rows into the same tables (their indexes, foreign
keys and guards) and one SHA-256 a row. P2: one entry in its own commit, beside Django's create() of one row.
django-hordak stands beside both on PostgreSQL, where it is installed (`make bench PEERS=1`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from uuid import uuid4

from bench import hordak_peer, ledger
from bench.case import Case

ONES = 200


def cases(size: int = 100_000) -> Iterator[Case]:
    vendor = ledger.prepare()
    from django.db import connection, transaction

    from contributions.models import Entry, LogHead, posting

    batch = list(ledger.drafts(size))
    ledger.empty()
    rows = captured(batch)
    stored = rows.entry[0][5]

    def bare_load() -> None:
        for _, values in rows.filled():
            for _ in values:
                hashlib.sha256(rows.entry[0][6]).digest()
        with transaction.atomic(), connection.cursor() as cursor:
            for name, values in rows.filled():
                if vendor == "postgresql":
                    posting.copy_rows(cursor, f"contributions_{name}", posting.COLUMNS[name], values)
                else:
                    cursor.executemany(posting._insert(name, 1), values)
            cursor.execute(posting.HEAD, (size + 1, stored))

    def ours() -> int:
        ledger.append(batch)
        return LogHead.objects.get().size

    def begin() -> None:
        ledger.empty()
        hordak_peer.empty()

    has_peer = hordak_peer.is_there()
    yield Case(
        f"{vendor}: {size:,} entries in one batch, {rows.count():,} rows",
        ours=ours,
        others={
            "limit: bare load of the rows + SHA-256": bare_load,
            **({"django-hordak, bulk_create": lambda: hordak_peer.bulk(batch)} if has_peer else {}),
        },
        before=begin,
        goals={"limit: bare load of the rows + SHA-256": 3.0, "django-hordak, bulk_create": 0.25},
    )
    singles = iter(list(ledger.drafts(20 * ONES, seed=ledger.SEED + 1)))

    def one_by_one() -> None:
        for _ in range(ONES):
            ledger.append([next(singles)])

    def by_hordak() -> None:
        hordak_peer.one_by_one(batch[:ONES])

    def create() -> None:
        for _ in range(ONES):
            with transaction.atomic():
                Entry.objects.create(
                    seq=uuid4().int >> 66, id=uuid4(), kind="resource.recorded", subject="resource:C-0001",
                    member="m01", recorded_at=ledger.AT, leaf=b"0" * 230, leaf_hash=b"0" * 32,
                )  # fmt: skip

    yield Case(
        f"{vendor}: {ONES} entries one by one, each in its own commit",
        ours=one_by_one,
        others={
            "limit: Django create() of one row": create,
            **({"limit: django-hordak, transfer_to": by_hordak} if has_peer else {}),
        },
        before=begin,
        goals={"limit: Django create() of one row": 4.0, "limit: django-hordak, transfer_to": 0.5},
    )


def captured(batch: list):
    """The rows that a batch becomes, caught on their way into the database."""
    from contributions.models import posting

    caught = []
    original = posting.post
    posting.post = lambda rows, **more: (caught.append(rows), original(rows, **more))
    try:
        ledger.append(batch)
    finally:
        posting.post = original
    return caught[0]
