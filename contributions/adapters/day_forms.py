"""The standard form for compute, by day, in CSV or Parquet: read by one rule, kept in columns, handed out empty."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import duckdb

from contributions.adapters import columnar, spreadsheets
from contributions.adapters.slurm import Tally
from contributions.adapters.spreadsheets import COMPUTE, MeteredDay
from contributions.core.errors import Refused
from contributions.core.imports import PARQUET, Rejected

ROWS_MAX = 2_000_000
EXAMPLE = ("", "2026-04-01", "h100", "12", "1152", "96", "768")


class NotParquet(Refused):
    code = "not-parquet"
    ja = "Parquet ファイルとして読めません。出力し直してください。"
    en = "The file cannot be read as Parquet. Write it again."


class TooManyRows(Refused):
    code = "too-many-rows"
    ja = "行数が {rows} で、標準様式の上限 {limit} を超えています。期間で分けて提出してください。"
    en = "The form has {rows} rows, more than the {limit} it may have. Send it in parts, by period."


def read(
    path: Path,
    facility: str,
    folder: Path,
    *,
    file_format: str,
    known: Collection[str] = (),
    mapping: Mapping[str, str] | None = None,
) -> tuple[Tally, str]:
    """Write `rows.parquet` and `found.csv` into the folder; the tally, and the header as it was printed."""
    tally = Tally()
    with ExitStack() as stack:
        files = [
            stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            for name in ("odd.csv", "found.csv")
        ]
        days, found = (csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n") for file in files)
        for raw, row in _rows(path, facility, file_format, known, mapping):
            tally.lines += 1
            tally.rejected += isinstance(row, Rejected)
            if isinstance(row, Rejected):
                found.writerow(columnar.finding_cells(row))
            else:
                days.writerow(_cells(row, raw))
    with columnar.opened(folder) as engine:
        columnar.write(engine, f"FROM {columnar.csv_table(folder / 'odd.csv', columnar.DAYS)}", folder / "rows.parquet")
    with path.open("rb") as stream:
        first = stream.readline(spreadsheets.LINE_MAX)
    header = (
        ",".join(COMPUTE)
        if file_format == PARQUET
        else first.decode("utf-8-sig", "replace").replace("\x00", "\ufffd").strip()
    )
    return tally, header


def _cells(row: MeteredDay, raw: str) -> tuple[object, ...]:
    total = row.total
    return row.line, total.accelerator, total.day, total.jobs, total.cpu_s, total.node_s, total.gpu_s, raw


def _rows(
    path: Path, facility: str, file_format: str, known: Collection[str], mapping: Mapping[str, str] | None
) -> Iterator[tuple[str, MeteredDay | Rejected]]:
    if file_format == PARQUET:
        yield from spreadsheets.compute_cells(_texts(path, mapping), facility, known=known)
        return
    with path.open("rb") as stream, path.open("rb") as again:
        lines = enumerate(iter(lambda: again.readline(spreadsheets.LINE_MAX), b""), start=1)
        for row in spreadsheets.compute_days(stream, facility, known=known, mapping=mapping):
            line = row.finding.line if isinstance(row, Rejected) else row.line
            raw = next(raw for number, raw in lines if number == line)
            yield raw.decode("utf-8", "replace").rstrip("\r\n"), row


def _texts(path: Path, mapping: Mapping[str, str] | None) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a Parquet form with each cell as text, numbered as the lines of a table under its header."""
    with columnar.opened() as engine:
        try:
            table = engine.execute(f"FROM {columnar.parquet(path)} LIMIT 0")
            printed = [column[0] for column in table.description]
            names = spreadsheets.names_of(printed, COMPUTE, mapping)
            rows = columnar.count(engine, path)
            if rows > ROWS_MAX:
                raise TooManyRows(rows=rows, limit=ROWS_MAX)
            wanted = [(theirs, ours) for theirs, ours in zip(printed, names, strict=True) if ours in COMPUTE]
            cells = ", ".join(
                f"coalesce(\"{theirs.replace(chr(34), chr(34) * 2)}\"::VARCHAR, '')" for theirs, _ in wanted
            )
            table = engine.execute(f"SELECT {cells} FROM {columnar.parquet(path)}")
            line = 1
            while chunk := table.fetchmany(columnar.FETCHED_AT_ONCE):
                for row in chunk:
                    line += 1
                    yield line, dict(zip((ours for _, ours in wanted), row, strict=True))
        except duckdb.Error:
            raise NotParquet from None


def blank(facility: str, target: Path, *, file_format: str) -> None:
    """The form with one line of example, to be filled in."""
    example = (facility, *EXAMPLE[1:])
    if file_format != PARQUET:
        target.write_text(_lines([COMPUTE, example]), encoding="utf-8-sig")
        return
    kinds = ("VARCHAR", "DATE", "VARCHAR", "BIGINT", *("DECIMAL(18,6)",) * 3)
    cells = ", ".join(
        f"{columnar.quoted(value)}::{kind} AS {name}" for name, kind, value in zip(COMPUTE, kinds, example, strict=True)
    )
    with columnar.opened() as engine:
        columnar.write(engine, f"SELECT {cells}", target)


def _lines(rows: Iterable[Iterable[str]]) -> str:
    return "".join(spreadsheets.csv_line(row) + "\r\n" for row in rows)
