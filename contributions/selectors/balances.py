"""Balances by member, kind and unit, as of an effective day and as the log knew at some size: exact, in three queries.

The blocks are a projection (see `core/balances`); whatever part of the log they do not cover yet is summed from the
movements. Who may read an entry's amounts may read their sum: the secretariat's workplaces all lines, a member its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection

from contributions.core import balances as rules
from contributions.core import statements
from contributions.core.roles import FINANCE, MEMBER, Viewer
from contributions.models import BalanceLine, Movement

CURSOR = "balances"
EVERYTHING = 2**62
COVERED = "SELECT seq FROM contributions_cursor WHERE name = %s"
LATEST = (
    "SELECT {what} FROM contributions_balanceblock AS x WHERE x.level = piece.level "
    'AND x."index" = piece.place AND x.line_id = line.id AND x.day <= %s ORDER BY x.day DESC LIMIT 1'
)
FROM_BLOCKS = """
WITH piece (level, place) AS (VALUES {pieces})
SELECT line.member, line.kind, line.unit, SUM(block.high), SUM(block.low)
FROM contributions_balanceline AS line CROSS JOIN piece {join}
{where} GROUP BY line.id, line.member, line.kind, line.unit
"""
TAIL = f"""
SELECT account, unit, SUM(amount >> 32), SUM(amount & {rules.HALF - 1}) FROM contributions_movement
WHERE entry_id >= %s AND entry_id < %s AND day <= %s GROUP BY account, unit
"""

# What finance has no part in: how much data and compute each member put in.
NOT_FINANCES = frozenset({"data", "compute"})


def visible_to(viewer: Viewer | None, *, as_of: date, known_at: int | None = None) -> list[rules.Balance]:
    """The balances that the viewer may see, with effect up to and on that day, as far as `known_at` entries tell."""
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return []
    member = viewer.acting or "" if viewer.workplace == MEMBER else None
    closed = NOT_FINANCES if viewer.workplace == FINANCE else frozenset()
    rows = _sorted(_totals(as_of, EVERYTHING if known_at is None else known_at, member))
    return [row for row in rows if row.member not in viewer.barred and row.kind not in closed]


def by_movements(*, as_of: date, known_at: int) -> list[rules.Balance]:
    """The same for everybody by a plain sum over all movements: what the blocks are checked against."""
    totals: dict[rules.Line, int] = defaultdict(int)
    rows = Movement.objects.filter(entry_id__lt=known_at, day__lte=as_of).order_by()
    for account, unit, amount in rows.values_list("account", "unit", "amount").iterator(chunk_size=5000):
        if (own := statements.line_of(account)) is not None:
            totals[*own, unit] += amount
    return _sorted(totals)


def totals(rows: Iterable[rules.Balance]) -> list[rules.Balance]:
    """What these come to by kind and unit, of no member."""
    found: dict[rules.Line, int] = defaultdict(int)
    for row in rows:
        found["", row.kind, row.unit] += row.amount
    return _sorted(found)


def covered() -> int:
    """How many of the log's entries stand in blocks."""
    with connection.cursor() as cursor:
        cursor.execute(COVERED, (CURSOR,))
        found = cursor.fetchone()
    return found[0] + 1 if found else 0


def _totals(as_of: date, known_at: int, member: str | None) -> dict[rules.Line, int]:
    totals: dict[rules.Line, int] = defaultdict(int)
    pieces, start = rules.pieces(min(known_at, covered()))
    with connection.cursor() as cursor:
        if pieces:
            cursor.execute(*_from_blocks(pieces, as_of, member))
            for *line, high, low in cursor.fetchall():
                totals[tuple(line)] += rules.whole(high, low)
        cursor.execute(TAIL, (start, known_at, as_of.isoformat()))
        for account, unit, high, low in cursor.fetchall():
            own = statements.line_of(account)
            if own is not None and member in {None, own[0]}:
                totals[*own, unit] += rules.whole(high, low)
    return totals


def _from_blocks(pieces: list[rules.Place], as_of: date, member: str | None) -> tuple[str, list]:
    if connection.vendor == "postgresql":
        join = f"CROSS JOIN LATERAL ({LATEST.format(what='x.high, x.low')}) AS block"
    else:
        join = f"JOIN contributions_balanceblock AS block ON block.id = ({LATEST.format(what='x.id')})"
    listed = ", ".join(f"({level}, {index})" for level, index in pieces)
    where = "" if member is None else "WHERE line.member = %s"
    query = FROM_BLOCKS.format(pieces=listed, join=join, where=where)
    return query, [as_of.isoformat(), *([] if member is None else [member])]


def _sorted(totals: dict[rules.Line, int]) -> list[rules.Balance]:
    return [rules.Balance(*line, amount) for line, amount in sorted(totals.items()) if amount]


def lines() -> list[rules.Line]:
    """Every line that a block names."""
    return list(BalanceLine.objects.values_list("member", "kind", "unit"))
