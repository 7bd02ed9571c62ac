"""Compute put in: what a job used, on which day, of which accelerator, in whole seconds.

A job's usage is its elapsed time times what was allocated to it. It is cut at midnight of the facility's zone, so that
each piece counts on its own day and none spans the end of a month. Sums are integers of CPU·seconds, node·seconds and
GPU·seconds; hours are a way to print them, never a way to hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

# Where a job without a GPU is counted: it has no accelerator, and its points come from another line of the rate card.
CPU_ONLY = "cpu"
SECONDS_PER_HOUR = 3600
MICRO = 10**6


@dataclass(frozen=True, slots=True)
class Job:
    """One allocation of a batch system that has ended.

    `gpus` lists (accelerator, number), most first. `seconds` is what the system says it used: time in suspension is
    left out, so it may be shorter than `end` − `start`.
    """

    facility: str
    cluster: str
    job_id: str
    submit: datetime | None
    start: datetime
    end: datetime
    seconds: int
    state: str
    cpus: int
    nodes: int
    gpus: tuple[tuple[str, int], ...] = ()
    line: int | None = None

    @property
    def accelerator(self) -> str:
        """The accelerator under which the job itself, its CPUs and its nodes are counted."""
        return self.gpus[0][0] if self.gpus else CPU_ONLY

    @property
    def gpu_count(self) -> int:
        """All GPUs of the job, of whatever type."""
        return sum(number for _, number in self.gpus)


@dataclass(frozen=True, slots=True, order=True)
class DayTotal:
    """What one facility gave on one day with one accelerator: what the ledger posts."""

    accelerator: str
    day: date
    jobs: int
    cpu_s: int
    node_s: int
    gpu_s: int


@dataclass(frozen=True, slots=True)
class Totals:
    """A sum over days and accelerators."""

    jobs: int
    cpu_s: int
    node_s: int
    gpu_s: int

    @property
    def cpu_hours(self) -> str:
        return hours_text(self.cpu_s)

    @property
    def node_hours(self) -> str:
        return hours_text(self.node_s)

    @property
    def gpu_hours(self) -> str:
        return hours_text(self.gpu_s)


class Repeats:
    """Tells of each job of a file whether an earlier line has it, as joined exports may print it in two ways.

    Two lines are the same job where JobID and start agree, and of cluster and submit whatever both of them state: an
    export that leaves one out cannot tell its jobs apart by it. A requeued job has the same JobID and another start: it
    is another job. `unnamed` stands where no cluster is stated. A line
    that repeats an earlier one is not counted, so nothing is held against it in turn.

    >>> seen, start = Repeats(unnamed="f"), datetime(2026, 4, 30, 14, 0, tzinfo=UTC)
    >>> [seen.first_of(line, "1", start, cluster, None) for line, cluster in enumerate(["c", "d", "f", "c"], 1)]
    [None, None, 1, 1]
    """

    def __init__(self, *, unnamed: str) -> None:
        self.unnamed = unnamed
        self.lines: dict[tuple[str, datetime, str | None, object], int] = {}

    def first_of(self, line: int, job_id: str, start: datetime, cluster: str, submit: datetime | None) -> int | None:
        """The earlier line that has the same job; None, and the job is remembered, if there is none."""
        clusters = (None,) if cluster == self.unnamed else (cluster, self.unnamed)
        submits = (ANY,) if submit is None else (submit, None)
        held = [self.lines.get((job_id, start, one, other)) for one in clusters for other in submits]
        if first := min((known for known in held if known is not None), default=None):
            return first
        for one in (cluster, None):
            for other in (submit, ANY):
                self.lines.setdefault((job_id, start, one, other), line)
        return None

    def forget(self) -> None:
        """Begin anew, once no line of the same JobID and start can follow."""
        self.lines.clear()


ANY = object()  # in place of a time of submission: whatever it is


def split_by_day(job: Job, zone: tzinfo) -> tuple[tuple[date, int], ...]:
    """The job's seconds on each calendar day of the zone; their sum is `job.seconds` exactly.

    Days begin at midnight on the wall clock, found as an instant, so a day of 23 or 25 hours is cut where it ends.
    A job of no length stands on its first day with 0 seconds, because it is still a job.

    >>> from zoneinfo import ZoneInfo
    >>> start = datetime(2026, 4, 30, 14, 0, tzinfo=UTC)
    >>> job = Job("f", "c", "1", None, start, start + timedelta(hours=2), 7200, "COMPLETED", 1, 1)
    >>> split_by_day(job, ZoneInfo("Asia/Tokyo"))
    ((datetime.date(2026, 4, 30), 3600), (datetime.date(2026, 5, 1), 3600))
    """
    day = job.start.astimezone(zone).date()
    now, end = job.start, job.start + timedelta(seconds=job.seconds)
    pieces: list[tuple[date, int]] = []
    while now < end:
        midnight = _midnight(day + timedelta(days=1), zone)
        until = min(midnight, end)
        if until > now:
            pieces.append((day, _seconds(until - now)))
            now = until
        day += timedelta(days=1)
    assert sum(seconds for _, seconds in pieces) == job.seconds, "the pieces make the whole"
    return tuple(pieces) or ((day, 0),)


def day_totals(jobs: Iterable[Job], zone: tzinfo) -> tuple[DayTotal, ...]:
    """Sums by (accelerator, day), in that order. A job is counted once, on its first day.

    seconds on the day × allocated CPUs, nodes, GPUs. CPUs and nodes of a job with several GPU types stand under the
    type of which it has most (ties by name), its GPUs each under their own.
    """
    sums: dict[tuple[str, date], list[int]] = {}
    for job in jobs:
        for key, index, amount in _amounts(job, zone):
            sums.setdefault(key, [0, 0, 0, 0])[index] += amount
    return tuple(DayTotal(accelerator, day, *sums[accelerator, day]) for accelerator, day in sorted(sums))


def totals(days: Iterable[DayTotal]) -> Totals:
    """The grand total of day totals."""
    jobs = cpu_s = node_s = gpu_s = 0
    for day in days:
        jobs, cpu_s, node_s, gpu_s = jobs + day.jobs, cpu_s + day.cpu_s, node_s + day.node_s, gpu_s + day.gpu_s
    return Totals(jobs, cpu_s, node_s, gpu_s)


def hours_text(seconds: int) -> str:
    """Hours with six decimals, rounded half to even from the exact integer; for people, not for sums.

    >>> hours_text(1824886)      # Open XDMoD prints 506.9128 of the same sum
    '506.912778'
    """
    micro, rest = divmod(seconds * MICRO, SECONDS_PER_HOUR)
    if 2 * rest > SECONDS_PER_HOUR or (2 * rest == SECONDS_PER_HOUR and micro % 2):
        micro += 1
    return f"{micro // MICRO}.{micro % MICRO:06d}"


def _amounts(job: Job, zone: tzinfo) -> Iterator[tuple[tuple[str, date], int, int]]:
    pieces = split_by_day(job, zone)
    yield (job.accelerator, pieces[0][0]), 0, 1
    for day, seconds in pieces:
        yield (job.accelerator, day), 1, seconds * job.cpus
        yield (job.accelerator, day), 2, seconds * job.nodes
        for accelerator, number in job.gpus:
            yield (accelerator, day), 3, seconds * number


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _seconds(length: timedelta) -> int:
    return length.days * 86400 + length.seconds
