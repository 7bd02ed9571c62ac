"""The rows behind one figure: what a day under one accelerator was summed from, read where it lies sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from contributions.adapters.columnar import bound, opened, parquet


@dataclass(frozen=True, slots=True)
class RowOfDay:
    """A counted job as far as it lies on one day, under one accelerator."""

    line: int
    job_id: str
    start: datetime | None
    end: datetime | None
    state: str
    seconds: int
    cpu_s: int
    node_s: int
    gpu_s: int
    raw: str


def of(
    rows: Path, zone: tzinfo, accelerator: str, day: date, *, offset: int = 0, limit: int | None = None
) -> list[RowOfDay]:
    """The jobs behind one figure, in the order of their start, each with its part of the day."""
    query, facts = _chosen(rows, zone, accelerator, day)
    part = "" if limit is None else f"LIMIT {limit} OFFSET {offset}"
    with opened() as engine:
        found = engine.execute(
            f'SELECT line, job_id, start, "end", state, s, CASE WHEN accelerator = $accelerator THEN s * cpus ELSE 0 '
            f"END, CASE WHEN accelerator = $accelerator THEN s * nodes ELSE 0 END, s * n, raw FROM ({query}) "
            f"ORDER BY start, line {part}",
            facts,
        ).fetchall()
    return [RowOfDay(line, job, _utc(start), _utc(end), *rest) for line, job, start, end, *rest in found]


def count(rows: Path, zone: tzinfo, accelerator: str, day: date) -> int:
    """How many jobs stand behind one figure."""
    query, facts = _chosen(rows, zone, accelerator, day)
    with opened() as engine:
        return engine.execute(f"SELECT count(*) FROM ({query})", facts).fetchall()[0][0]


def _chosen(rows: Path, zone: tzinfo, accelerator: str, day: date) -> tuple[str, dict[str, object]]:
    mine = "list_filter(string_split(gpus, ','), lambda x: starts_with(x, $prefix))[1]"
    query = (
        f"SELECT *, coalesce(({mine})[length($prefix) + 1:], '0')::BIGINT AS n, "
        "epoch(least($until::TIMESTAMP, start + to_seconds(seconds)))::BIGINT "
        f"- epoch(greatest($since::TIMESTAMP, start))::BIGINT AS s FROM {parquet(rows)} "
        "WHERE start < $until::TIMESTAMP AND start + to_seconds(seconds) >= $since::TIMESTAMP"
    )
    facts = {
        "accelerator": accelerator,
        "prefix": f"{accelerator}=",
        "day": day,
        "since": bound(day, zone),
        "until": bound(day + timedelta(days=1), zone),
    }
    chosen = f"FROM ({query}) WHERE (s > 0 OR (seconds = 0 AND day = $day)) AND (accelerator = $accelerator OR n > 0)"
    return chosen, facts


def stated(rows: Path, accelerator: str, day: date) -> list[RowOfDay]:
    """The row of a form that states the day."""
    with opened() as engine:
        found = engine.execute(
            f"SELECT line, cpu_s, node_s, gpu_s, raw FROM {parquet(rows)} WHERE accelerator = ? AND day = ?",
            [accelerator, day],
        ).fetchall()
    return [RowOfDay(line, "", None, None, "", 86400, *rest) for line, *rest in found]


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)
