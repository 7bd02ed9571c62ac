"""P3 and P4: balances of all members and kinds at any (effective day, checkpoint), beside the ORM's group-by.

Each run asks for one random pair of day and size; the answers must be equal to the exact sum, whatever the day.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bench import hordak_peer, ledger
from bench.case import Case


def cases(size: int = 100_000) -> Iterator[Case]:
    vendor = ledger.prepare()
    from django.db.models import Sum

    from contributions import selectors, services
    from contributions.core.roles import Viewer
    from contributions.models import Movement

    ledger.fill(size)
    services.balances.extend()
    ledger.analyse()
    viewer, draw, asked = Viewer.system("bench"), random.Random(ledger.SEED), [None]

    def another() -> None:
        asked[0] = (date(2024, 4, 1) + timedelta(days=draw.randrange(1200)), draw.randrange(size // 2, size + 1))

    def ours() -> list:
        day, known_at = asked[0]
        return [
            (b.member, b.kind, b.amount) for b in selectors.balances.visible_to(viewer, as_of=day, known_at=known_at)
        ]

    def by_orm() -> list:
        day, known_at = asked[0]
        rows = Movement.objects.filter(entry_id__lt=known_at, day__lte=day, account__startswith="member:").order_by()
        return sorted(
            (*row["account"].split(":")[1:], int(row["total"]))
            for row in rows.values("account").annotate(total=Sum("amount"))
        )

    others = {"ORM group-by": by_orm}
    if hordak_peer.is_there():
        hordak_peer.empty()
        hordak_peer.bulk(ledger.drafts(size - 1))
        ledger.analyse()
        others["limit: django-hordak with_balances"] = lambda: hordak_peer.balances(asked[0][0])
    another()
    yield Case(
        f"{vendor}: balances at {size:,} entries, day {asked[0][0]}, known at {asked[0][1]:,}",
        ours=ours,
        others=others,
        goals={"ORM group-by": 0.06 if vendor == "sqlite" else 0.2, "limit: django-hordak with_balances": 1 / 300},
    )
