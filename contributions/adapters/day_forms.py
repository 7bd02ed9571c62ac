"""The standard form for compute, by day, in CSV or Parquet: read by one rule, kept in columns, handed out empty.

What a Parquet file grows to is told by its own footer, which may lie. So its footer has a bound, its columns must be
plain ones, of a cell no more is taken than a cell may have, and rows are counted as they come.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import duckdb

from contributions.adapters import cells, columnar, spreadsheets
from contributions.adapters.incoming import Width
from contributions.adapters.slurm import Tally
from contributions.adapters.spreadsheets import COMPUTE, KnownOn, MeteredDay
from contributions.core.errors import Refused
from contributions.core.imports import PARQUET, Rejected

ROWS_MAX = 2_000_000
FOOTER_MAX = 1 << 22
MEMORY = 256 << 20  # others write Parquet in groups as large as they like
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_PLAIN = {"VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "DECIMAL", "FLOAT", "DOUBLE", '"NULL"'}
_PLAIN |= {f"{sign}{name}" for sign in ("", "U") for name in _WHOLE}
EXAMPLE = ("", "2026-04-01", "h100", "12", "1152", "96", "768")


class NotParquet(Refused):
    code = "not-parquet"
    ja = "Parquet ファイルとして読めません。出力し直してください。"
    en = "The file cannot be read as Parquet. Write it again."


class ColumnKind(Refused):
    code = "column-kind"
    ja = "列「{column}」の型 {kind} は読めません。文字、数値または日付の列として出力し直してください。"
    en = "The column “{column}” is of the type {kind}, which is not read. Write it as text, a number or a date."


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
    known_on: KnownOn | None = None,
    mapping: Mapping[str, str] | None = None,
) -> tuple[Tally, str]:
    """Write `rows.parquet` and `found.csv` into the folder; the tally, and the header as it was printed."""
    tally, width = Tally(), Width()
    with ExitStack() as stack:
        files = [
            stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            for name in ("odd.csv", "found.csv")
        ]
        days, found = (csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n") for file in files)
        for raw, row in _rows(path, facility, file_format, known, known_on, mapping):
            tally.lines += 1
            width.note(len(raw.encode()), row.finding.line if isinstance(row, Rejected) else row.line)
            tally.rejected += isinstance(row, Rejected)
            if isinstance(row, Rejected):
                found.writerows(columnar.finding_cells(row))
            else:
                days.writerow(_cells(row, raw))
    tally.held = width.held
    with columnar.opened(folder, held=tally.held) as engine:
        columnar.write(engine, f"FROM {columnar.csv_table(folder / 'odd.csv', columnar.DAYS)}", folder / "rows.parquet")
    with path.open("rb") as stream:
        first = stream.readline(cells.LINE_MAX)
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
    path: Path,
    facility: str,
    file_format: str,
    known: Collection[str],
    known_on: KnownOn | None,
    mapping: Mapping[str, str] | None,
) -> Iterator[tuple[str, MeteredDay | Rejected]]:
    if file_format == PARQUET:
        yield from spreadsheets.compute_cells(_texts(path, mapping), facility, known=known, known_on=known_on)
        return
    with path.open("rb") as stream, path.open("rb") as again:
        lines = cells.lines(again)
        for row in spreadsheets.compute_days(stream, facility, known=known, known_on=known_on, mapping=mapping):
            line = row.finding.line if isinstance(row, Rejected) else row.line
            raw = next(raw for number, raw in lines if number == line)
            yield raw.decode("utf-8", "replace").rstrip("\r\n"), row


def _texts(path: Path, mapping: Mapping[str, str] | None) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a Parquet form with each cell as text, numbered as the lines of a table under its header."""
    _check_footer(path)
    with columnar.opened(memory=MEMORY) as engine:
        try:
            columns = engine.execute(f"DESCRIBE FROM {columnar.parquet(path)}").fetchall()
            names = cells.names_of([column[0] for column in columns], COMPUTE, mapping)
            wanted = [(theirs, ours, kind) for (theirs, kind, *_), ours in zip(columns, names, strict=True)
                      if ours in COMPUTE]  # fmt: skip
            rows = columnar.count(engine, path)
            if rows > ROWS_MAX:
                raise TooManyRows(rows=rows, limit=ROWS_MAX)
            texts = ", ".join(_text(theirs, kind) for theirs, _, kind in wanted)
            table = engine.execute(f"SELECT {texts} FROM {columnar.parquet(path)}")
            line = 1
            while chunk := table.fetchmany(columnar.FETCHED_AT_ONCE):
                for row in chunk:
                    line += 1
                    if line > ROWS_MAX + 1:
                        raise TooManyRows(rows=line - 1, limit=ROWS_MAX)
                    yield line, dict(zip((ours for _, ours, _ in wanted), row, strict=True))
        except duckdb.Error:
            raise NotParquet from None


def _text(column: str, kind: str) -> str:
    """The column as texts; of an over-long one just enough to show that it is."""
    if kind.partition("(")[0] not in _PLAIN or kind.endswith("]"):
        raise ColumnKind(column=column[:60], kind=kind[:60])
    name = '"' + column.replace('"', '""') + '"'
    return f"coalesce(left({name}::VARCHAR, {cells.CELL_MAX + 1}), '')"


def _check_footer(path: Path) -> None:
    """A Parquet file ends with the length of its footer, of which a reader makes objects many times as large."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(size - 8, 0))
        end = stream.read(8)
    if len(end) < 8 or end[4:] != b"PAR1" or not 0 < int.from_bytes(end[:4], "little") <= min(FOOTER_MAX, size - 12):
        raise NotParquet


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
    return "".join(cells.csv_line(row) + "\r\n" for row in rows)
