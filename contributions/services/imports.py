"""Taking in a file of metering: read once, post the good rows, keep the bad ones aside, or post nothing.

A file is copied into a folder of its own, hashed, and read into columns there; jobs that other batches hold are set
aside. Only then is the head locked: what was committed meanwhile is looked at once more, the batch and one entry per
(accelerator, day) are written, and the file, its counted rows and its findings are sealed as evidence.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from contributions.adapters import columnar, day_forms, incoming, slurm_bulk
from contributions.adapters.columnar import FindingRow
from contributions.adapters.randomness import random_bytes
from contributions.adapters.slurm import Tally
from contributions.core import compute, imports
from contributions.core.compute import DayTotal, Totals
from contributions.core.errors import Finding, Refused
from contributions.core.imports import SACCT, AlreadyHeld, Rejected
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import Batch, ColumnMap, Facility, FundingSource, Member
from contributions.selectors import ratecards
from contributions.services import batches, journal
from contributions.services.datasets import check_own

FINDINGS_TOLD_MAX = 100_000
TRIES_MAX = 5
Progress = Callable[[int], None]


class NothingToPost(Refused):
    code = "nothing-to-post"
    ja = "受け付けられる行がありません（誤りのある行 {count}）。何も追加していません。{first}"
    en = "No row could be taken ({count} bad rows). Nothing was added. {first}"


class Outdated(Refused):
    """Another batch took some of these jobs since the file was read."""

    code = "preview-outdated"
    ja = "読取りの後に、同じジョブを含む別のファイルが計上されました。更新した読取り結果をご確認ください。"
    en = "Since the file was read, another file with some of the same jobs was posted. Look at the new preview."


@dataclass(slots=True)
class Reading:
    """A file as read into its folder, before anything is written elsewhere."""

    folder: Path
    member: Member
    facility: Facility
    file_name: str
    file_format: str
    sha256: str
    sealed_sha256: str
    salt: bytes
    size: int
    tally: Tally
    header: str
    supersedes: Batch | None = None
    days: tuple[DayTotal, ...] = ()
    findings_count: int = 0
    against: set[int] = field(default_factory=set)

    @property
    def rows(self) -> Path:
        return self.folder / "rows.parquet"

    @property
    def kept_aside(self) -> Path:
        return self.folder / "findings.parquet"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facility.zone)

    def findings(self, *, limit: int = FINDINGS_TOLD_MAX) -> list[FindingRow]:
        """The rows kept aside, from the first."""
        return columnar.findings(self.kept_aside, limit=limit)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    batch: Batch
    totals: Totals

    @property
    def findings(self) -> list[FindingRow]:
        """The rows kept aside, from the first, read where they are sealed."""
        path = batches.findings_path(self.batch)
        return columnar.findings(path, limit=FINDINGS_TOLD_MAX) if path else []


def receive(
    path: Path,
    *,
    member: Member,
    facility: Facility,
    by: Viewer,
    at: datetime,
    file_format: str | None = None,
    funding: FundingSource | None = None,
    supersedes: Batch | None = None,
    strict: bool = False,
) -> Outcome:
    """Post a metering file as *submitted*. The same file again is refused, naming the batch that holds it."""
    check_may(by, "batch.receive")
    check_own(member, by)
    with folder() as aside:
        reading = read(
            path, aside, member=member, facility=facility, file_format=file_format, supersedes=supersedes, at=at
        )
        for _ in range(TRIES_MAX):
            check_postable(reading, strict=strict)
            try:
                batch = post(reading, funding=funding, by=by, at=at)
            except Outdated:
                set_held_aside(reading)
            else:
                return Outcome(batch, compute.totals(reading.days))
    raise Outdated


def read(
    path: Path,
    aside: Path,
    *,
    member: Member,
    facility: Facility,
    at: datetime,
    file_format: str | None = None,
    supersedes: Batch | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read a metering file whole into the folder: its counted rows, its findings, its sums by day."""
    told = progress or (lambda percent: None)
    with path.open("rb") as stream:
        file_format = imports.format_of(file_format, stream.read(imports.HEAD_BYTES))
    salt, original = random_bytes(32), aside / "original"
    sha256, sealed, size = incoming.digests(path, salt, copy=None if path == original else original)
    if path == original:
        columnar.flush(original)
    check_new(member, facility, sha256, supersedes)
    tally, header = _into_columns(
        original, aside, member, facility, file_format, at, lambda share: told(share * 8 // 10)
    )
    reading = Reading(
        aside, member, facility, path.name[:200], file_format, sha256, sealed, salt, size, tally, header, supersedes
    )
    set_held_aside(reading)
    told(95)
    return reading


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for one file on its way in, gone afterwards with all that is in it."""
    aside = make_folder(str(uuid4()))
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def make_folder(name: str) -> Path:
    """A folder of that name where files wait."""
    aside = Path(settings.MOYAI_HOME) / "intake" / name
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    return aside


def blank_form(facility: Facility, target: Path, *, file_format: str) -> None:
    """The standard form for that facility, with a line of example."""
    day_forms.blank(facility.code, target, file_format=file_format)


def columns_of(member: Member, facility: Facility, file_format: str) -> Mapping[str, str]:
    """What the member once said the columns of such files are."""
    made = ColumnMap.objects.filter(member=member, facility=facility, file_format=file_format).first()
    return made.mapping if made else {}


def _into_columns(
    original: Path, aside: Path, member: Member, facility: Facility, file_format: str, at: datetime, told: Progress
) -> tuple[Tally, str]:
    mapping = columns_of(member, facility, file_format)
    if file_format == SACCT:
        site = batches.site_of(facility, not_after=at)
        return slurm_bulk.read(original, site, aside, mapping=mapping, progress=told)
    return day_forms.read(
        original,
        facility.code,
        aside,
        file_format=file_format,
        known=ratecards.accelerators_known(facility),
        known_on=ratecards.accelerators_on(facility),
        mapping=mapping,
    )


def check_new(member: Member, facility: Facility, sha256: str, supersedes: Batch | None = None) -> None:
    """Refuse bytes that a standing batch of this member holds already."""
    held = batches.standing(facility).filter(member=member, file_sha256=sha256)
    found = held.exclude(pk=supersedes.pk if supersedes else None).first()
    if found is not None:
        raise AlreadyHeld(batch=found.number)


def set_held_aside(reading: Reading) -> None:
    """Take out of the reading what standing batches of its facility count already; each becomes a finding."""
    others = batches.overlapping(reading)
    with columnar.opened(reading.folder, held=reading.tally.held) as engine:
        for other in others:
            if other.pk not in reading.against:
                _set_aside_what(engine, reading, other)
                reading.against.add(other.pk)
        _set_stated_days_aside(engine, reading)
        stated = reading.file_format != SACCT
        reading.days = (
            columnar.stated_days(engine, reading.rows)
            if stated
            else columnar.day_totals(engine, reading.rows, reading.zone)
        )
    reading.findings_count = columnar.close_findings(reading.folder, reading.tally.held)


def _set_aside_what(engine, reading: Reading, other: Batch) -> None:
    if reading.file_format != SACCT or other.file_format != SACCT or batches.are_rows_erased(other):
        return
    with batches.rows_of(other) as rows:
        held = columnar.held(engine, reading.rows, rows, unnamed=reading.facility.code)
    if held:
        own = other.member_id == reading.member.pk
        columnar.set_aside(engine, reading.folder, held, lambda line, job, raw: _held(line, job, raw, other, own=own))


def _held(line: int, job: str, raw: bytes, batch: Batch, *, own: bool) -> Rejected:
    """A job counted before; which batch holds it is said only to the member whose batch that is."""
    finding = Finding(
        line,
        "jobid",
        "job-held",
        "ジョブ {job} は受付番号 {batch} で計上済みです。" if own else "ジョブ {job} は計上済みです。",
        "Job {job} is counted already, in batch {batch}." if own else "Job {job} is counted already.",
        {"job": job, "batch": batch.number} if own else {"job": job},
    )
    return Rejected(finding, raw)


def _set_stated_days_aside(engine, reading: Reading) -> None:
    """Days that the member has stated by form are not metered again, nor metered days stated again."""
    taken = batches.days_taken(reading)
    if not taken:
        return
    form = reading.file_format != SACCT
    lines = columnar.touching(engine, reading.rows, list(taken), reading.zone, stated=form)
    if lines:
        batch = next(iter(taken.values()))
        columnar.set_aside(
            engine, reading.folder, lines, lambda line, name, raw: _day_held(line, name, raw, batch, form=form)
        )


def _day_held(line: int, name: str, raw: bytes, batch: str, *, form: bool) -> Rejected:
    finding = Finding(
        line,
        "day" if form else "jobid",
        "day-held",
        "この日の計算資源は、受付番号 {batch} などで計上済みです（{name}）。",
        "What was used on this day is counted already, in batch {batch} or another of yours ({name}).",
        {"batch": batch, "name": name},
    )
    return Rejected(finding, raw)


def check_postable(reading: Reading, *, strict: bool = False) -> None:
    """Refuse what cannot be posted: nothing good, or in strict mode anything bad. The refusal carries the findings."""
    first = next(iter(reading.findings(limit=1)), None)
    finding = Finding(first.line, first.field, first.code, _bare(first.ja), _bare(first.en)) if first else None
    try:
        if strict:
            imports.check_strict(reading.findings_count, finding)
        if not reading.days:
            said = Text(finding.text("ja"), finding.text("en")) if finding else Text("", "")
            raise NothingToPost(count=reading.findings_count, first=said)
    except Refused as refusal:
        refusal.findings = reading.findings()
        raise


def _bare(sentence: str) -> str:
    """A finished sentence as the format string of itself."""
    return sentence.replace("{", "{{").replace("}", "}}")


def post(reading: Reading, *, funding: FundingSource | None, by: Viewer, at: datetime) -> Batch:
    """Write the batch with its entries, all or nothing."""
    attached = batches.seal(reading)
    try:
        with transaction.atomic():
            journal.lock()
            check_new(reading.member, reading.facility, reading.sha256, reading.supersedes)
            if any(other.pk not in reading.against for other in batches.overlapping(reading)):
                raise Outdated
            return batches.write(reading, attached, funding=funding, by=by, at=at)
    except BaseException:
        for attachment in attached:
            journal.store().erase(attachment.sealed.sha256)
        raise
