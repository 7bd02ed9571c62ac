"""Slurm accounting in bulk: DuckDB takes the lines that are plain (`slurm_plain`), `slurm.judge` every other one.

There is one set of rules, in `slurm`; bulk reading only applies it faster where it comes to simple arithmetic. A file
of nothing but odd lines is read as well, only slower, and so is one whose columns change on the way.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, TextIO

from contributions.adapters import columnar, incoming, slurm, slurm_columns
from contributions.adapters import slurm_findings as found
from contributions.adapters.incoming import Scan
from contributions.adapters.slurm import Site, Tally
from contributions.adapters.slurm_plain import Lines
from contributions.core.compute import Job
from contributions.core.imports import Rejected

NAMED_LINES_MAX = 10_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand, and on which lines their names are printed."""

    columns: Sequence[str]
    headers: tuple[int, ...]
    printed: str
    steady: bool


def read(
    path: Path,
    site: Site,
    folder: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> tuple[Tally, str]:
    """Write `rows.parquet` and `found.csv` into the folder; the tally, and the header as it was printed."""
    told = progress or (lambda percent: None)
    needles = [b"jobid", *(theirs.encode() for theirs, ours in (mapping or {}).items() if ours == "jobid")]
    scan = incoming.scan(path, folder, needles=needles, progress=lambda done, whole: told(done * 20 // max(whole, 1)))
    layout = _layout(scan, mapping)
    tally = Tally(lines=scan.lines, held=scan.width.held)
    with columnar.opened(folder, held=tally.held) as engine, _Sink(folder, site) as sink:
        if not (layout.steady and _in_bulk(engine, scan, layout, site, folder, sink, tally, told)):
            with path.open("rb") as stream:
                for _, raw, outcome in slurm.judged(stream, site, tally, mapping=mapping):
                    sink.keep(outcome, raw)
            sink.close()
            columnar.write(engine, sink.jobs_table(), folder / "rows.parquet")
    told(80)
    with columnar.opened(folder, held=tally.held) as engine:
        _leave_out_repeated(engine, folder, site)
        tally.jobs = columnar.count(engine, folder / "rows.parquet")
    return tally, layout.printed


def _in_bulk(engine, scan: Scan, layout: Layout, site: Site, folder: Path, sink: _Sink, tally: Tally, told) -> bool:
    """Take the plain lines at once and the others singly; false if the parser counts lines otherwise than we do."""
    source = Lines(engine, scan, folder, layout.columns, layout.headers, site)
    if source.count != scan.lines:
        return False
    told(40)
    columnar.write(engine, source.plain(), source.rows, rows=columnar.group_of(scan.size, source.table))
    told(65)
    tally.steps = source.settle()
    for number, raw in chain(source.odd(), _noted(scan)):
        if raw.strip():
            outcome = slurm.judge(number, raw, layout.columns, site)
            if outcome is None:
                tally.steps += 1
            else:
                sink.keep(outcome, raw)
    sink.close()
    if sink.jobs_kept:
        columnar.rewrite(engine, source.rows, f"FROM {columnar.parquet(source.rows)} UNION ALL {sink.jobs_table()}")
    for path in (source.table, *source.others):
        path.unlink()
    return True


def _layout(scan: Scan, mapping: Mapping[str, str] | None) -> Layout:
    """The file's columns. They are steady unless a joined export changes them on the way, or names them late."""
    with scan.source.open("rb") as stream:
        number, first = next(((n, raw) for n, raw in slurm.lines(stream) if raw.strip()), (0, b""))
        stream.seek(0)
        named = list(_lines_named(stream, scan.named[:NAMED_LINES_MAX]))
    slurm_columns.check_first(first, mapping)
    few = len(scan.named) <= NAMED_LINES_MAX
    names = {
        at: header
        for at, raw in [(number, first), *named]
        if (header := slurm_columns.header(raw, mapping)) is not None
    }
    if not names:
        return Layout(slurm_columns.USUAL, (), "", steady=few)
    columns = names[min(names)]
    if min(names) != number:
        return Layout(columns, (), "", steady=False)
    printed = first.decode("utf-8", "replace").replace("\x00", "\ufffd").removeprefix("\ufeff").strip()
    return Layout(columns, tuple(sorted(names)), printed, few and all(each == columns for each in names.values()))


def _lines_named(stream: BinaryIO, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    wanted = set(numbers)
    last = max(wanted, default=0)
    for number, raw in slurm.lines(stream) if wanted else ():
        if number in wanted:
            yield number, raw
        if number >= last:
            return


def _noted(scan: Scan) -> Iterator[tuple[int, bytes]]:
    """The lines that the parser must not see."""
    if scan.noted:
        with scan.source.open("rb") as stream:
            for number, place in zip(scan.noted, scan.places, strict=True):
                yield number, incoming.line_at(stream, place, slurm.LINE_MAX)


class _Sink:
    """Jobs and findings of lines judged one by one, on their way into columns."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site, self.jobs_kept = folder, site, 0

    def __enter__(self) -> _Sink:
        self.files: list[TextIO] = [
            (self.folder / name).open("w", encoding="utf-8", newline="") for name in ("odd.csv", "found.csv")
        ]
        self.jobs, self.found = (csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n") for file in self.files)
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        for file in self.files:
            file.close()

    def keep(self, outcome: Job | Rejected, raw: bytes) -> None:
        if isinstance(outcome, Rejected):
            self.found.writerows(columnar.finding_cells(outcome))
            return
        self.jobs_kept += 1
        times = (outcome.submit, outcome.start, outcome.end)
        # fmt: off
        self.jobs.writerow((
            outcome.line, outcome.job_id, outcome.cluster,
            *(f"{at:%Y-%m-%d %H:%M:%S}" if at else "\\N" for at in times),
            outcome.seconds, outcome.state, outcome.cpus, outcome.nodes, slurm.gpus_text(outcome.gpus),
            outcome.accelerator, outcome.start.astimezone(self.site.zone).date(),
            raw.decode("utf-8", "replace").rstrip("\r\n"),
        ))
        # fmt: on

    def jobs_table(self) -> str:
        names = ", ".join(f'"{name}"' for name in columnar.JOBS)
        return f"SELECT {names} FROM {columnar.csv_table(self.folder / 'odd.csv', columnar.JOBS)}"


def _leave_out_repeated(engine, folder: Path, site: Site) -> None:
    """A job that stands twice in the file counts where it stands first; the other line is a finding."""
    repeated = columnar.repeated(engine, folder / "rows.parquet", unnamed=site.facility)
    if repeated:
        first_of = dict(repeated)
        columnar.set_aside(
            engine, folder, first_of, lambda line, job, raw: Rejected(found.duplicate(line, job, first_of[line]), raw)
        )
