"""Keeping the blocks of running totals that balances are read from: made in the log's order, never changed.

A projection, not a fact: it may be dropped and made again at any time (`rebuild`), and what is not in a block yet is
read from the movements themselves, so a balance is right whether or not this has run.
"""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from contributions.core import balances as rules
from contributions.core import statements
from contributions.models import BalanceBlock, BalanceLine, Cursor, LogHead, Movement, posting

CURSOR = "balances"
# Blocks made in one transaction: few enough that no writer waits long for it.
BLOCKS_AT_ONCE = 4
COLUMNS = ("level", "index", "line_id", "day", "high", "low")
# A block of the next level from its four parts: day by day what each of them moved, then the running total of that.
MERGE = """
INSERT INTO contributions_balanceblock (level, "index", line_id, day, high, low)
SELECT CAST(%s AS smallint), CAST(%s AS bigint), line_id, day,
       SUM(high) OVER (PARTITION BY line_id ORDER BY day), SUM(low) OVER (PARTITION BY line_id ORDER BY day)
FROM (SELECT line_id, day, SUM(high) AS high, SUM(low) AS low FROM (
        SELECT line_id, day,
               high - LAG(high, 1, CAST(0 AS bigint)) OVER own AS high,
               low - LAG(low, 1, CAST(0 AS bigint)) OVER own AS low
        FROM contributions_balanceblock WHERE level = %s AND "index" >= %s AND "index" < %s
        WINDOW own AS (PARTITION BY "index", line_id ORDER BY day)) AS moved
      GROUP BY line_id, day) AS days
ORDER BY line_id, day
"""


def extend() -> int:
    """Make the blocks that the log has filled since; how many of the lowest level were made."""
    Cursor.objects.get_or_create(name=CURSOR)
    made = 0
    while step := _extend():
        made += step
    return made


@transaction.atomic
def rebuild() -> int:
    """Drop every block and make them again from the movements."""
    Cursor.objects.get_or_create(name=CURSOR)
    Cursor.objects.select_for_update().get(name=CURSOR)
    BalanceBlock.objects.all()._raw_delete(BalanceBlock.objects.db)
    BalanceLine.objects.all()._raw_delete(BalanceLine.objects.db)
    Cursor.objects.filter(name=CURSOR).update(seq=-1)
    return extend()


@transaction.atomic
def _extend() -> int:
    cursor = Cursor.objects.select_for_update().get(name=CURSOR)
    head = LogHead.objects.first()
    first = (cursor.seq + 1) // rules.BLOCK
    full = head.size // rules.BLOCK if head else 0
    blocks = range(first, min(full, first + BLOCKS_AT_ONCE))
    lines = _lines() if blocks else {}
    for index in blocks:
        _make(index, lines)
        for level, above in rules.completed_by(index):
            _merge(level, above)
    if blocks:
        cursor.seq = blocks.stop * rules.BLOCK - 1
        cursor.save(update_fields=["seq"])
    return len(blocks)


def _make(index: int, lines: dict[rules.Line, int]) -> None:
    """A block of the lowest level, from its movements."""
    start = index * rules.BLOCK
    rows = Movement.objects.filter(entry_id__gte=start, entry_id__lt=start + rules.BLOCK)
    days: dict[tuple[rules.Line, str], int] = defaultdict(int)
    for account, unit, amount, day in rows.order_by().values_list("account", "unit", "amount", "day"):
        if (own := statements.line_of(account)) is not None:
            days[(*own, unit), day.isoformat()] += amount
    for line in {line for line, _ in days} - set(lines):
        lines[line] = BalanceLine.objects.create(member=line[0], kind=line[1], unit=line[2]).pk
    made = [
        (rules.LEVEL_MIN, index, lines[line], day, *rules.halves(total)) for line, day, total in rules.running(days)
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            posting.copy_rows(cursor, BalanceBlock._meta.db_table, COLUMNS, made)
        else:
            names = ", ".join(f'"{column}"' for column in COLUMNS)
            cursor.executemany(
                f"INSERT INTO contributions_balanceblock ({names}) VALUES (%s, %s, %s, %s, %s, %s)", made
            )


def _merge(level: int, index: int) -> None:
    first = index * rules.FAN
    with connection.cursor() as cursor:
        cursor.execute(MERGE, (level, index, level - 1, first, first + rules.FAN))


def _lines() -> dict[rules.Line, int]:
    return {(row.member, row.kind, row.unit): row.pk for row in BalanceLine.objects.all()}
