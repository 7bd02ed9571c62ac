"""The journal's rows on their way into the database, by hand-written SQL: every fact there is passes here.

A few rows take one statement and one round trip on PostgreSQL; many go by COPY. SQLite has `executemany`. The caller
holds the head's lock and has made every value; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

COLUMNS = {
    "entry": ("seq", "id", "kind", "subject", "member", "recorded_at", "leaf", "leaf_hash"),
    "statement": ("entry_id", "content"),
    "movement": ("entry_id", "account", "unit", "amount", "day"),
    "correction": ("entry_id", "corrected_id"),
    "node": ("level", "index", "hash"),
}
# From this number of rows on, COPY is the faster way in.
COPIED_FROM = 60
HEAD = "UPDATE contributions_loghead SET size = %s, recorded_at = %s"
# CROSS JOIN, since SQLite would scan the tree for a row in a list; PostgreSQL takes it for an ordinary join.
NODES = """
WITH wanted (level, place) AS (VALUES {places})
SELECT node.level, node."index", node.hash FROM wanted CROSS JOIN contributions_node AS node
WHERE node.level = wanted.level AND node."index" = wanted.place
"""


@dataclass(slots=True)
class Rows:
    """Tuples in the order of COLUMNS; ids are texts with hyphens, days are ISO texts."""

    entry: list[tuple] = field(default_factory=list)
    statement: list[tuple] = field(default_factory=list)
    movement: list[tuple] = field(default_factory=list)
    correction: list[tuple] = field(default_factory=list)
    node: list[tuple] = field(default_factory=list)

    def filled(self) -> list[tuple[str, list[tuple]]]:
        """Each table that gets rows, entries first."""
        return [(name, getattr(self, name)) for name in COLUMNS if getattr(self, name)]

    def count(self) -> int:
        return sum(len(rows) for _, rows in self.filled())


def stored_id(text: str) -> str:
    """An id as its column holds it: 32 digits on SQLite, where there is no type for it."""
    return text if connection.vendor == "postgresql" else text.replace("-", "")


def stored_instant(instant: datetime) -> object:
    """An instant as its column holds it."""
    return connection.ops.adapt_datetimefield_value(instant)


def post(rows: Rows, *, size: int, recorded_at: object) -> None:
    """Write all rows and the head's new size; `recorded_at` as `stored_instant` gives it."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for name, values in rows.filled():
                cursor.executemany(_insert(name, 1), values)
            cursor.execute(HEAD, (size, recorded_at))
        elif rows.count() < COPIED_FROM:
            cursor.execute(*_all_at_once(rows, size, recorded_at))
        else:
            for name, values in rows.filled():
                copy_rows(cursor, f"contributions_{name}", COLUMNS[name], values)
            cursor.execute(HEAD, (size, recorded_at))


def copy_rows(cursor, table: str, columns: Sequence[str], values: Iterable[tuple]) -> None:
    """COPY into a table of PostgreSQL."""
    names = ", ".join(f'"{column}"' for column in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in values:
            copy.write_row(row)


def nodes_at(places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Stored subtree hashes by (level, index), in one query."""
    wanted = [number for place in places for number in place]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NODES.format(places=", ".join(["(%s, %s)"] * (len(wanted) // 2))), wanted)
        return {(level, index): bytes(value) for level, index, value in cursor.fetchall()}


def _insert(name: str, count: int) -> str:
    columns = COLUMNS[name]
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * count)
    return f'INSERT INTO "contributions_{name}" ({names}) VALUES {places}'


def _all_at_once(rows: Rows, size: int, recorded_at: object) -> tuple[str, list]:
    """One statement for every table: their foreign keys are checked at the commit."""
    parts, values = [], []
    for name, tuples in rows.filled():
        parts.append(f"in_{name} AS ({_insert(name, len(tuples))})")
        values += [value for row in tuples for value in row]
    with_ = f"WITH {', '.join(parts)} " if parts else ""
    return with_ + HEAD, [*values, size, recorded_at]
