"""Keeping the totals of metered compute: added when a batch is attested, taken off when an attested one is reversed.

A projection, not a fact. Both happen in the transaction of their entry, under the lock of the log's head, so that the
totals always say what the whole log says; `rebuild` makes them again from the statements.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction

from contributions.core import balances, meter_totals
from contributions.core.meter_totals import Key
from contributions.models import Batch, MeterTotal, posting
from contributions.selectors import meter_totals as reads
from contributions.services import journal

COLUMNS = (*Key._fields, "high", "low")
ADD = """
INSERT INTO contributions_metertotal ({names}) VALUES ({places}) ON CONFLICT ({key})
DO UPDATE SET high = contributions_metertotal.high + excluded.high, low = contributions_metertotal.low + excluded.low
"""


def add(batch: Batch) -> None:
    """Let the days of a batch count."""
    _add(meter_totals.totals(reads.days_of(batch.number)))


def take_off(batch: Batch) -> None:
    """Let them count no longer."""
    _add({key: -amount for key, amount in meter_totals.totals(reads.days_of(batch.number)).items()})


@transaction.atomic
def rebuild() -> int:
    """Drop every total and make them again from the statements; how many there are."""
    journal.lock()
    MeterTotal.objects.all()._raw_delete(MeterTotal.objects.db)
    found = reads.by_statements()
    rows = _rows(found)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            posting.copy_rows(cursor, MeterTotal._meta.db_table, COLUMNS, rows)
        else:
            cursor.executemany(_add_query(), rows)
    return len(rows)


def _add(found: Mapping[Key, int]) -> None:
    if found:
        with connection.cursor() as cursor:
            cursor.executemany(_add_query(), _rows(found))


def _rows(found: Mapping[Key, int]) -> list[tuple]:
    """Halves of each total; those of an amount taken off are both negative, so that they cancel what was added."""
    made = []
    for key, amount in sorted(found.items()):
        high, low = balances.halves(abs(amount))
        made.append((*key, high, low) if amount >= 0 else (*key, -high, -low))
    return made


def _add_query() -> str:
    names, key = (", ".join(f'"{name}"' for name in columns) for columns in (COLUMNS, Key._fields))
    return ADD.format(names=names, places=", ".join(["%s"] * len(COLUMNS)), key=key)
