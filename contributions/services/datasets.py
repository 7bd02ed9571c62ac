"""Registering datasets from Croissant descriptions, revising them, completing what they state, and withdrawing them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from contributions.core import datasets as rules
from contributions.core import records, roles
from contributions.core.descriptions import DatasetDescription, DescribedFile, gaps_of
from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.periods import JST
from contributions.core.roles import NotYours, Viewer, check_may
from contributions.core.units import check_amount, unit
from contributions.core.words import Text
from contributions.models import Dataset, DatasetVersion, FundingSource, InboundAgreement, Member
from contributions.selectors import requirements
from contributions.services import copies as copying
from contributions.services import journal, numbers

__all__ = ["NotYours"]


class AlreadyRegistered(Refused):
    code = "already-registered"
    ja = "同じ記述ファイルは {number} として登録済みです。何も追加していません。"
    en = "The same description is registered already as {number}. Nothing was added."


class SameFiles(AlreadyRegistered):
    code = "same-files"
    ja = (
        "記述にあるファイルは、すべて {number} のファイルと SHA-256 が一致します。同じデータを二重に計上することは"
        "できません。内容を改める場合は、{dataset} の新しい版として登録してください。"
    )
    en = (
        "Every file of the description has the SHA-256 of a file of {number}. The same data is not counted twice: "
        "enter what has changed as a new version of {dataset}."
    )


class WrongMember(Refused):
    code = "wrong-member"
    ja = "受入契約 {agreement} は別の会員との契約です。"
    en = "Inbound agreement {agreement} is with another member."


class NoSuchFile(Refused):
    code = "no-such-file"
    ja = "「{name}」は、この版の記述にあるファイルではありません。記述のファイル名で指定してください。"
    en = "“{name}” is no file of this version’s description. Use the name that stands there."


class NothingStated(Refused):
    code = "nothing-stated"
    ja = "新しく記載された項目がありません。"
    en = "Nothing new was stated."


@dataclass(frozen=True, slots=True)
class Submission:
    """What makes one version: the description with its bytes, how much, where it lies, and under which terms."""

    description: DatasetDescription
    source: bytes
    copies: Sequence[dict]
    submitted_on: date
    quantity: int | None = None
    unit_code: str = "byte"
    required: Mapping[str, int] | None = None
    agreement: InboundAgreement | None = None
    funding: FundingSource | None = None
    record: Mapping[str, object] | None = None
    evidence: Evidence | None = None


@transaction.atomic
def register(
    description,
    *,
    member: Member,
    source: bytes,
    copies: Sequence[dict],
    by: Viewer,
    at: datetime,
    submitted_on: date,
    modality: str = "language",
    category_ja: str = "",
    category_en: str = "",
    illustrative: bool = False,
    **rest,
) -> DatasetVersion:
    """Enter a dataset with its first version, as its Croissant file describes it; see `Submission` for the rest.

    `quantity` is in the smallest part of `unit_code`; without one, what the description states, else 0 bytes.
    """
    check_may(by, "dataset.register")
    check_own(member, by)
    submission = Submission(description, source, copies, submitted_on, **rest)
    _check(submission, member)
    submission = _with_required(submission, modality)
    number, name = numbers.take(Dataset, f"D-{member.code}"), description.name
    entry = journal.append(
        "dataset.registered",
        subject=f"dataset:{number}",
        member=member.code,
        facts={"dataset": number, "member": member.code, "name": {"ja": name.ja, "en": name.en}},
        by=by,
        at=at,
    )
    dataset = Dataset.objects.create(
        seq=entry.seq,
        number=number,
        member=member,
        name_ja=name.ja,
        name_en=name.en,
        modality=modality,
        category_ja=category_ja,
        category_en=category_en,
        illustrative=illustrative,
    )
    return _post(dataset, submission, by=by, at=at)


@transaction.atomic
def revise(
    dataset: Dataset,
    description,
    *,
    source: bytes,
    copies: Sequence[dict],
    by: Viewer,
    at: datetime,
    submitted_on: date,
    **rest,
) -> DatasetVersion:
    """Enter the next version of a dataset. It takes the place of the one before once it counts itself."""
    check_may(by, "dataset.revise")
    dataset = Dataset.objects.select_for_update(of=("self",)).select_related("member__organization").get(pk=dataset.pk)
    check_own(dataset.member, by)
    submission = Submission(description, source, copies, submitted_on, **rest)
    _check(submission, dataset.member, dataset)
    return _post(dataset, _with_required(submission, dataset.modality), by=by, at=at)


@transaction.atomic
def state(
    version: DatasetVersion,
    *,
    by: Viewer,
    at: datetime,
    record: Mapping[str, object] | None = None,
    licence: str = "",
    files: Mapping[str, tuple[str | None, int | None]] | None = None,
) -> DatasetVersion:
    """Complete what a version leaves out, before its reviews begin. What its file states is not overwritten.

    `files`: name → (SHA-256, bytes), for files whose digest or size the description does not state.
    """
    check_may(by, "dataset.state")
    version = copying.locked(version)
    check_own(version.dataset.member, by)
    if version.reviews.exists():
        raise records.StatedUnderReview
    merged = records.merged(version.record, record or {})
    for name in sorted(set(files or {}) - {file["name"] for file in version.files}):
        raise NoSuchFile(name=name)
    completed = [_completed(file, *(files or {}).get(file["name"], (None, None))) for file in version.files]
    _check_files(completed, version.dataset.member, version.dataset)
    licence = version.licence or licence.strip()
    if (merged, completed, licence) == (version.record, version.files, version.licence):
        raise NothingStated
    entry = journal.append(
        "dataset.stated",
        subject=f"dataset:{version.dataset.number}",
        member=version.dataset.member.code,
        facts={
            "dataset": version.dataset.number,
            "version": version.version,
            "member": version.dataset.member.code,
            "record": merged,
            "licence": licence or None,
            "files": completed,
        },
        by=by,
        at=at,
    )
    version.record, version.files, version.licence, version.seq = merged, completed, licence, entry.seq
    described = [
        DescribedFile(file["name"], None, "", file["sha256"], None if file["bytes"] is None else int(file["bytes"]))
        for file in completed
        if file.get("own", True)
    ]
    version.gaps = _texts(gaps_of(Text(version.name_ja, version.name_en), [licence], described))
    version.save(update_fields=["record", "files", "licence", "gaps", "seq"])
    return version


@transaction.atomic
def withdraw(
    dataset: Dataset, *, on: date, by: Viewer, at: datetime, version: DatasetVersion | None = None, reason: str = ""
) -> list[DatasetVersion]:
    """Withdraw one version, or the whole dataset, from a day on. What was allocated before stays as it is.

    From that day on its quantity is off the member's account, too.
    """
    check_may(by, "dataset.withdraw")
    dataset = Dataset.objects.select_for_update(of=("self",)).select_related("member__organization").get(pk=dataset.pk)
    check_own(dataset.member, by)
    rows = list(dataset.versions.filter(pk=version.pk) if version else dataset.versions.filter(withdrawn_on=None))
    if not rows:
        rows = list(dataset.versions.all()[:1])
    for row in rows:
        rules.check_withdrawal(str(row), on=on, today=at.astimezone(JST).date(), withdrawn=row.withdrawn_on)
    entry = journal.append(
        "dataset.withdrawn",
        subject=f"dataset:{dataset.number}",
        member=dataset.member.code,
        facts={"dataset": dataset.number, "version": version.version if version else None, "from": on.isoformat()},
        effective=(on, None),
        movements=_moved_off(rows, member=dataset.member.code),
        annexes=[journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())] if reason else [],
        by=by,
        at=at,
    )
    for row in rows:
        row.withdrawn_on, row.withdrawn_seq = on, entry.seq
        row.save(update_fields=["withdrawn_on", "withdrawn_seq"])
    return rows


def check_own(member: Member, by: Viewer) -> None:
    """Refuse a member that acts for another."""
    roles.check_own(by, member.code)


def _check(submission: Submission, member: Member, dataset: Dataset | None = None) -> None:
    digest = hashlib.sha256(submission.source).hexdigest()
    held = DatasetVersion.objects.filter(dataset__member=member, file_sha256=digest).select_related("dataset")
    if (version := held.first()) is not None:
        raise AlreadyRegistered(number=str(version))
    _check_files([_file(file) for file in submission.description.files], member, dataset)
    agreement = submission.agreement
    if agreement is not None and agreement.organization_id != member.organization_id:
        raise WrongMember(agreement=agreement.number)


def _check_files(files: Sequence[dict], member: Member, dataset: Dataset | None) -> None:
    """Refuse files all of which stand already, by their digests, in one version of another dataset of the member."""
    stated = {file["sha256"] for file in files if file.get("own", True)}
    if not stated or None in stated:
        return
    standing = DatasetVersion.objects.filter(dataset__member=member, withdrawn_on=None).select_related("dataset")
    for other in standing.exclude(dataset=dataset) if dataset else standing:
        if stated <= {file["sha256"] for file in other.files}:
            raise SameFiles(number=str(other), dataset=other.dataset.number)


def _with_required(submission: Submission, kind: str) -> Submission:
    """The same with the reviews that its kind needs on the day, unless they are named."""
    if submission.required:
        return submission
    return replace(submission, required=requirements.required(kind, submission.submitted_on))


def _post(dataset: Dataset, submission: Submission, *, by: Viewer, at: datetime) -> DatasetVersion:
    made, described = _version(dataset, submission), submission.description
    member = dataset.member.code
    annexes = [journal.Attachment(f"{made}.croissant.json", "application/ld+json", submission.source)]
    annexes += journal.handed_in(submission.evidence)
    entry = journal.append(
        "dataset.revised",
        subject=f"dataset:{dataset.number}",
        member=member,
        facts=_facts(made, licence="; ".join(described.licences) or None),
        effective=(made.submitted_on, None),
        movements=_movements(member, made.unit, made.quantity),
        annexes=annexes,
        by=by,
        at=at,
    )
    sealed = {annex.name: annex.sha256 for annex in entry.annexes.all()}
    made.seq, made.evidence_sha256 = entry.seq, sealed[annexes[0].name]
    if submission.evidence:
        made.copies = [{**copy, "evidence": sealed["evidence"]} for copy in made.copies]
    made.save(force_insert=True)
    for copy in made.copies:
        copying.check_resident(made, copy, by=by, at=at)
    return made


def _moved_off(rows: Sequence[DatasetVersion], *, member: str) -> list[journal.Move]:
    """The quantities of versions off the account, each unit by itself."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.unit] = sums.get(row.unit, 0) + row.quantity
    return [move for code in sorted(sums) for move in _movements(member, code, -sums[code])]


def _movements(member: str, unit_code: str, amount: int) -> list[journal.Move]:
    """A quantity onto the member's account, or off it again."""
    if not amount:
        return []
    return [(f"member:{member}:data:submitted", unit_code, amount), ("source:data", unit_code, -amount)]


def _version(dataset: Dataset, submission: Submission) -> DatasetVersion:
    described, on = submission.description, submission.submitted_on
    stated, stated_unit = described.quantity or (0, "byte")
    given = submission.quantity
    record = records.merged(records.read(dict(described.additions)), submission.record or {})
    return DatasetVersion(
        dataset=dataset,
        version=dataset.versions.count() + 1,
        name_ja=described.name.ja,
        name_en=described.name.en,
        description_ja=described.description.ja,
        description_en=described.description.en,
        licence="; ".join(described.licences),
        url=described.url or "",
        files=[_file(file) for file in described.files],
        gaps=_texts(described.gaps),
        conforms_to=described.conforms_to or "",
        quantity=check_amount(stated if given is None else given),
        unit=unit(stated_unit if given is None else submission.unit_code).code,
        agreement=submission.agreement,
        funding=submission.funding,
        submitted_on=on,
        record=record,
        copies=[copying.row(copy, number, on) for number, copy in enumerate(submission.copies, 1)],
        required=list(submission.required or ()),
        quotas=dict(submission.required or {}),
        file_sha256=hashlib.sha256(submission.source).hexdigest(),
    )


def _facts(made: DatasetVersion, *, licence: str | None) -> dict:
    return {
        "dataset": made.dataset.number,
        "version": made.version,
        "member": made.dataset.member.code,
        "quantity": str(made.quantity),
        "unit": made.unit,
        "agreement": made.agreement.number if made.agreement else None,
        "funding": made.funding.code if made.funding else None,
        "on": made.submitted_on.isoformat(),
        "copies": [copying.fact(copy) for copy in made.copies],
        "required": made.required,
        "quotas": made.quotas,
        "licence": licence,
        "files": made.files,
        "record": made.record,
    }


def _file(file: DescribedFile) -> dict:
    size = None if file.bytes is None else str(file.bytes)
    return {"name": file.name, "sha256": file.sha256, "bytes": size, "own": file.needs_digest}


def _completed(file: dict, sha256: str | None, size: int | None) -> dict:
    stated = {"sha256": sha256, "bytes": None if size is None else str(check_amount(size))}
    return {**file, **{name: value for name, value in stated.items() if value and file[name] is None}}


def _texts(gaps: Sequence[Text]) -> list[dict]:
    return [{"ja": gap.ja, "en": gap.en} for gap in gaps]
