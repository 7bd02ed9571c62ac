"""A file on its way in, in steps: received, read by a worker, previewed, then committed or rejected as a whole.

The request only puts the file aside and asks for a job. What a job finds, a preview or the columns it does not know,
stands on the intake's row; nothing is journaled until the member commits, and what is rejected or left alone is gone.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from contributions.adapters import cells, columnar, slurm_columns, spreadsheets
from contributions.adapters.slurm import Tally
from contributions.core import imports as rules
from contributions.core.errors import Refused
from contributions.core.imports import ColumnsUnknown
from contributions.core.roles import Viewer, check_may
from contributions.models import Batch, ColumnMap, Facility, FundingSource, Intake, Job, Member
from contributions.services import batches, imports, jobs
from contributions.services.datasets import check_own

READ, COMMIT = "intakes.read", "intakes.commit"
FAULTS_SHOWN_MAX = 40
MONTHS_SHOWN_MAX = 600


class TooLarge(Refused):
    code = "too-large"
    ja = "ファイルが上限 {limit} バイトを超えています。分けて提出するか、管理者に取込みを依頼してください。"
    en = "The file is larger than the limit of {limit} bytes. Send it in parts, or have it imported by command."


class NotAtThisStep(Refused):
    code = "intake-not-at-this-step"
    ja = "このファイルは今この操作ができる段階にありません。画面を更新して状態をご確認ください。"
    en = "The file is not at a step at which this can be done. Load the page again to see where it stands."


def request(
    upload: Path | None,
    *,
    name: str,
    size: int,
    member: Member,
    facility: Facility,
    by: Viewer,
    at: datetime,
    chunks: Iterable[bytes] = (),
    file_format: str | None = None,
    funding: FundingSource | None = None,
    supersedes: Batch | None = None,
) -> Intake:
    """Put a file aside and ask for it to be read. An `upload` that lies on disk is taken over without being copied."""
    check_may(by, "batch.receive")
    check_own(member, by)
    if size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(limit=settings.UPLOAD_MAX_BYTES)
    intake = Intake(
        member=member,
        facility=facility,
        funding=funding,
        supersedes=supersedes,
        file_name=(Path(name).name or "upload")[:200],
        file_format=file_format or "",
        size=size,
        sent_by_id=by.user,
        sent_at=at,
        expires_at=at + timedelta(hours=settings.INTAKE_HOURS),
    )
    aside = imports.make_folder(str(intake.pk))
    try:
        _take_over(upload, chunks, aside / "original")
        with transaction.atomic():
            intake.save(force_insert=True)
            _ask(intake, READ, by=by, at=at)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return intake


def path_of(upload: object) -> Path | None:
    """Where an uploaded file lies, if it was too large to be held in memory."""
    found = getattr(upload, "temporary_file_path", None)
    return Path(found()) if found else None


def _take_over(upload: Path | None, chunks: Iterable[bytes], target: Path) -> None:
    if upload is not None:
        try:
            os.link(upload, target)
        except OSError:
            shutil.copyfile(upload, target)
    else:
        with target.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
    target.chmod(0o600)


def _ask(intake: Intake, service: str, *, by: Viewer, at: datetime) -> None:
    job = jobs.request(service, arguments={"intake": str(intake.pk)}, by=by, at=at)
    intake.job = job
    intake.save(update_fields=["job"])


def read(*, intake: str, by: Viewer, at: datetime) -> dict:
    """The job: read the file, and leave a preview, or the columns that nobody knows, or why it is refused."""
    row = Intake.objects.select_related("member__organization", "facility", "supersedes").get(pk=intake)
    if row.state != Intake.State.READING:
        return {}
    aside = imports.make_folder(intake)
    path = aside / "original"
    try:
        reading = imports.read(
            path,
            aside,
            member=row.member,
            facility=row.facility,
            file_format=row.file_format or None,
            supersedes=row.supersedes,
            at=at,
            progress=lambda share: jobs.progress(by.request, share, 100),
        )
    except ColumnsUnknown as unknown:
        row.file_format = rules.format_of(row.file_format or None, _head(path))
        row.preview = {"printed": list(unknown.printed), "missing": list(unknown.missing)}
        _to(row, Intake.State.UNMAPPED)
    except Refused as refusal:
        row.refusal_ja, row.refusal_en = refusal.text("ja"), refusal.text("en")
        _to(row, Intake.State.REFUSED)
        _empty(row)
    else:
        reading.file_name = row.file_name
        _keep(reading)
        row.file_format, row.preview = reading.file_format, _preview(reading)
        _to(row, Intake.State.PREVIEWED)
    return {}


def _to(row: Intake, state: str) -> None:
    row.state = state
    row.save(update_fields=["state", "preview", "file_format", "refusal_ja", "refusal_en", "batch"])


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(rules.HEAD_BYTES)


def _preview(reading: imports.Reading) -> dict:
    """What would be posted, by month and accelerator, and how often each fault occurs."""
    months: dict[tuple[str, str], list[int]] = {}
    for day in reading.days:
        sums = months.setdefault((day.day.isoformat()[:7], day.accelerator), [0, 0, 0, 0])
        for place, amount in enumerate((day.jobs, day.cpu_s, day.node_s, day.gpu_s)):
            sums[place] += amount
    faults = columnar.by_code(reading.kept_aside)
    return {
        "sha256": reading.sha256,
        "lines": reading.tally.lines,
        "steps": reading.tally.steps,
        "jobs": sum(day.jobs for day in reading.days),
        "findings": reading.findings_count,
        "months": [[*key, *sums] for key, sums in sorted(months.items())[:MONTHS_SHOWN_MAX]],
        "faults": [list(fault) for fault in faults[:FAULTS_SHOWN_MAX]],
    }


def _keep(reading: imports.Reading) -> None:
    """What a commit needs beside the files, in the folder itself: nobody else can write there."""
    kept = {name: getattr(reading, name) for name in ("file_format", "sha256", "sealed_sha256", "size", "header")}
    more = {"salt": reading.salt.hex(), "tally": asdict(reading.tally), "against": sorted(reading.against)}
    (reading.folder / "reading.json").write_text(json.dumps(kept | more))


def _kept(row: Intake) -> imports.Reading:
    aside = imports.make_folder(str(row.pk))
    kept = json.loads((aside / "reading.json").read_text())
    kept |= {
        "salt": bytes.fromhex(kept["salt"]),
        "tally": Tally(**kept["tally"]),
        "against": set(kept["against"]),
    }
    return imports.Reading(
        folder=aside,
        member=row.member,
        facility=row.facility,
        file_name=row.file_name,
        supersedes=row.supersedes,
        **kept,
    )


def map_columns(row: Intake, mapping: Mapping[str, str], *, by: Viewer, at: datetime) -> Intake:
    """Say once what the file's columns are; it is remembered for this member and facility, and the file read again."""
    check_may(by, "batch.receive")
    check_own(row.member, by)
    with transaction.atomic():
        row = _at_step(row, {Intake.State.UNMAPPED})
        wanted = columns_wanted(row.file_format)
        made = rules.check_mapping(mapping, row.preview["printed"], wanted)
        ColumnMap.objects.update_or_create(
            member=row.member,
            facility=row.facility,
            file_format=row.file_format,
            defaults={"mapping": made, "made_by_id": by.user, "made_at": at},
        )
        row.state = Intake.State.READING
        row.save(update_fields=["state"])
        _ask(row, READ, by=by, at=at)
    return row


def columns_wanted(file_format: str) -> tuple[str, ...]:
    """What the columns of a file of that format can be."""
    if file_format == rules.SACCT:
        return (*slurm_columns.REQUIRED, *slurm_columns.OPTIONAL)
    return spreadsheets.COMPUTE


def columns_needed(file_format: str) -> frozenset[str]:
    """Those of them without which no row can be read."""
    if file_format == rules.SACCT:
        return frozenset({*slurm_columns.REQUIRED, "alloctres"})
    return frozenset(spreadsheets.COMPUTE) - cells.OPTIONAL


def commit(row: Intake, *, by: Viewer, at: datetime) -> Intake:
    """Ask for what the preview shows to be posted, all of it."""
    check_may(by, "batch.receive")
    check_own(row.member, by)
    with transaction.atomic():
        row = _at_step(row, {Intake.State.PREVIEWED})
        imports.check_postable(_with_figures(_kept(row), row))
        row.state = Intake.State.COMMITTING
        row.save(update_fields=["state"])
        _ask(row, COMMIT, by=by, at=at)
    return row


def _with_figures(reading: imports.Reading, row: Intake) -> imports.Reading:
    """The reading with its sums, as the preview counted them."""
    reading.findings_count = row.preview["findings"]
    with columnar.opened(reading.folder) as engine:
        if reading.file_format == rules.SACCT:
            reading.days = columnar.day_totals(engine, reading.rows, reading.zone)
        else:
            reading.days = columnar.stated_days(engine, reading.rows)
    return reading


def post(*, intake: str, by: Viewer, at: datetime) -> dict:
    """The job: post the batch and mark the file as committed, in one transaction."""
    row = Intake.objects.select_related("member__organization", "facility", "funding").get(pk=intake)
    if row.state != Intake.State.COMMITTING:
        return {}
    reading = _with_figures(_kept(row), row)
    jobs.progress(by.request, 40, 100)
    try:
        with transaction.atomic():
            row = Intake.objects.select_for_update(of=("self",)).get(pk=intake)
            if row.state != Intake.State.COMMITTING:
                return {}
            row.batch = imports.post(reading, funding=row.funding, by=by, at=at)
            _to(row, Intake.State.COMMITTED)
    except imports.Outdated as outdated:
        imports.set_held_aside(reading)
        _keep(reading)
        row.preview = _preview(reading)
        row.refusal_ja, row.refusal_en = outdated.text("ja"), outdated.text("en")
        _to(row, Intake.State.PREVIEWED)
    except Refused as refusal:
        row.batch = None
        row.refusal_ja, row.refusal_en = refusal.text("ja"), refusal.text("en")
        _to(row, Intake.State.REFUSED)
    if row.state != Intake.State.PREVIEWED:
        _empty(row)
    return {}


def reject(row: Intake, *, by: Viewer, at: datetime) -> None:
    """Let the file go: nothing of it is left."""
    check_may(by, "batch.receive")
    check_own(row.member, by)
    with transaction.atomic():
        waits = {Intake.State.PREVIEWED, Intake.State.UNMAPPED, Intake.State.REFUSED}
        failed = row.job is not None and row.job.state == Job.State.FAILED
        row = _at_step(row, waits | {Intake.State.READING, Intake.State.COMMITTING} if failed else waits)
        aside = row.pk
        row.delete()
    shutil.rmtree(imports.make_folder(str(aside)), ignore_errors=True)


def expire(*, at: datetime) -> int:
    """Let go of what nobody committed in time, and of folders that a crash left behind; how many there were."""
    gone = 0
    waiting = {Intake.State.COMMITTING, Intake.State.COMMITTED}
    for row in Intake.objects.filter(expires_at__lt=at).exclude(state__in=waiting):
        _empty(row)
        row.delete()
        gone += 1
    root = imports.make_folder("")
    held = {str(pk) for pk in Intake.objects.exclude(state=Intake.State.COMMITTED).values_list("pk", flat=True)}
    oldest = (at - timedelta(hours=settings.INTAKE_HOURS)).timestamp()
    for aside in root.iterdir():
        if aside.name not in held and aside.stat().st_mtime < oldest:
            shutil.rmtree(aside, ignore_errors=True)
            gone += 1
    return gone


def _at_step(row: Intake, states: set[str]) -> Intake:
    row = Intake.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state not in states:
        raise NotAtThisStep
    return row


def _empty(row: Intake) -> None:
    shutil.rmtree(imports.make_folder(str(row.pk)), ignore_errors=True)


def corrections(row: Intake) -> Iterator[bytes]:
    """The rows that would be kept aside under their header, as a file to correct before anything is posted."""
    return batches.corrections_in(_kept(row).header, findings_of(row))


def findings_of(row: Intake) -> Path | None:
    """Where the rows that would be kept aside lie, while the file waits."""
    path = imports.make_folder(str(row.pk)) / "findings.parquet"
    return path if row.state == Intake.State.PREVIEWED and path.is_file() else None
