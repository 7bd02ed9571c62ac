"""Which lines of Slurm accounting are plain, and what they come to, as one query.

A line is plain when it meets a narrow pattern under which the rules of `slurm` come to simple integer arithmetic:
printed dates that exist once on the facility's clock, Elapsed within End − Start, a state in which jobs end, and an
allocation that `slurm.allocation` has read. A line that is not plain is not wrong for that: `slurm.judge` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from contributions.adapters import clocks, columnar, slurm
from contributions.adapters import slurm_findings as found
from contributions.adapters.incoming import Scan
from contributions.adapters.slurm import Site

DATE = r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
UNSET = "(Unknown|None)?"
PATTERNS = (
    ("jobid", r"\d{1,18}(_\d{1,18})?(\+\d{1,9})?"),
    ("cluster", r"[!-{}~]*"),
    ("submit", f"({DATE}|{UNSET})"),
    ("start", f"({DATE}|{UNSET})"),
    ("end", DATE),
    ("elapsed", r"(\d{1,4}-)?([01]\d|2[0-3]):[0-5]\d:[0-5]\d"),
    ("state", f"({'|'.join(sorted(slurm.ENDED))}|CANCELLED by \\d+)[+]?"),
    ("nnodes", r"\d{0,7}"),
    ("ncpus", r"\d{0,7}"),
)
MARK = "E'\\x02'"
READINGS_MAX = 200_000
COUNT_DIGITS = 7
LINES_AT_ONCE = 1 << 20
SAMPLE_BYTES = 1 << 18
# What differs from job to job in AllocTRES and says nothing of GPUs, CPUs or nodes: named without its value.
_UNREAD = ("mem=", "energy=", "billing=")
# Stands for the type of a GPU that has none until the day of its job is known; no field can hold it.
UNTYPED = "|"
_YEAR = re.compile(rb"(\d{4})-\d\d-\d\dT")


class Lines:
    """A file as a table of lines (`lines.parquet`), and the queries on it."""

    def __init__(self, engine, scan: Scan, folder: Path, columns: Sequence[str], headers: Sequence[int], site: Site):
        self.engine, self.columns, self.headers, self.site = engine, columns, headers, site
        self.table, self.rows = (folder / f"{name}.parquet" for name in ("lines", "rows"))
        self.others: list[Path] = []
        self._fill(scan.parsable, scan.width.held)
        self.count = columnar.count(engine, self.table)
        self.spans = clocks.spans(site.zone, *_years(scan.parsable))
        self._read_allocations()

    def _fill(self, path: Path, held: int) -> None:
        tres = f"string_split(raw, '|')[{self.columns.index('alloctres') + 1}]" if self._has("alloctres") else "''"
        unread = " ".join(f"WHEN starts_with(x, '{name}') THEN '{name}'" for name in _UNREAD)
        tres = f"array_to_string(list_transform(string_split({tres}, ','), lambda x: CASE {unread} ELSE x END), ',')"
        size = path.stat().st_size
        with columnar.opened(self.table.parent, held=held) as engine:
            columnar.write(
                engine,
                f"SELECT raw, {tres} AS tres FROM read_csv({columnar.quoted(path)}, delim=E'\\x01', quote='', "
                "escape='', comment='', header=false, auto_detect=false, columns={'raw': 'VARCHAR'}, new_line='\\n', "
                "strict_mode=false, nullstr=E'\\x03', max_line_size=100000, buffer_size=4000000)",
                self.table,
                compression="lz4_raw",
                rows=columnar.group_of(size, path),
                final=False,
            )

    def _has(self, name: str) -> bool:
        return name in self.columns

    def _read_allocations(self) -> None:
        """Each kind of allocation is read once, by the rules of `slurm`."""
        kinds = self.engine.cursor().execute(
            f"SELECT DISTINCT tres FROM {columnar.parquet(self.table)} WHERE tres IS NOT NULL LIMIT {READINGS_MAX}"
        )
        self.engine.execute("CREATE TABLE readings (tres VARCHAR, cpu BIGINT, node BIGINT, gpus VARCHAR)")
        while chunk := kinds.fetchmany(columnar.FETCHED_AT_ONCE):
            rows = ", ".join(
                f"({columnar.quoted(tres)}, {_number(read[0])}, {_number(read[1])}, {columnar.quoted(read[2])})"
                for (tres,) in chunk
                if (read := _reading(tres)) is not None
            )
            if rows:
                self.engine.execute(f"INSERT INTO readings VALUES {rows}")

    def _numbered(self) -> str:
        """The lines with their numbers, less headers and what was taken out."""
        skipped = f" AND line NOT IN ({', '.join(map(str, self.headers))})" if self.headers else ""
        return (
            "SELECT file_row_number + 1 AS line, raw, tres "
            f"FROM {columnar.parquet(self.table, numbered=True)} WHERE raw <> {MARK}{skipped}"
        )

    def _fields(self, lines: str) -> str:
        """The lines with their fields by name; `whole` says whether the number of columns is right."""
        width = len(self.columns)
        cells = ", ".join(
            f"{f'x[{self.columns.index(name) + 1}]' if self._has(name) else repr('')} AS f_{name}"
            for name, _ in PATTERNS
        )
        return (
            f"SELECT line, raw, {cells}, tres, "
            f"len(x) = {width} OR (len(x) = {width + 1} AND x[{width + 1}] = '') AS whole "
            f"FROM (SELECT *, string_split(raw, '|') AS x FROM ({lines}))"
        )

    def _timed(self) -> str:
        """The fields as numbers. What cannot be read so is null, and makes the line not plain."""
        joined = ", ".join(f"f_{name}" for name, _ in PATTERNS)
        pattern = columnar.quoted("\\|".join(part for _, part in PATTERNS))
        return (
            f"SELECT f.*, r.cpu, r.node, r.gpus, {_local('f_submit')} AS submit_at, {_local('f_start')} AS start_at, "
            f"{_local('f_end')} AS end_at, {_elapsed('f_elapsed')} AS seconds "
            f"FROM ({self._fields(self._numbered())}) AS f JOIN readings AS r ON r.tres = f.tres "
            f"WHERE whole AND regexp_full_match(concat_ws('|', {joined}), {pattern})"
        )

    def plain(self) -> str:
        """The jobs on plain lines, as the columns of `rows.parquet`."""
        facility = columnar.quoted(self.site.facility)
        instants = (
            f"SELECT *, submit_at - {self._offset('submit_at')} AS submit_s, "
            f"end_at - {self._offset('end_at')} AS end_s, start_at - {self._offset('start_at')} AS printed_s, "
            "CASE WHEN f_ncpus = '' THEN coalesce(cpu, 0) ELSE f_ncpus::BIGINT END AS cpus, "
            "CASE WHEN f_nnodes = '' THEN coalesce(node, 0) ELSE f_nnodes::BIGINT END AS nodes "
            f"FROM ({self._timed()})"
        )
        begun = (
            "SELECT *, CASE WHEN start_at IS NOT NULL THEN printed_s WHEN seconds = 0 THEN end_s END AS start_s, "
            f"make_timestamp(coalesce(start_at, end_at) * 1000000)::DATE AS day FROM ({instants})"
        )
        typed = f"SELECT * REPLACE ({self._typed()} AS gpus) FROM ({begun})"
        limit = "" if self.site.not_after is None else f"AND end_s <= {int(self.site.not_after.timestamp())} "
        return (
            f"SELECT line, f_jobid AS job_id, CASE WHEN f_cluster = '' THEN {facility} ELSE f_cluster END AS cluster, "
            f'{_instant("submit_s")} AS submit, {_instant("start_s")} AS start, {_instant("end_s")} AS "end", '
            "seconds, rtrim(split_part(f_state, ' ', 1), '+') AS state, cpus, nodes, gpus, "
            "CASE WHEN gpus = '' THEN 'cpu' ELSE split_part(gpus, '=', 1) END AS accelerator, "
            f"day, raw FROM ({typed}) WHERE "
            "(submit_s IS NOT NULL OR length(f_submit) < 19) AND (start_at IS NOT NULL OR length(f_start) < 19) "
            f"AND end_s >= start_s AND seconds <= end_s - start_s {limit}"
            "AND (seconds = 0 OR cpus > 0 OR nodes > 0 OR gpus <> '')"
        )

    def settle(self) -> int:
        """Once the plain lines are written: put the others aside, and count the steps of jobs among them.

        A span of lines at a time: what compares all of them at once outgrows the memory there is.
        """
        for start in range(1, max(self.count, 1) + 1, LINES_AT_ONCE):
            within = f"line BETWEEN {start} AND {start + LINES_AT_ONCE - 1}"
            taken = f"SELECT line FROM {columnar.parquet(self.rows)} WHERE {within}"
            self.others.append(self.table.with_name(f"others-{start}.parquet"))
            columnar.write(
                self.engine,
                f"FROM ({self._numbered()}) WHERE {within} AND line NOT IN ({taken})",
                self.others[-1],
                compression="lz4_raw",
                rows=columnar.group_of(self.table.stat().st_size * 4, self.table),
                final=False,
            )
        fields = self._fields(f"FROM {columnar.parquet(*self.others)}")
        return self.engine.execute(f"SELECT count(*) FROM ({fields}) WHERE {_STEP}").fetchall()[0][0]

    def odd(self) -> Iterator[tuple[int, bytes]]:
        """The lines to be judged one by one: neither plain nor steps."""
        fields = self._fields(f"FROM {columnar.parquet(*self.others)}")
        rows = self.engine.cursor().execute(f"SELECT line, raw FROM ({fields}) WHERE NOT {_STEP}")
        while chunk := rows.fetchmany(columnar.FETCHED_AT_ONCE):
            for line, raw in chunk:
                yield line, raw.encode()

    def _typed(self) -> str:
        """The GPUs of a job, those of no type under what the facility calls them on its day."""
        later = reversed(self.site.later)
        cases = " ".join(f"WHEN day >= DATE '{since}' THEN {columnar.quoted(name)}" for since, name in later)
        first = columnar.quoted(self.site.default_accelerator)
        named = f"CASE {cases} ELSE {first} END" if cases else first
        return f"CASE WHEN starts_with(gpus, '{UNTYPED}=') THEN {named} || substr(gpus, 2) ELSE gpus END"

    def _offset(self, instant: str) -> str:
        """Local − UTC at a local time that the clock shows once; null at any other."""
        cases = " ".join(
            f"WHEN {instant} >= {since} AND {instant} < {until} THEN {by}" for since, until, by in self.spans
        )
        return f"(CASE {cases} END)" if cases else "NULL::BIGINT"


_STEP = "coalesce(whole AND contains(f_jobid, '.'), false)"


def _years(path: Path) -> tuple[int, int]:
    """The years that the beginning and the end of the file print. What lies outside them is not plain."""
    with path.open("rb") as stream:
        sample = stream.read(SAMPLE_BYTES)
        stream.seek(max(path.stat().st_size - SAMPLE_BYTES, 0))
        years = [int(year) for year in _YEAR.findall(sample + stream.read(SAMPLE_BYTES))]
    usual = [year for year in years if clocks.FIRST_YEAR <= year <= clocks.LAST_YEAR]
    return min(usual, default=clocks.FIRST_YEAR), max(usual, default=clocks.FIRST_YEAR)


def _reading(tres: str) -> tuple[int | None, int | None, str] | None:
    """What one kind of allocation says; None if a line that has it is to be judged by itself."""
    try:
        gpus, cpu, node = slurm.allocation(tres, UNTYPED)
    except found.Fault:
        return None
    counts = [text for text in (cpu, node) if text is not None]
    if any(not (text.isascii() and text.isdigit() and len(text) <= COUNT_DIGITS) for text in counts):
        return None
    if any(number >= 10**COUNT_DIGITS for _, number in gpus):
        return None
    return cpu and int(cpu), node and int(node), slurm.gpus_text(gpus)


def _number(value: object) -> str:
    return "NULL" if value is None else str(value)


def _local(name: str) -> str:
    return f"epoch(try_cast({name} AS TIMESTAMP))::BIGINT"


def _instant(seconds: str) -> str:
    return f"make_timestamp({seconds} * 1000000)"


def _elapsed(name: str) -> str:
    clock = f"right({name}, 8)"
    days = f"CASE WHEN length({name}) > 8 THEN try_cast(left({name}, length({name}) - 9) AS BIGINT) ELSE 0 END"
    hours, minutes, seconds = (f"try_cast(substr({clock}, {at}, 2) AS BIGINT)" for at in (1, 4, 7))
    return f"(({days} * 24 + {hours}) * 60 + {minutes}) * 60 + {seconds}"
