"""Batches of metering as they are written, superseded and reversed, and what they hold in columns."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, prefetch_related_objects

from contributions.adapters import columnar, slurm, slurm_bulk
from contributions.adapters.evidence import EvidenceMissing
from contributions.adapters.randomness import random_bytes
from contributions.core.compute import DayTotal
from contributions.core.errors import Refused
from contributions.core.imports import PARQUET, SACCT
from contributions.core.roles import LEGAL, MEMBER, Viewer, check_may
from contributions.core.units import check_amount
from contributions.models import Annex, Batch, Entry, Facility, FundingSource, MeterDay
from contributions.selectors import facilities
from contributions.services import journal, meter_totals, numbers
from contributions.services.datasets import check_own

if TYPE_CHECKING:
    from contributions.services.imports import Reading

PARQUET_MEDIA = "application/vnd.apache.parquet"


class CannotReverse(Refused):
    code = "batch-not-reversible"
    ja = "受付番号 {batch} は取り消せません。取消済みか、確認済みのため事務局だけが取り消せます。"
    en = "Batch {batch} cannot be reversed: it is reversed already, or attested, which only the secretariat reverses."


class NotSuperseded(Refused):
    code = "batch-not-superseded"
    ja = "受付番号 {batch} は、確認済みであるか別の施設・会員のものであるため、差し替えられません。"
    en = "Batch {batch} cannot be replaced: it is attested, or of another facility or member."


# ---- what stands -----------------------------------------------------------------------------------------------------
def standing(facility: Facility) -> QuerySet[Batch]:
    """Batches of the facility that are not reversed."""
    return Batch.objects.filter(facility=facility).exclude(state=Batch.State.REVERSED)


def overlapping(reading: Reading) -> list[Batch]:
    """Standing batches of the facility whose jobs begin between the first and the last of this file."""
    rows = standing(reading.facility).exclude(pk=reading.supersedes.pk if reading.supersedes else None)
    if reading.file_format != SACCT:
        return list(rows.filter(member=reading.member).order_by("pk"))
    span = columnar.span(reading.rows)
    if span is None:
        return []
    apart = rows.filter(first_start__isnull=False).exclude(last_start__lt=span[0]).exclude(first_start__gt=span[1])
    unknown = rows.filter(rows_sha256="", file_format=SACCT)
    return list((apart | unknown | rows.filter(member=reading.member).exclude(file_format=SACCT)).order_by("pk"))


def days_taken(reading: Reading) -> dict[tuple[str, date], str]:
    """Days of the member at the facility that this file must not count again, with the batch that holds them.

    A form states whole days, so it stands against metered jobs and against other forms; jobs stand beside jobs. Where
    the rows of a batch are erased nobody can tell its jobs any more: its days stand as if they had been stated.
    """
    rows = MeterDay.objects.filter(batch__in=standing(reading.facility), member=reading.member)
    if reading.supersedes:
        rows = rows.exclude(batch=reading.supersedes)
    if reading.file_format == SACCT:
        rows = rows.exclude(Q(batch__file_format=SACCT) & ~_rows_erased("batch__"))
    return {
        (accelerator, day): number
        for accelerator, day, number in rows.values_list("accelerator", "day", "batch__number")
    }


def _rows_erased(prefix: str = "") -> Q:
    """Whether nothing is left of what a batch's days were counted from."""
    kept = Annex.objects.filter(erased_at=None)
    columns = kept.filter(sha256=OuterRef(f"{prefix}rows_sha256"))
    return ~Exists(columns) & ~Exists(kept.filter(sha256=OuterRef(f"{prefix}evidence_sha256")))


def are_rows_erased(batch: Batch) -> bool:
    """Whether the jobs of the batch can no longer be told from others."""
    return Batch.objects.filter(_rows_erased(), pk=batch.pk).exists()


@contextmanager
def rows_of(batch: Batch) -> Iterator[Path]:
    """The batch's counted rows in columns: its evidence; without it, its file is read again."""
    if batch.rows_sha256 and journal.store().holds(batch.rows_sha256):
        yield journal.store().path(batch.rows_sha256)
        return
    with tempfile.TemporaryDirectory(prefix="moyai-") as name:
        folder, facility = Path(name), batch.facility
        site = site_of(facility, known_at=_read_at(batch))
        slurm_bulk.read(journal.store().path(batch.evidence_sha256), site, folder)
        yield folder / "rows.parquet"


def site_of(facility: Facility, *, known_at: int | None = None, not_after: datetime | None = None) -> slurm.Site:
    """What accounting of the facility does not say: its clock, and what an untyped GPU of it is on each day."""
    (_, first), *later = facilities.defaults(facility, known_at=known_at)
    return slurm.Site(facility.code, ZoneInfo(facility.zone), first, not_after=not_after, later=tuple(later))


def _read_at(batch: Batch) -> int | None:
    """How many entries were known when the batch was read, so that it reads the same again."""
    return batch.days.aggregate(first=Min("seq"))["first"]


def corrections(batch: Batch) -> Iterator[bytes]:
    """The rejected rows of a batch under their header, as a file to correct and send again."""
    return corrections_in(batch.header, journal.store().path(batch.findings_sha256) if batch.findings_sha256 else None)


def corrections_in(header: str, findings: Path | None) -> Iterator[bytes]:
    """The rows of a file of findings under a header."""
    if header:
        yield header.encode() + b"\n"
    if findings is not None:
        for raw in columnar.raw_rows(findings):
            yield raw + b"\n"


# ---- writing ---------------------------------------------------------------------------------------------------------
def seal(reading: Reading) -> list[journal.Attachment]:
    """The file and what was read of it, as evidence; nobody is kept waiting while it is written."""
    media = PARQUET_MEDIA if reading.file_format == PARQUET else "text/plain"
    attached = [
        journal.seal_aside(
            "original",
            media,
            reading.folder / "original",
            salt=reading.salt,
            sha256=reading.sealed_sha256,
            shown=reading.file_name,
        )
    ]
    for name, path in (("rows.parquet", reading.rows), ("findings.parquet", reading.kept_aside)):
        if name == "rows.parquet" or reading.findings_count:
            salt = random_bytes(32)
            with path.open("rb") as stream:
                running = hashlib.sha256(salt)
                for chunk in iter(lambda: stream.read(1 << 20), b""):
                    running.update(chunk)
            attached.append(journal.seal_aside(name, PARQUET_MEDIA, path, salt=salt, sha256=running.hexdigest()))
    return attached


def write(
    reading: Reading,
    attached: list[journal.Attachment],
    *,
    funding: FundingSource | None,
    by: Viewer,
    at: datetime,
) -> Batch:
    """The batch, its days and their entries; what it supersedes is reversed in the same transaction."""
    old = reading.supersedes
    number = numbers.take(Batch, f"B-{reading.member.code}")
    if old is not None:
        _check_superseded(old, reading)
        _reverse(old, by=by, at=at, replaced_by=number)
    received = journal.append(
        "batch.received",
        subject=f"batch:{number}",
        member=reading.member.code,
        facts={
            "batch": number,
            "sha256": reading.sha256,
            "format": reading.file_format,
            "member": reading.member.code,
            "facility": reading.facility.code,
            "rows": reading.tally.lines,
            "findings": reading.findings_count,
            "supersedes": old.number if old else None,
        },
        annexes=attached,
        by=by,
        at=at,
    )
    sealed = {each.name: each.sealed.sha256 for each in attached[1:]}
    span = columnar.span(reading.rows) if reading.file_format == SACCT else None
    batch = Batch.objects.create(
        seq=received.seq,
        number=number,
        member=reading.member,
        facility=reading.facility,
        funding=funding,
        file_name=reading.file_name[:200],
        file_format=reading.file_format,
        file_sha256=reading.sha256,
        evidence_sha256=reading.sealed_sha256,
        rows_sha256=sealed["rows.parquet"],
        findings_sha256=sealed.get("findings.parquet", ""),
        header=reading.header,
        first_start=span and span[0],
        last_start=span and span[1],
        supersedes=old,
        sent_by_id=by.user,
        bytes_read=reading.size,
        rows_read=reading.tally.lines,
        jobs=sum(day.jobs for day in reading.days),
        findings_count=reading.findings_count,
        received_at=at,
    )
    _post_days(batch, reading.days, by, at)
    return batch


def _post_days(batch: Batch, days: Iterable[DayTotal], by: Viewer, at: datetime) -> None:
    days = list(days)
    prefetch_related_objects([batch.facility], "editions")
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
            "country": facilities.on(batch.facility, day.day).country,
        },
        effective=(day.day, None),
        movements=_movements(batch, day.accelerator, amounts, 1),
    )


def _movements(batch: Batch, accelerator: str, amounts: dict[str, int], sign: int) -> list[journal.Move]:
    account = f"member:{batch.member.code}:compute:{batch.facility.code}:{accelerator}"
    source = f"source:compute:{batch.facility.code}"
    moves: list[journal.Move] = []
    for unit, amount in amounts.items():
        if check_amount(amount):
            moves += [(account, unit, sign * amount), (source, unit, -sign * amount)]
    return moves


# ---- correcting ------------------------------------------------------------------------------------------------------
@transaction.atomic
def reverse(batch: Batch, *, by: Viewer, at: datetime, reason: str = "") -> Batch:
    """Take a batch out of what counts. A member takes back its own while nobody has attested it; legal any."""
    check_may(by, "batch.reverse")
    if by.workplace == MEMBER:
        check_own(batch.member, by)
    journal.lock()
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    final = batch.state == Batch.State.ACCEPTED and by.workplace == MEMBER
    if batch.state == Batch.State.REVERSED or final:
        raise CannotReverse(batch=batch.number)
    assert by.workplace != LEGAL or batch.state in {Batch.State.SUBMITTED, Batch.State.ACCEPTED}
    return _reverse(batch, by=by, at=at, reason=reason)


def _check_superseded(old: Batch, reading: Reading) -> None:
    current = Batch.objects.select_for_update().get(pk=old.pk)
    alike = (current.member_id, current.facility_id) == (reading.member.pk, reading.facility.pk)
    if current.state != Batch.State.SUBMITTED or not alike:
        raise NotSuperseded(batch=old.number)


def _reverse(batch: Batch, *, by: Viewer, at: datetime, reason: str = "", replaced_by: str | None = None) -> Batch:
    """One entry a day, each correcting the entry that posted the day and moving its amounts back."""
    days = list(MeterDay.objects.filter(batch=batch).order_by("seq"))
    ids = dict(Entry.objects.filter(seq__in=[day.seq for day in days]).values_list("seq", "id"))
    facts = {"batch": batch.number, "replaced_by": replaced_by}
    first = [journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())] if reason else []
    drafts = [
        journal.Draft(
            kind="compute.reversed",
            subject=f"batch:{batch.number}",
            member=batch.member.code,
            facts={**facts, "accelerator": day.accelerator, "day": day.day.isoformat()},
            effective=(day.day, None),
            movements=_movements(
                batch, day.accelerator, {"cpu_s": day.cpu_s, "node_s": day.node_s, "gpu_s": day.gpu_s}, -1
            ),
            corrects=ids[day.seq],
            annexes=first if at_first else (),
        )
        for at_first, day in zip([True, *[False] * len(days)], days, strict=False)
    ]
    entries = journal.append_many(drafts, by=by, at=at)
    if batch.state == Batch.State.ACCEPTED:
        meter_totals.take_off(batch)
    batch.state, batch.seq = Batch.State.REVERSED, entries[-1].seq
    batch.save(update_fields=["state", "seq"])
    return batch


def findings_path(batch: Batch) -> Path | None:
    """Where the rows kept aside lie; None where there are none, or where they were erased."""
    try:
        return journal.store().path(batch.findings_sha256) if batch.findings_sha256 else None
    except EvidenceMissing:
        return None
