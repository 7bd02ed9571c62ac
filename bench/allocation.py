"""An allocation over a large log: by totals of metered compute, beside folding every statement.

The large log holds ten members' compute of three years: batches of one member, facility and month, 93 entries each, all
attested. From 100,000 entries on there are no more totals, only more batches to each. What is timed is all of it: the
inputs gathered from the database, the shares, the canonical bytes of both, the desk's view of every share with its
lines, and the sentences that say why it is what it is. No allocation reads movements, so this log has none.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from bench import ledger
from bench.case import Case
from bench.whole_allocation import explained

ACCELERATORS, FACILITIES, MONTHS, DAYS = ("a100", "h100", "b200"), 3, 36, 31
FIRST_YEAR = 2024
WINDOW = (date(2024, 4, 10), date(2026, 10, 10))
BATCHES_AT_ONCE, BATCH = 200, 94
WHOLE_MAX = 500_000  # beyond, folding every statement takes a minute a run
POLICY: dict[str, Any] = {
    "v": 1,
    "number": "P-0001",
    "version": 1,
    "right": "revenue",
    "form": "claim",
    "method": "category-weighted/1",
    "categories": [
        {"code": "compute", "weight": "1", "units": {"gpu_s": "1/3600"}, "factors": ["accelerator"]},
    ],
    "equity_counts": False,
    "residency": ["JP"],
    "empty_category": "renormalise",
    "floor": "0",
    "cap": "1",
    "rounding": {"method": "largest-remainder/1", "grid": 1_000_000, "tie": "member-code"},
    "disclosure": "safe-totals/1",
}


def cases(size: int = 100_000) -> Iterator[Case]:
    vendor = ledger.prepare()
    from contributions.models import LogHead, MeterTotal
    from contributions.services import meter_totals
    from licensing.services import allocations

    for entries in (size // 100, size // 10, size):
        ledger.empty()
        _found()
        _fill(entries)
        meter_totals.rebuild()
        ledger.analyse()
        head = LogHead.objects.get().size
        months = MeterTotal.objects.filter(day="").count()
        yield Case(
            f"{vendor}: allocation over {head:,} entries, {months:,} totals of a month, ten members, explained",
            ours=_calculated(allocations.gather, head),
            others={"every statement folded": _calculated(allocations.gather_whole, head)} if head < WHOLE_MAX else {},
        )


def _calculated(gather: Callable[..., dict], size: int) -> Callable[[], list[str]]:
    def run() -> list[str]:
        return explained(POLICY, gather(POLICY, "R-1", WINDOW, size, "00" * 32))

    return run


def _found() -> None:
    from contributions.services.journal import Draft

    admitted = [
        Draft("member.admitted", subject=f"member:{code}", member=code,
              facts={"member": code, "organization": code, "class": "founder", "from": "2024-04-01"})
        for code in ledger.MEMBERS
    ]  # fmt: skip
    cards = [
        Draft("ratecard.adopted", subject="ratecard:accelerator",
              facts={"card": "accelerator", "version": year, "from": f"{year}-04-15", "lines": lines})
        for year, lines in ((2024, {"a100": "2/5", "h100": "1"}), (2025, {"a100": "1/3", "h100": "1", "b200": "2"}))
    ]  # fmt: skip
    source = {"funding": "F-1", "mode": "own", "rate": "1/3", "programme": None, "decision": None}
    funding = Draft("funding.registered", subject="funding:F-1", facts=source)
    ledger.append([*admitted, *cards, funding])


def _fill(entries: int) -> None:
    """Entries with their statements, written past the journal: leaves, tree and movements are not what is measured."""
    from django.db import connection, transaction

    from contributions.core import canonical
    from contributions.models import LogHead, posting

    source, seq = _batches(), LogHead.objects.get().size
    recorded, id_of = posting.stored_instant(ledger.AT), lambda seq: posting.stored_id(str(UUID(int=seq)))
    while seq < entries:
        rows = posting.Rows()
        wanted = min(BATCHES_AT_ONCE, -(-(entries - seq) // BATCH))
        for kind, subject, member, facts in (one for batch in islice(source, wanted) for one in batch):
            said = {"v": 1, "kind": kind, "subject": subject, "member": member, "facts": facts, "movements": []}
            rows.entry.append((seq, id_of(seq), kind, subject, member, recorded, b"", b"\0" * 32))
            rows.statement.append((seq, canonical.dumps(said)))
            seq += 1
        with transaction.atomic():
            posting.post(rows, size=seq, recorded_at=recorded)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM contributions_statement")
        assert cursor.fetchone()[0] == seq


def _batches() -> Iterator[list[tuple]]:
    """Batch after batch, each with its attestation, going round the facilities of every member and all the months."""
    draw, number = random.Random(ledger.SEED), 0
    while True:
        for month in range(MONTHS):
            for member in ledger.MEMBERS:
                for facility in range(FACILITIES):
                    number += 1
                    batch = f"B-{number:07d}"
                    days = [
                        (
                            "compute.metered",
                            f"batch:{batch}",
                            member,
                            _metered(draw, batch, member, facility, kind, day),
                        )
                        for day in _days(month)
                        for kind in ACCELERATORS
                    ]
                    yield [*days, ("compute.attested", f"batch:{batch}", member, {"batch": batch})]


def _days(month: int) -> list[date]:
    first = date(FIRST_YEAR + (3 + month) // 12, (3 + month) % 12 + 1, 1)
    return [day for day in (first + timedelta(days=count) for count in range(DAYS)) if day.month == first.month]


def _metered(draw: random.Random, batch: str, member: str, place: int, accelerator: str, day: date) -> dict:
    seconds = draw.randrange(1, 10**7)
    return {
        "batch": batch,
        "member": member,
        "facility": f"{member}-{place}",
        "accelerator": accelerator,
        "day": day.isoformat(),
        "jobs": 10,
        "cpu_s": str(seconds * 8),
        "node_s": str(seconds),
        "gpu_s": str(seconds * 8),
        "funding": "F-1" if place == 2 else None,
        "country": "JP",
    }
