"""Rows of metering as columnar evidence: Parquet files, written once, sealed by digest, queried where they lie.

`rows.parquet` holds one row a counted job, with the line it stood on and the line itself; `findings.parquet` the rows
kept aside. Instants are UTC; `day` is the job's first day by the facility's clock; `gpus` reads `h100=8,a100=2`. All
arithmetic is on integers, by the rules of `core.compute`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path

import duckdb

from contributions.core.compute import DayTotal, Repeats
from contributions.core.imports import Rejected

MEMORY = 96 << 20
MEMORY_OF_FINDINGS = 64 << 20
COPIES = 12  # of the lines held at once that a query may need: fields, lists of them, what is written
CSV_BUFFER = 16_000_000
KEYS_AT_ONCE = 1 << 20
FETCHED_AT_ONCE = 2000
FINDINGS_AT_ONCE = 1 << 14
GROUP_ROWS_MIN = 2048
GROUP_ROWS_MAX = 1 << 16
GROUP_BYTES = 1 << 21
JOBS = {
    "line": "BIGINT", "job_id": "VARCHAR", "cluster": "VARCHAR", "submit": "TIMESTAMP", "start": "TIMESTAMP",
    "end": "TIMESTAMP", "seconds": "BIGINT", "state": "VARCHAR", "cpus": "BIGINT", "nodes": "BIGINT",
    "gpus": "VARCHAR", "accelerator": "VARCHAR", "day": "DATE", "raw": "VARCHAR",
}  # fmt: skip
DAYS = {
    "line": "BIGINT", "accelerator": "VARCHAR", "day": "DATE", "jobs": "BIGINT", "cpu_s": "BIGINT",
    "node_s": "BIGINT", "gpu_s": "BIGINT", "raw": "VARCHAR",
}  # fmt: skip
FINDINGS = {
    "line": "BIGINT", "field": "VARCHAR", "code": "VARCHAR", "ja": "VARCHAR", "en": "VARCHAR", "raw": "VARCHAR",
}  # fmt: skip
KEY = "cluster, job_id, submit, start"
ALWAYS = "job_id, start"  # the part of it that every export states


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Why a row was kept aside. `raw` is the line as it came, beside its first finding; beside its others nothing."""

    line: int | None
    field: str
    code: str
    ja: str
    en: str
    raw: bytes

    def text(self, language: str | None) -> str:
        """The sentence for a person who reads that language."""
        return self.ja if (language or "").lower().startswith("ja") else self.en


@contextmanager
def opened(folder: Path | None = None, *, memory: int = MEMORY, held: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A query engine of its own for one piece of work: bounded memory, no network, no extension fetched.

    Both in bytes: what is enough where lines are short, and what lines held at once may have.
    """
    with duckdb.connect() as found:
        found.execute(f"SET memory_limit='{memory + COPIES * held}B'; SET threads={min(os.cpu_count() or 1, 4)}")
        found.execute("SET TimeZone='UTC'; SET preserve_insertion_order=true")
        found.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
        if folder is not None:
            found.execute(f"SET temp_directory={quoted(folder / 'spill')}")
        found.execute("SET lock_configuration=true")
        yield found


def quoted(text: object) -> str:
    """A text, or a path, as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


def parquet(*paths: Path, numbered: bool = False) -> str:
    """The table that the files hold; numbered, it has `file_row_number`, from 0 in each."""
    more = ", file_row_number=true" if numbered else ""
    return f"read_parquet([{', '.join(quoted(path) for path in paths)}]{more})"


def csv_table(path: Path, columns: dict[str, str]) -> str:
    """The table in a CSV file that this program wrote: every cell quoted."""
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (
        f"read_csv({quoted(path)}, header=false, auto_detect=false, delim=',', quote='\"', escape='\"', "
        f"nullstr='\\N', max_line_size=8000000, buffer_size={CSV_BUFFER}, parallel=false, strict_mode=true, "
        f"new_line='\\n', columns={{{typed}}})"
    )


def write(
    engine: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    *,
    rows: int = GROUP_ROWS_MAX,
    compression: str = "zstd, compression_level 1",
    final: bool = True,
) -> None:
    """The answer to a query as a Parquet file; a final one is flushed to disk."""
    engine.execute(
        f"COPY ({query}) TO {quoted(target)} (format parquet, compression {compression}, row_group_size {rows})"
    )
    if final:
        flush(target)


def rewrite(engine: duckdb.DuckDBPyConnection, target: Path, query: str) -> None:
    """Put the answer to a query about a file in that file's place."""
    aside = target.with_suffix(".aside")
    write(engine, query, aside, rows=group_of(target.stat().st_size * 4, target))
    os.replace(aside, target)


def group_of(size: int, path: Path) -> int:
    """Rows to write at once, such that lines of that average length fit well into the memory there is."""
    with path.open("rb") as stream:
        lines = max(stream.read(GROUP_BYTES).count(b"\n"), 1)
    average = max(min(size, GROUP_BYTES) // lines, 1)
    return max(GROUP_ROWS_MIN, min(GROUP_ROWS_MAX, GROUP_BYTES // average // GROUP_ROWS_MIN * GROUP_ROWS_MIN))


def count(engine: duckdb.DuckDBPyConnection, path: Path) -> int:
    """How many rows the file holds."""
    return engine.execute(f"SELECT count(*) FROM {parquet(path)}").fetchall()[0][0]


def flush(path: Path) -> None:
    """The file's bytes, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- what was counted before -----------------------------------------------------------------------------------------
def repeated(engine: duckdb.DuckDBPyConnection, rows: Path, *, unnamed: str) -> list[tuple[int, int]]:
    """Lines whose job stands on an earlier line of the same file, with that line; see `Repeats` for what is the same.

    Narrow first: only where two 64-bit hashes agree are the keys themselves compared. The hashes are grouped a part at
    a time, so that a longer file takes no more memory.
    """
    hashes = rows.with_suffix(".hashes")
    write(engine, f"SELECT hash({ALWAYS}) AS h FROM {parquet(rows)}", hashes, compression="uncompressed", final=False)
    engine.execute("CREATE OR REPLACE TABLE suspects (h UBIGINT)")
    parts = count(engine, rows) // KEYS_AT_ONCE + 1
    for part in range(parts):
        engine.execute(
            f"INSERT INTO suspects SELECT h FROM {parquet(hashes)} WHERE h % {parts} = {part} "
            "GROUP BY h HAVING count(*) > 1"
        )
    hashes.unlink()
    suspects = engine.execute(
        f"SELECT line, job_id, start, cluster, submit FROM {parquet(rows)} WHERE hash({ALWAYS}) IN (FROM suspects) "
        f"ORDER BY {ALWAYS}, line"
    )
    seen, of, found = Repeats(unnamed=unnamed), None, []
    while chunk := suspects.fetchmany(FETCHED_AT_ONCE):
        for line, *said in chunk:
            if said[:2] != of:
                seen.forget()
                of = said[:2]
            first = seen.first_of(line, *said)
            if first is not None:
                found.append((line, first))
    return sorted(found)


def held(engine: duckdb.DuckDBPyConnection, rows: Path, other: Path, *, unnamed: str) -> list[int]:
    """Lines whose job the other file counts already: same cluster, JobID, submit and start, compared in full.

    An export may leave out the cluster or the time of submission. What one of the two does not state cannot tell their
    jobs apart: else the same job would count once more for each way to print it. `unnamed` stands where no cluster is.
    """
    engine.execute(
        f"CREATE OR REPLACE TABLE suspects AS SELECT DISTINCT hash({ALWAYS}) AS h FROM {parquet(rows)} "
        f"WHERE hash({ALWAYS}) IN (SELECT hash({ALWAYS}) FROM {parquet(other)})"
    )
    found = engine.execute(
        f"SELECT DISTINCT ours.line FROM (FROM {parquet(rows)} WHERE hash({ALWAYS}) IN (FROM suspects)) AS ours "
        f"JOIN (SELECT {KEY} FROM {parquet(other)} WHERE hash({ALWAYS}) IN (FROM suspects)) AS theirs "
        "ON ours.job_id = theirs.job_id AND ours.start = theirs.start "
        f"AND (ours.cluster = theirs.cluster OR {quoted(unnamed)} IN (ours.cluster, theirs.cluster)) "
        "AND coalesce(ours.submit = theirs.submit, true) ORDER BY 1"
    )
    return [line for (line,) in found.fetchall()]


def set_aside(
    engine: duckdb.DuckDBPyConnection, folder: Path, lines: Collection[int], why: Callable[[int, str, bytes], Rejected]
) -> None:
    """Take jobs out of the folder's `rows.parquet`, and add to its `found.csv` why."""
    rows = folder / "rows.parquet"
    engine.execute("CREATE OR REPLACE TABLE aside (line BIGINT)")
    listed = sorted(lines)
    for start in range(0, len(listed), FETCHED_AT_ONCE):
        values = ", ".join(f"({line})" for line in listed[start : start + FETCHED_AT_ONCE])
        engine.execute(f"INSERT INTO aside VALUES {values}")
    name = name_column(engine, rows)
    taken = engine.cursor().execute(
        f"SELECT line, {name}, raw FROM {parquet(rows)} WHERE line IN (SELECT line FROM aside) ORDER BY line"
    )
    with (folder / "found.csv").open("a", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        while chunk := taken.fetchmany(FETCHED_AT_ONCE):
            for line, job_id, raw in chunk:
                out.writerows(finding_cells(why(line, job_id, raw.encode())))
    rewrite(engine, rows, f"FROM {parquet(rows)} WHERE line NOT IN (SELECT line FROM aside)")


def name_column(engine: duckdb.DuckDBPyConnection, rows: Path) -> str:
    """What names a row: the job, or in a form the day."""
    names = [column[0] for column in engine.execute(f"FROM {parquet(rows)} LIMIT 0").description]
    return "job_id" if "job_id" in names else "day::VARCHAR"


def touching(
    engine: duckdb.DuckDBPyConnection, rows: Path, days: Sequence[tuple[str, date]], zone: tzinfo, *, stated: bool
) -> list[int]:
    """Lines that count something on one of these days under the same accelerator."""
    engine.execute("CREATE OR REPLACE TABLE taken (accelerator VARCHAR, day DATE, since TIMESTAMP)")
    for start in range(0, len(days), FETCHED_AT_ONCE):
        values = ", ".join(
            f"({quoted(name)}, '{day}', '{bound(day, zone)}')" for name, day in days[start : start + FETCHED_AT_ONCE]
        )
        engine.execute(f"INSERT INTO taken VALUES {values}")
    later = "" if stated else " OR (t.day > r.day AND r.start + to_seconds(r.seconds) > t.since)"
    last = "r.day" if stated else "r.day + (r.seconds // 82800 + 1)::INTEGER"
    found = engine.execute(
        f"SELECT DISTINCT r.line FROM {parquet(rows)} AS r JOIN taken AS t ON t.accelerator = r.accelerator "
        f"AND t.day BETWEEN r.day AND {last} AND (t.day = r.day{later}) ORDER BY 1"
    )
    return [line for (line,) in found.fetchall()]


def finding_cells(row: Rejected) -> Iterator[tuple[object, ...]]:
    """The findings of a rejected row as cells of `found.csv`; its bytes once, in hex, for they may be anything."""
    raw = row.raw.rstrip(b"\r\n").hex()
    for finding in row.findings:
        line = "\\N" if finding.line is None else finding.line
        yield line, finding.field, finding.code, finding.text("ja"), finding.text("en"), raw
        raw = "\\N"


def close_findings(folder: Path, held: int = 0) -> int:
    """`found.csv` as `findings.parquet`, in the order of the file; how many rows were kept aside.

    Put in order a part at a time, so that ten times the findings take no more memory.
    """
    told, target = folder / "told.parquet", folder / "findings.parquet"
    kept = ", ".join(name for name in FINDINGS if name != "raw")
    with opened(folder, memory=MEMORY_OF_FINDINGS, held=held) as engine:
        table = csv_table(folder / "found.csv", FINDINGS)
        write(engine, f"SELECT {kept}, unhex(raw) AS raw FROM {table}", told, rows=GROUP_ROWS_MIN, final=False)
    with opened(folder, memory=MEMORY_OF_FINDINGS, held=held) as engine:
        parts = []
        for within in _spans(engine, told):
            parts.append(folder / f"told-{len(parts)}.parquet")
            inside = f"FROM {parquet(told, numbered=True)} WHERE {within} ORDER BY line, file_row_number"
            write(engine, f"SELECT * EXCLUDE file_row_number {inside}", parts[-1], rows=GROUP_ROWS_MIN, final=False)
        write(engine, f"FROM {parquet(*parts)}", target, rows=GROUP_ROWS_MIN)
        for path in (told, *parts):
            path.unlink()
        return engine.execute(f"SELECT count(raw) FROM {parquet(target)}").fetchall()[0][0]


def _spans(engine: duckdb.DuckDBPyConnection, told: Path) -> list[str]:
    """Conditions on `line` that part the findings into about FINDINGS_AT_ONCE each, in the order of the file."""
    ranked = f"SELECT line, row_number() OVER (ORDER BY line) AS rank FROM {parquet(told)} WHERE line IS NOT NULL"
    edges = engine.execute(
        f"SELECT DISTINCT line FROM ({ranked}) WHERE rank > 1 AND rank % {FINDINGS_AT_ONCE} = 1 ORDER BY 1"
    ).fetchall()
    starts = [0, *(line for (line,) in edges)]
    return [
        *(f"line >= {first} AND line < {end}" for first, end in pairwise(starts)),
        f"line >= {starts[-1]} OR line IS NULL",
    ]


def span(rows: Path) -> tuple[datetime, datetime] | None:
    """The earliest and the latest start in a file of jobs; None where there is none."""
    with opened() as engine:
        first, last = engine.execute(f"SELECT min(start), max(start) FROM {parquet(rows)}").fetchall()[0]
    return (first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)) if first else None


# ---- what the ledger posts -------------------------------------------------------------------------------------------
def day_totals(engine: duckdb.DuckDBPyConnection, rows: Path, zone: tzinfo) -> tuple[DayTotal, ...]:
    """Sums by (accelerator, day): `core.compute.day_totals` of the same jobs."""
    first, last = engine.execute(
        f"SELECT min(day), max(day + (seconds // 82800 + 1)::INTEGER) FROM {parquet(rows)}"
    ).fetchall()[0]
    if first is None:
        return ()
    engine.execute("CREATE OR REPLACE TABLE days (day DATE, since TIMESTAMP, until TIMESTAMP)")
    engine.execute(f"INSERT INTO days VALUES {_bounds(first, last, zone)}")
    cut = (
        "SELECT r.accelerator, r.gpus, d.day, r.cpus, r.nodes, d.day = r.day AS begins, "
        "epoch(least(d.until, r.start + to_seconds(r.seconds)))::BIGINT - epoch(greatest(d.since, r.start))::BIGINT "
        "AS s, r.seconds FROM "
        "(SELECT accelerator, gpus, day, cpus, nodes, start, seconds, "
        f"unnest(range(0, seconds // 82800 + 2)) AS n FROM {parquet(rows)}) AS r "
        "JOIN days AS d ON d.day = r.day + r.n::INTEGER"
    )
    engine.execute(
        "CREATE OR REPLACE TABLE pieces AS SELECT accelerator, gpus, day, sum(begins::BIGINT) AS jobs, "
        f"sum(s * cpus) AS cpu_s, sum(s * nodes) AS node_s, sum(s) AS s FROM ({cut}) "
        "WHERE s > 0 OR (seconds = 0 AND begins) GROUP BY ALL"
    )
    found = engine.execute(
        "SELECT accelerator, day, sum(jobs), sum(cpu_s), sum(node_s), sum(gpu_s) FROM ("
        "SELECT accelerator, day, jobs, cpu_s, node_s, 0::HUGEINT AS gpu_s FROM pieces UNION ALL "
        "SELECT split_part(gpu, '=', 1), day, 0, 0, 0, s * split_part(gpu, '=', 2)::BIGINT FROM "
        "(SELECT day, s, unnest(string_split(gpus, ',')) AS gpu FROM pieces WHERE gpus <> '')"
        ") GROUP BY 1, 2"
    ).fetchall()
    return tuple(sorted(DayTotal(row[0], row[1], *(int(amount) for amount in row[2:])) for row in found))


def stated_days(engine: duckdb.DuckDBPyConnection, rows: Path) -> tuple[DayTotal, ...]:
    """The day totals that a form states."""
    found = engine.execute(f"SELECT accelerator, day, jobs, cpu_s, node_s, gpu_s FROM {parquet(rows)}").fetchall()
    return tuple(sorted(DayTotal(*row) for row in found))


def counted(path: Path) -> int:
    """How many rows the file holds."""
    with opened() as engine:
        return count(engine, path)


# ---- what was kept aside ---------------------------------------------------------------------------------------------
def findings(path: Path, *, offset: int = 0, limit: int | None = None) -> list[FindingRow]:
    """Rows kept aside, in the order of the file."""
    bound = "" if limit is None else f" LIMIT {limit} OFFSET {offset}"
    with opened() as engine:
        found = engine.execute(
            "SELECT line, field, code, ja, en, coalesce(raw, ''::BLOB) "
            f"FROM {parquet(path, numbered=True)} ORDER BY file_row_number{bound}"
        )
        return [FindingRow(*row) for row in found.fetchall()]


def raw_rows(path: Path) -> Iterator[bytes]:
    """The lines kept aside, each as it came, drawn as a stream."""
    with opened() as engine:
        found = engine.execute(
            f"SELECT raw FROM {parquet(path, numbered=True)} WHERE raw IS NOT NULL ORDER BY file_row_number"
        )
        while rows := found.fetchmany(FETCHED_AT_ONCE):
            yield from (bytes(raw) for (raw,) in rows)


def by_code(path: Path) -> list[tuple[str, str, int]]:
    """How often each fault occurs: field, code, number; the most frequent first."""
    with opened() as engine:
        return engine.execute(
            f"SELECT field, code, count(*) FROM {parquet(path)} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        ).fetchall()


def _bounds(first: date, last: date, zone: tzinfo) -> str:
    days = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    edges = [bound(day, zone) for day in days]
    return ", ".join(
        f"('{day}', '{since}', '{until}')" for day, since, until in zip(days, edges, edges[1:], strict=False)
    )


def bound(day: date, zone: tzinfo) -> str:
    """Midnight of the wall clock, as an instant."""
    return datetime.combine(day, time.min, zone).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
