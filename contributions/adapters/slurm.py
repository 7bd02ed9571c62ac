"""Slurm accounting as `sacct --parsable2` prints it: one line an allocation, read as a stream, in exact integers.

What is counted follows Slurm's own meaning and is checked against Open XDMoD's figures for the same file:

- usage = Elapsed × what was allocated. `Elapsed` leaves suspension out; a job that was never suspended has
  Elapsed = End − Start, which is what XDMoD uses. An Elapsed *longer* than End − Start is impossible, and a finding.
- GPUs are the sum of `gres/gpu:TYPE=N` of AllocTRES, or `gres/gpu=N` where no type is given, never both. A GPU without
  a type is the facility's default accelerator on the day the job began. Empty AllocTRES: NCPUS and NNodes stand,
  no GPU.
- Steps (`123.batch`, `123.0`) repeat what their allocation used: passed over, counted as steps.
- A line is one job. XDMoD turns `7_[1-3]` into three jobs with the whole usage each; Slurm prints brackets for tasks it
  has not split off, and the line states its usage once, so it counts once here.
- A requeued job is a line with the same JobID and another Start: another job, also where its state reads REQUEUED
  (XDMoD leaves those out, though the first attempt did use the machine).
- A cancelled job that never started used nothing: a job of 0 seconds on the day it ended.
- What has not ended (RUNNING, PENDING, End Unknown) is held back as a finding: a later export brings it whole.

Dates carry no zone: they are the facility's. Where the clock is set back and a time comes twice, Elapsed decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import BinaryIO, TypeVar

from contributions.adapters import slurm_columns
from contributions.adapters import slurm_findings as found
from contributions.core import facilities
from contributions.core.compute import CPU_ONLY, Job, Repeats
from contributions.core.imports import Rejected
from contributions.core.units import AMOUNT_MAX

LINE_MAX = 1 << 20

# fmt: off
ENDED = frozenset({
    "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL",
    "OUT_OF_MEMORY", "PREEMPTED", "RECONFIG_FAIL", "REQUEUED", "RESIZING", "REVOKED", "TIMEOUT",
})
GOING_ON = frozenset({
    "COMPLETING", "CONFIGURING", "PENDING", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD",
    "RUNNING", "SIGNALING", "SPECIAL_EXIT", "STAGE_OUT", "STOPPED", "SUSPENDED",
})
# fmt: on
UNSET = frozenset({"", "none", "unknown", "n/a"})

_JOB_ID = re.compile(r"\d{1,18}(?:_(?:\d{1,18}|\[[^\]|]+\]))?(?:\+\d{1,9})?", re.ASCII)
_ELAPSED = re.compile(r"(?:(?:(\d{1,6})-)?(\d{1,7}):)?(\d{1,2}):(\d{1,2})(?:\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)
_COUNT = re.compile(r"\d{1,18}", re.ASCII)
Gpus = tuple[tuple[str, int], ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """What the file does not say: whose clock it is, and what an untyped GPU is, at first and from later days on."""

    facility: str
    zone: tzinfo
    default_accelerator: str
    not_after: datetime | None = None
    later: tuple[tuple[date, str], ...] = ()

    def untyped_on(self, day: date) -> str:
        """What a GPU of no stated type is for a job that began on that day; `later` is in the order of its days."""
        return next((name for since, name in reversed(self.later) if since <= day), self.default_accelerator)


@dataclass(slots=True)
class Tally:
    """What the reader has passed so far; it fills while the rows are drawn. `held` is `incoming.Width.held`."""

    lines: int = 0
    jobs: int = 0
    steps: int = 0
    rejected: int = 0
    held: int = 0


def read(
    stream: BinaryIO, site: Site, tally: Tally | None = None, *, mapping: Mapping[str, str] | None = None
) -> Iterator[Job | Rejected]:
    """Jobs and rejected lines, in the order of the file. `tally` fills as they are drawn.

    `mapping` says what unfamiliar columns are: their name in lower case → our name.
    """
    tally = Tally() if tally is None else tally
    seen = Repeats(unnamed=site.facility)
    for number, raw, outcome in judged(stream, site, tally, mapping=mapping):
        if isinstance(outcome, Job):
            job = outcome
            first = seen.first_of(number, job.job_id, job.start, job.cluster, job.submit)
            if first is not None:
                outcome = Rejected(found.duplicate(number, outcome.job_id, first), raw)
        tally.jobs += isinstance(outcome, Job)
        tally.rejected += isinstance(outcome, Rejected)
        yield outcome


def judged(
    stream: BinaryIO, site: Site, tally: Tally, *, mapping: Mapping[str, str] | None = None
) -> Iterator[tuple[int, bytes, Job | Rejected]]:
    """Every line by itself with what it says; a job may stand there twice. Steps are counted, not given."""
    columns: Sequence[str] = slurm_columns.USUAL
    for number, raw in lines(stream):
        tally.lines = number
        names = slurm_columns.header(raw, mapping)
        if names is not None:
            columns = names
        elif raw.strip():
            outcome = judge(number, raw, columns, site)
            if outcome is None:
                tally.steps += 1
            else:
                yield number, raw, outcome


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, from 1."""
    number = 0
    while raw := stream.readline(LINE_MAX):
        number += 1
        while not raw.endswith(b"\n") and (rest := stream.readline(LINE_MAX)):
            # Only the beginning of an endless line is kept: memory has a bound, and the line is refused anyway.
            raw = raw[:LINE_MAX] + rest[-1:]
        yield number, (raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw)


def judge(number: int, raw: bytes, columns: Sequence[str], site: Site) -> Job | Rejected | None:
    """What one line says, by itself: a job, its faults, or None for a step."""
    try:
        fields = _fields(raw, columns)
    except found.Fault as fault:
        return Rejected(found.finding(number, fault), raw)
    if "." in fields["jobid"]:
        return None
    try:
        return _job(number, fields, site)
    except found.Fault:
        first, *more = (found.finding(number, fault) for fault in _Refused(fields, site).faults)
        return Rejected(first, raw, tuple(more))


def _fields(raw: bytes, columns: Sequence[str]) -> dict[str, str]:
    if len(raw) > LINE_MAX:
        raise found.Fault("line", "line-too-long", limit=LINE_MAX)
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise found.Fault("line", "not-utf-8", position=error.start + 1) from None
    if "\x00" in text:
        raise found.Fault("line", "nul", position=text.index("\x00") + 1)
    # A job's name may hold the separator; where it stands last, it keeps it, and no figure moves.
    limit = len(columns) - 1 if columns[-1] == "jobname" else -1
    values = text.split("|", limit)
    if len(values) == len(columns) + 1 and not values[-1]:
        values.pop()
    if len(values) != len(columns):
        raise found.Fault("line", "columns", got=len(values), want=len(columns))
    return dict(zip(columns, (value.strip() for value in values), strict=True))


def _job(number: int, fields: Mapping[str, str], site: Site) -> Job:
    _check_job_id(fields["jobid"])
    state = _state(fields)
    seconds = _elapsed(fields["elapsed"])
    submit = _submit(fields, site)
    start, end = _interval(fields, site, seconds)
    gpus, cpus, nodes = _allocated(fields, site.untyped_on(start.astimezone(site.zone).date()))
    job = Job(
        facility=site.facility,
        cluster=fields.get("cluster") or site.facility,
        job_id=fields["jobid"],
        submit=submit,
        start=start,
        end=end,
        seconds=seconds,
        state=state,
        cpus=cpus,
        nodes=nodes,
        gpus=gpus,
        line=number,
    )
    for amount in _amounts(gpus, cpus, nodes):
        _check_amount(*amount, seconds)
    _check_allocated(seconds, gpus, cpus, nodes)
    return job


class _Refused:
    """Every fault of a line that was refused, of each field the first, in the order in which `_job` meets them.

    Read again part by part: nearly all lines have no fault, and they are not to pay for this. What has not ended is
    only that, since a later export brings it whole.
    """

    def __init__(self, fields: Mapping[str, str], site: Site) -> None:
        self.fields, self.site = fields, site
        self.faults: list[found.Fault] = []
        self._read(_check_job_id, fields["jobid"])
        self._read(_state, fields)
        if not any(fault.code == "not-ended" for fault in self.faults):
            self._measure()

    def _read(self, rule: Callable[..., T], *given: object) -> T | None:
        try:
            return rule(*given)
        except found.Fault as fault:
            if all(fault.field != other.field for other in self.faults):
                self.faults.append(fault)
            return None

    def _measure(self) -> None:
        fields, site = self.fields, self.site
        seconds = self._read(_elapsed, fields["elapsed"])
        self._read(_submit, fields, site)
        unread = [name for name in ("start", "end") if fields[name].lower() not in UNSET]
        if seconds is not None and "end" in unread:
            self._read(_interval, fields, site, seconds)  # stops at the start, where that is at fault
            unread = ["end"] if any(fault.field == "start" for fault in self.faults) else []
        elif seconds is not None:
            self._read(_check_begun, fields, seconds)
        for name in unread:
            self._read(_instant, fields, name, site.zone, 0)
        allocated = self._read(allocation, fields.get("alloctres", ""), site.default_accelerator)
        gpus, cpu, node = allocated or ((), None, None)
        cpus, nodes = (self._read(_count_of, fields, *one) for one in (("ncpus", cpu), ("nnodes", node)))
        if seconds is None or allocated is None or cpus is None or nodes is None:
            return
        for amount in _amounts(gpus, cpus, nodes):
            self._read(_check_amount, *amount, seconds)
        self._read(_check_allocated, seconds, gpus, cpus, nodes)


def _check_job_id(text: str) -> None:
    if not _JOB_ID.fullmatch(text):
        raise found.Fault("jobid", "job-id", value=text)


def _submit(fields: Mapping[str, str], site: Site) -> datetime | None:
    return None if fields.get("submit", "").lower() in UNSET else _instant(fields, "submit", site.zone, 0)


def _state(fields: Mapping[str, str]) -> str:
    """The state's first word: sacct prints `CANCELLED by 1000`, and a `+` where a column was cut."""
    word = fields["state"].upper().split(" ", 1)[0].rstrip("+")
    if word in GOING_ON or (word in ENDED and fields["end"].lower() in UNSET):
        raise found.Fault("state", "not-ended", value=fields["state"], end=fields["end"])
    if word not in ENDED:
        raise found.Fault("state", "state", value=fields["state"])
    return word


def _elapsed(text: str) -> int:
    """`[[D-]HH:]MM:SS` as seconds."""
    match = _ELAPSED.fullmatch(text)
    if match is None:
        raise found.Fault("elapsed", "elapsed", value=text)
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if minutes > 59 or seconds > 59 or (match[1] and hours > 23):
        raise found.Fault("elapsed", "elapsed", value=text)
    return days * 86400 + hours * 3600 + minutes * 60 + seconds


def _interval(fields: Mapping[str, str], site: Site, seconds: int) -> tuple[datetime, datetime]:
    """Start and end as instants, such that Elapsed fits between them."""
    if fields["start"].lower() in UNSET:
        _check_begun(fields, seconds)
        end = _instant(fields, "end", site.zone, 0)
        return end, end
    start, end = _pair(fields, site.zone, timedelta(seconds=seconds))
    if end < start:
        raise found.Fault("end", "end-before-start", start=fields["start"], end=fields["end"])
    if timedelta(seconds=seconds) > end - start:
        wall = (end - start) // timedelta(seconds=1)
        raise found.Fault("elapsed", "elapsed-too-long", value=fields["elapsed"], wall=wall, seconds=seconds)
    if site.not_after is not None and end > site.not_after:
        raise found.Fault("end", "in-the-future", end=fields["end"])
    return start, end


def _check_begun(fields: Mapping[str, str], seconds: int) -> None:
    if seconds and fields["start"].lower() in UNSET:
        raise found.Fault("start", "no-start", value=fields["elapsed"])


def _pair(fields: Mapping[str, str], zone: tzinfo, elapsed: timedelta) -> tuple[datetime, datetime]:
    """Where the clock was set back, a printed time means two instants: the pair that fits Elapsed is the right one."""
    usual = _instant(fields, "start", zone, 0), _instant(fields, "end", zone, 0)
    if usual[1] - usual[0] == elapsed:
        return usual
    for first, last in ((0, 1), (1, 0), (1, 1)):
        start, end = _instant(fields, "start", zone, first), _instant(fields, "end", zone, last)
        if end - start == elapsed:
            return start, end
    return usual


def _instant(fields: Mapping[str, str], name: str, zone: tzinfo, fold: int) -> datetime:
    text = fields[name]
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        local = datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise found.Fault(name, "date", value=text) from None
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise found.Fault(name, "no-such-time", value=text, zone=str(zone))
    return instant


def _allocated(fields: Mapping[str, str], untyped: str) -> tuple[Gpus, int, int]:
    gpus, cpu, node = allocation(fields.get("alloctres", ""), untyped)
    return gpus, _count_of(fields, "ncpus", cpu), _count_of(fields, "nnodes", node)


def allocation(text: str, untyped: str) -> tuple[Gpus, str | None, str | None]:
    """What AllocTRES allocates: GPUs by type (`untyped`: without one), most first, and what it prints of the rest."""
    tres = _tres(text)
    typed: dict[str, int] = {}
    for name, number in tres.items():
        if name.startswith("gres/gpu:"):
            kind = name.removeprefix("gres/gpu:").lower()
            if kind == CPU_ONLY or not facilities.is_type(kind):
                raise found.Fault("alloctres", "gpu-type", value=name.removeprefix("gres/gpu:")[:80])
            typed[kind] = typed.get(kind, 0) + _count("alloctres", number)
    if not typed and "gres/gpu" in tres:
        typed[untyped] = _count("alloctres", tres["gres/gpu"])
    gpus = tuple(sorted(((kind, n) for kind, n in typed.items() if n), key=lambda pair: (-pair[1], pair[0])))
    return gpus, tres.get("cpu"), tres.get("node")


def gpus_text(gpus: Iterable[tuple[str, int]]) -> str:
    """GPUs by type as one cell: h100=8,a100=2."""
    return ",".join(f"{kind}={number}" for kind, number in gpus)


def _tres(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for item in filter(None, text.split(",")):
        name, equals, value = item.partition("=")
        if not equals or name in pairs:
            raise found.Fault("alloctres", "tres", value=item)
        pairs[name] = value
    return pairs


def _count_of(fields: Mapping[str, str], column: str, allocated: str | None) -> int:
    if fields.get(column):
        return _count(column, fields[column])
    return _count("alloctres", allocated) if allocated is not None else 0


def _count(column: str, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise found.Fault(column, "count", value=text)
    return int(text)


def _amounts(gpus: Gpus, cpus: int, nodes: int) -> tuple[tuple[str, int], ...]:
    """How many of each were allocated, by the column that says so."""
    return ("ncpus", cpus), ("nnodes", nodes), ("alloctres", sum(number for _, number in gpus))


def _check_amount(column: str, number: int, seconds: int) -> None:
    if number * max(seconds, 1) >= AMOUNT_MAX:
        raise found.Fault(column, "too-much", value=number)


def _check_allocated(seconds: int, gpus: Gpus, cpus: int, nodes: int) -> None:
    if seconds and not (cpus or nodes or gpus):
        raise found.Fault("ncpus", "nothing-allocated", seconds=seconds)
