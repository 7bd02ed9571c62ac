"""Taking in a file of metering: read once, post the good rows, keep the bad ones aside, or post nothing.

The file is read before the transaction; inside it, what other batches hold already is set aside, the batch and one
entry per (facility, accelerator, day) are written, and the file itself is sealed as evidence.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.db import transaction

from contributions.adapters import slurm, spreadsheets
from contributions.adapters.slurm import Tally
from contributions.core import compute, imports
from contributions.core.compute import DayTotal, Job, Totals
from contributions.core.errors import Finding, Refused
from contributions.core.imports import AlreadyHeld, Rejected
from contributions.core.roles import Viewer, check_may
from contributions.core.units import check_amount
from contributions.core.words import Text
from contributions.models import Batch, BatchFinding, Facility, FundingSource, Member, MeterDay, MeteredJob
from contributions.services import journal, numbers
from contributions.services.datasets import check_own

FINDINGS_SHOWN_MAX = 100
KEYS_ASKED_AT_ONCE = 500


class NothingToPost(Refused):
    code = "nothing-to-post"
    ja = "受け付けられる行がありません（誤りのある行 {count}）。何も追加していません。{first}"
    en = "No row could be taken ({count} bad rows). Nothing was added. {first}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read, before anything is written."""

    file_name: str
    file_format: str
    sha256: str
    size: int
    tally: Tally
    jobs: list[Job]
    days: tuple[DayTotal, ...]
    rejected: list[Rejected]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    batch: Batch
    totals: Totals
    reading: Reading


def read(path: Path, *, facility: Facility, file_format: str | None, at: datetime, strict: bool = False) -> Reading:
    """Read a metering file whole: its jobs or day totals, and every rejected row."""
    with path.open("rb") as stream:
        head = stream.readline(1 << 16)
        stream.seek(0)
        file_format = imports.format_of(file_format, head)
        sha256 = imports.digest(iter(lambda: stream.read(1 << 20), b""))
        stream.seek(0)
        tally = Tally()
        jobs, days, rejected = _rows(stream, facility, file_format, tally, at)
    if strict:
        imports.check_strict(rejected)
    return Reading(path.name, file_format, sha256, path.stat().st_size, tally, jobs, days, rejected)


def receive(
    path: Path,
    *,
    member: Member,
    facility: Facility,
    by: Viewer,
    at: datetime,
    file_format: str | None = None,
    funding: FundingSource | None = None,
    strict: bool = False,
) -> Outcome:
    """Post a metering file as *submitted*. The same file again is refused, naming the batch that holds it."""
    check_may(by, "batch.receive")
    check_own(member, by)
    with path.open("rb") as stream:
        sha256 = imports.digest(iter(lambda: stream.read(1 << 20), b""))
    _check_new(member, facility, sha256)
    reading = read(path, facility=facility, file_format=file_format, at=at, strict=strict)
    with transaction.atomic():
        journal.lock()
        _check_new(member, facility, sha256)
        reading = _without_held(reading, facility, member)
        if strict:
            imports.check_strict(reading.rejected)
        if not reading.days:
            raise NothingToPost(count=len(reading.rejected), first=_first(reading.rejected))
        batch = _post(path, reading, member, facility, funding, by, at)
    return Outcome(batch, compute.totals(reading.days), reading)


def _first(rejected: list[Rejected]) -> Text:
    """The first fault in both languages, or nothing."""
    fault = rejected[0].finding if rejected else None
    return Text(fault.text("ja"), fault.text("en")) if fault else Text("", "")


def _rows(stream: BinaryIO, facility: Facility, file_format: str, tally: Tally, at: datetime):
    zone = ZoneInfo(facility.zone)
    if file_format == imports.TEMPLATE:
        rows = list(spreadsheets.compute_days(stream, facility.code))
        tally.lines = len(rows)
        days = tuple(row.total for row in rows if not isinstance(row, Rejected))
        return [], days, [row for row in rows if isinstance(row, Rejected)]
    site = slurm.Site(facility.code, zone, facility.default_accelerator, not_after=at)
    rows = list(slurm.read(stream, site, tally))
    jobs = [row for row in rows if isinstance(row, Job)]
    return jobs, compute.day_totals(jobs, zone), [row for row in rows if isinstance(row, Rejected)]


def _check_new(member: Member, facility: Facility, sha256: str) -> None:
    held = Batch.objects.filter(member=member, facility=facility, file_sha256=sha256).first()
    if held is not None:
        raise AlreadyHeld(batch=held.number)


def _without_held(reading: Reading, facility: Facility, member: Member) -> Reading:
    """The reading less the jobs that other batches of this facility hold; each of those becomes a finding."""
    holders = _holders(compute.job_key(job) for job in reading.jobs)
    if not holders:
        return reading
    fresh, rejected = [], list(reading.rejected)
    for job in reading.jobs:
        holder = holders.get(compute.job_key(job))
        if holder is None:
            fresh.append(job)
        else:
            rejected.append(_held(job, holder, own=holder.rpartition("-")[0] == f"B-{member.code}"))
    days = compute.day_totals(fresh, ZoneInfo(facility.zone))
    return Reading(
        reading.file_name, reading.file_format, reading.sha256, reading.size, reading.tally, fresh, days, rejected
    )


def _holders(keys: Iterable[bytes]) -> dict[bytes, str]:
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), KEYS_ASKED_AT_ONCE):
        rows = MeteredJob.objects.filter(key__in=wanted[start : start + KEYS_ASKED_AT_ONCE])
        found.update({bytes(key): number for key, number in rows.values_list("key", "batch__number")})
    return found


def _held(job: Job, batch: str, *, own: bool) -> Rejected:
    """A job counted before; which batch holds it is said only to the member whose batch that is."""
    finding = Finding(
        job.line,
        "jobid",
        "job-held",
        "ジョブ {job} は受付番号 {batch} で計上済みです。" if own else "ジョブ {job} は計上済みです。",
        "Job {job} is counted already, in batch {batch}." if own else "Job {job} is counted already.",
        {"job": job.job_id, "batch": batch} if own else {"job": job.job_id},
    )
    return Rejected(finding, job.job_id.encode())


def _post(
    path: Path,
    reading: Reading,
    member: Member,
    facility: Facility,
    funding: FundingSource | None,
    by: Viewer,
    at: datetime,
) -> Batch:
    number = numbers.take(Batch, f"B-{member.code}")
    received = journal.append(
        "batch.received",
        subject=f"batch:{number}",
        member=member.code,
        facts={
            "batch": number,
            "sha256": reading.sha256,
            "format": reading.file_format,
            "member": member.code,
            "facility": facility.code,
            "rows": reading.tally.lines,
            "findings": len(reading.rejected),
        },
        annexes=[journal.Attachment(reading.file_name, "text/plain", path)],
        by=by,
        at=at,
    )
    batch = Batch.objects.create(
        seq=received.seq,
        number=number,
        member=member,
        facility=facility,
        funding=funding,
        file_name=reading.file_name[:200],
        file_format=reading.file_format,
        file_sha256=reading.sha256,
        evidence_sha256=received.annexes.get().sha256,
        bytes_read=reading.size,
        rows_read=reading.tally.lines,
        jobs=sum(day.jobs for day in reading.days),
        findings_count=len(reading.rejected),
        received_at=at,
    )
    _post_days(batch, reading.days, by, at)
    MeteredJob.objects.bulk_create(
        (MeteredJob(key=compute.job_key(job), batch=batch) for job in reading.jobs), batch_size=1000
    )
    BatchFinding.objects.bulk_create((_kept(batch, row) for row in reading.rejected), batch_size=1000)
    return batch


def _post_days(batch: Batch, days: Iterable[DayTotal], by: Viewer, at: datetime) -> None:
    days = list(days)
    entries = journal.append_many([_draft(batch, day) for day in days], by=by, at=at)
    MeterDay.objects.bulk_create(
        (
            MeterDay(
                seq=entry.seq,
                batch=batch,
                member=batch.member,
                facility=batch.facility,
                accelerator=day.accelerator,
                day=day.day,
                jobs=day.jobs,
                cpu_s=day.cpu_s,
                node_s=day.node_s,
                gpu_s=day.gpu_s,
            )
            for entry, day in zip(entries, days, strict=True)
        ),
        batch_size=500,
    )


def _draft(batch: Batch, day: DayTotal) -> journal.Draft:
    amounts = {"cpu_s": day.cpu_s, "node_s": day.node_s, "gpu_s": day.gpu_s}
    account = f"member:{batch.member.code}:compute:{batch.facility.code}:{day.accelerator}"
    movements = []
    for unit, amount in amounts.items():
        if check_amount(amount):
            movements += [(account, unit, amount), (f"source:compute:{batch.facility.code}", unit, -amount)]
    return journal.Draft(
        kind="compute.metered",
        subject=f"batch:{batch.number}",
        member=batch.member.code,
        facts={
            "batch": batch.number,
            "member": batch.member.code,
            "facility": batch.facility.code,
            "accelerator": day.accelerator,
            "day": day.day.isoformat(),
            "jobs": day.jobs,
            **{unit: str(amount) for unit, amount in amounts.items()},
            "funding": batch.funding.code if batch.funding else None,
            "country": batch.facility.country,
        },
        effective=(day.day, None),
        movements=movements,
    )


def _kept(batch: Batch, row: Rejected) -> BatchFinding:
    finding = row.finding
    return BatchFinding(
        batch=batch,
        line=finding.line,
        field=finding.field,
        code=finding.code,
        ja=finding.text("ja"),
        en=finding.text("en"),
        raw=row.raw.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
    )


def corrections(batch: Batch) -> bytes:
    """The rejected rows of a batch as a file to correct and send again."""
    out = io.BytesIO()
    for row in batch.findings.all():
        out.write(row.raw.rstrip("\r\n").encode() + b"\n")
    return out.getvalue()
