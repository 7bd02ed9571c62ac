"""An import of 100,000 rows with 1 % bad ones, beside the least work plain Python can do on them, and beside pandas.

The limit is the `csv` module, four checks a row, one SHA-256 a row, and `executemany` into SQLite with a unique index.
pandas parses into floats, checks nothing and hashes nothing; on PostgreSQL it writes through SQLAlchemy, where that is
installed. django-import-export stands beside `metering`.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from bench import accounting, ledger_home, metering
from bench.case import Case

ROWS = 100_000
LIMIT, PANDAS = "limit: csv, checks, SHA-256, SQLite", "limit: pandas to_sql, unchecked"
TABLE = "CREATE TABLE job (job TEXT UNIQUE, start TEXT, finish TEXT, elapsed TEXT, tres TEXT, digest BLOB)"


def limit(path: Path) -> None:
    with sqlite3.connect(":memory:") as store, path.open(newline="", encoding="utf-8") as lines:
        store.execute(TABLE)
        store.executemany("INSERT INTO job VALUES (?, ?, ?, ?, ?, ?)", _checked(csv.reader(lines, delimiter="|")))


def _checked(rows) -> Iterator[tuple]:
    for row in rows:
        try:
            hours, minutes, seconds = (int(part) for part in row[14].rpartition("-")[2].split(":"))
            begun, ended = datetime.fromisoformat(row[12]), datetime.fromisoformat(row[13])
        except ValueError:
            continue
        if minutes < 60 and seconds < 60 and hours < 24 and begun <= ended and row[16] == "COMPLETED":
            digest = hashlib.sha256("|".join(row).encode()).digest()
            yield f"{row[0]}|{row[10]}|{row[12]}", row[12], row[13], row[14], row[22], digest


def pandas_rows(path: Path) -> None:
    import pandas

    frame = pandas.read_csv(path, sep="|", header=None)
    if not ledger_home.SERVER:
        with sqlite3.connect(":memory:") as store:
            frame.to_sql("job", store)
        return
    import psycopg
    import sqlalchemy

    engine = sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(ledger_home.SERVER))
    frame.to_sql("job", engine, if_exists="replace")
    engine.dispose()


def peers(path: Path) -> dict[str, Callable[[], object]]:
    needed = ["pandas", "sqlalchemy"] if ledger_home.SERVER else ["pandas"]
    return {PANDAS: lambda: pandas_rows(path)} if all(map(importlib.util.find_spec, needed)) else {}


def cases() -> Iterator[Case]:
    ledger_home.begin()
    tenth, whole = (accounting.write(ledger_home.HOME / f"{n}.csv", n) for n in (ROWS // 10, ROWS))
    peaks = f"peak {metering.peak(tenth)} MiB at {ROWS // 10:,}, {metering.peak(whole)} MiB at {ROWS:,}"
    yield Case(
        f"{ledger_home.vendor()}: import of {ROWS:,} rows, 1 % bad; {peaks}",
        ours=lambda: metering.post(whole),
        others={LIMIT: lambda: limit(whole), **peers(whole)},
        goals={LIMIT: 3, PANDAS: 1 / 1.7 if ledger_home.SERVER else 1.3},
        before=ledger_home.again,
    )
