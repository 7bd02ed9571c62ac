"""Metering: `sacct` lines to sealed evidence, findings and posted entries, beside a bare DuckDB pass over the file.

The bare pass parses the file as text in 26 columns, sums elapsed times by partition and day, and writes it as Parquet:
no rule is checked, nothing is split at midnight, hashed, compared with earlier batches or journaled. What one import
takes in memory is measured in a process of its own. django-import-export, where it is installed, gets a hundredth of
the lines: ours is a hundred times as fast in lines a second when it takes no longer. BENCH_LINES sets the size
(1,000,000).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bench import accounting, import_export_peer, ledger_home, memory
from bench.case import Case

LINES = int(os.environ.get("BENCH_LINES", "1000000"))
COLUMNS = 26
PEER = "limit: django-import-export, safe to repeat, a hundredth"


def post(path: Path) -> int:
    """The whole import into the ledger as it stands; the number of rows kept aside."""
    from contributions import services
    from contributions.core.roles import Viewer
    from contributions.models import Facility, Member

    outcome = services.imports.receive(
        path,
        member=Member.objects.get(),
        facility=Facility.objects.get(),
        by=Viewer.system("bench"),
        at=ledger_home.AT,
    )
    return outcome.batch.findings_count


def bare(path: Path, target: Path) -> None:
    import duckdb

    names = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(COLUMNS))
    table = f"read_csv('{path}', delim='|', quote='', escape='', header=false, auto_detect=false, columns={{{names}}})"
    with duckdb.connect() as engine:
        engine.execute(f"SET threads={os.cpu_count()}")
        engine.execute(
            "SELECT c3, left(c12, 10), count(*), sum(try_cast(c18 AS BIGINT)), sum(epoch(try_cast(c13 AS TIMESTAMP)"
            f" - try_cast(c12 AS TIMESTAMP))) FROM {table} GROUP BY 1, 2"
        ).fetchall()
        engine.execute(f"COPY (FROM {table}) TO '{target}' (format parquet, compression zstd)")


def peak(path: Path) -> int:
    """MiB that a process of its own needs for one import into a ledger that was founded before it began."""
    ledger_home.again()
    return memory.needed(
        "import django; django.setup(); from pathlib import Path; from bench import metering;"
        f"metering.post(Path({str(path)!r}))"
    )


def cases() -> Iterator[Case]:
    ledger_home.begin()
    hundredth, tenth, whole = (
        accounting.write(ledger_home.HOME / f"{count}.log", count) for count in (LINES // 100, LINES // 10, LINES)
    )
    peer = {
        PEER: lambda: import_export_peer.take_in(hundredth, safe=True),
        "limit: django-import-export, not safe to repeat, a hundredth": lambda: import_export_peer.take_in(hundredth),
    }
    peaks = f"peak {peak(tenth)} MiB at {LINES // 10:,}, {peak(whole)} MiB at {LINES:,}"
    yield Case(
        f"{ledger_home.vendor()}: {LINES:,} sacct lines, 1 % bad, to evidence, findings and entries; {peaks}",
        ours=lambda: post(whole),
        others={
            "limit: bare DuckDB pass to Parquet": lambda: bare(whole, ledger_home.HOME / "bare.parquet"),
            "limit: ours, a tenth of the lines": lambda: post(tenth),
            **(peer if import_export_peer.is_there() else {}),
        },
        goals={
            "limit: bare DuckDB pass to Parquet": 3,
            "limit: ours, a tenth of the lines": 11,
            PEER: 1,
        },
        before=ledger_home.again,
    )
