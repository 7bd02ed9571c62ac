"""django-hordak, the ledger with double entry and checks in the database, on the same PostgreSQL in the same run.

An account a member and kind and one a kind on the other side; an entry is a transaction of two legs. It has one time
axis and no proof, so its balances answer an easier question than ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

ONE = Decimal(1).scaleb(-6)


def is_there() -> bool:
    """Whether it is installed, and the database is one that it takes."""
    from django.apps import apps

    return apps.is_installed("hordak") and connection.vendor == "postgresql"


def empty() -> None:
    """Its tables with nothing in them but the accounts."""
    if not is_there():
        return
    from hordak.models import Account

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE hordak_leg, hordak_transaction CASCADE")
    if not Account.objects.exists():
        from bench import ledger

        names = [f"member:{member}:{kind}" for member in ledger.MEMBERS for kind in ledger.KINDS]
        for name in [*names, *(f"source:{kind}" for kind in ledger.KINDS)]:
            kind = "IN" if name.startswith("source") else "AS"
            Account.objects.create(name=name, type=kind, currencies=["JPY"])


def accounts() -> dict:
    from hordak.models import Account

    return {row.name: row for row in Account.objects.all()}


def bulk(batch: Iterable, *, chunk: int = 5000) -> int:
    """Every entry in one transaction, past its `save()`; as many as went in, and one more, as ours counts."""
    from hordak.models import Leg, Transaction

    held, rows = accounts(), list(batch)
    with transaction.atomic():
        made = Transaction.objects.bulk_create(
            [Transaction(date=row.effective[0], description=row.subject) for row in rows], batch_size=chunk
        )
        legs = []
        for parent, row in zip(made, rows, strict=True):
            (to, _, amount), (source, _, _) = row.movements
            value = Decimal(amount) * ONE
            legs.append(Leg(transaction=parent, account=held[to], debit=value, currency="JPY"))
            legs.append(Leg(transaction=parent, account=held[source], credit=value, currency="JPY"))
        Leg.objects.bulk_create(legs, batch_size=chunk)
    return len(rows) + 1


def one_by_one(batch: Iterable) -> None:
    """`transfer_to`, each in its own commit, as its documentation has it."""
    from moneyed import Money

    held = accounts()
    for row in batch:
        (to, _, amount), (source, _, _) = row.movements
        with transaction.atomic():
            held[source].transfer_to(held[to], Money(Decimal(amount) * ONE, "JPY"), date=row.effective[0])


def balances(day: date) -> int:
    """Every account's balance as of the day, in its one query; how many there are."""
    from hordak.models import Account

    return len([row.balance for row in Account.objects.with_balances(as_of=day)])
