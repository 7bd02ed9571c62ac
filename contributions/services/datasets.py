"""Registering datasets and their versions from Croissant descriptions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core import datasets as rules
from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.core.units import check_amount, unit
from contributions.core.words import Text
from contributions.models import Dataset, DatasetVersion, FundingSource, InboundAgreement, Member, Review
from contributions.services import journal, numbers


class NotYours(Refused):
    code = "not-yours"
    ja = "ご自身の会員の拠出だけを登録できます。"
    en = "You can only enter contributions of your own member."


class AlreadyRegistered(Refused):
    code = "already-registered"
    ja = "同じ記述ファイルは {number} として登録済みです。何も追加していません。"
    en = "The same description is registered already as {number}. Nothing was added."


class WrongMember(Refused):
    code = "wrong-member"
    ja = "受入契約 {agreement} は別の会員との契約です。"
    en = "Inbound agreement {agreement} is with another member."


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
    quantity: int | None = None,
    unit_code: str = "byte",
    modality: str = "text",
    category_ja: str = "",
    category_en: str = "",
    required: Sequence[str] | None = None,
    agreement: InboundAgreement | None = None,
    funding: FundingSource | None = None,
    illustrative: bool = False,
) -> DatasetVersion:
    """Enter a dataset with its first version, as its Croissant file describes it.

    `quantity` is in the smallest part of `unit_code`; without one, what the description states, else 0 bytes.
    """
    check_may(by, "dataset.register")
    check_own(member, by)
    file_sha256 = hashlib.sha256(source).hexdigest()
    held = DatasetVersion.objects.filter(dataset__member=member, file_sha256=file_sha256).select_related("dataset")
    if (version := held.first()) is not None:
        raise AlreadyRegistered(number=str(version))
    if agreement is not None and agreement.organization_id != member.organization_id:
        raise WrongMember(agreement=agreement.number)
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
    stated, stated_unit = description.quantity or (0, "byte")
    return _revise(
        dataset,
        description,
        source=source,
        quantity=check_amount(stated if quantity is None else quantity),
        unit_code=unit(stated_unit if quantity is None else unit_code).code,
        copies=copies,
        required=list(required or rules.required_reviews(modality)),
        agreement=agreement,
        funding=funding,
        submitted_on=submitted_on,
        by=by,
        at=at,
    )


def _revise(
    dataset: Dataset,
    description,
    *,
    source: bytes,
    quantity: int,
    unit_code: str,
    copies: Sequence[dict],
    required: list[str],
    agreement: InboundAgreement | None,
    funding: FundingSource | None,
    submitted_on: date,
    by: Viewer,
    at: datetime,
) -> DatasetVersion:
    number = dataset.versions.count() + 1
    member = dataset.member.code
    files = [
        {"name": file.name, "sha256": file.sha256, "bytes": None if file.bytes is None else str(file.bytes)}
        for file in description.files
    ]
    entry = journal.append(
        "dataset.revised",
        subject=f"dataset:{dataset.number}",
        member=member,
        facts={
            "dataset": dataset.number,
            "version": number,
            "member": member,
            "quantity": str(quantity),
            "unit": unit_code,
            "agreement": agreement.number if agreement else None,
            "funding": funding.code if funding else None,
            "on": submitted_on.isoformat(),
            "copies": [dict(copy) for copy in copies],
            "required": required,
            "licence": "; ".join(description.licences) or None,
            "files": files,
        },
        effective=(submitted_on, None),
        movements=[(f"member:{member}:data:submitted", unit_code, quantity), ("source:data", unit_code, -quantity)]
        if quantity
        else [],
        annexes=[journal.Attachment(f"{dataset.number}@{number}.croissant.json", "application/ld+json", source)],
        by=by,
        at=at,
    )
    return DatasetVersion.objects.create(
        seq=entry.seq,
        dataset=dataset,
        version=number,
        name_ja=description.name.ja,
        name_en=description.name.en,
        description_ja=description.description.ja,
        description_en=description.description.en,
        licence="; ".join(description.licences),
        url=description.url or "",
        files=files,
        gaps=[{"ja": gap.ja, "en": gap.en} for gap in description.gaps],
        conforms_to=description.conforms_to or "",
        quantity=quantity,
        unit=unit_code,
        agreement=agreement,
        funding=funding,
        submitted_on=submitted_on,
        copies=[dict(copy) for copy in copies],
        required=required,
        evidence_sha256=entry.annexes.get().sha256,
        file_sha256=hashlib.sha256(source).hexdigest(),
    )


@transaction.atomic
def record_copy(version: DatasetVersion, *, country: str, region: str, by: Viewer, at: datetime) -> DatasetVersion:
    """Record where another copy of a version lies. One outside the residency stops the version from counting."""
    check_may(by, "dataset.copy")
    rules.check_country(country)
    version = DatasetVersion.objects.select_for_update().get(pk=version.pk)
    check_own(version.dataset.member, by)
    entry = journal.append(
        "dataset.copied",
        subject=f"dataset:{version.dataset.number}",
        member=version.dataset.member.code,
        facts={
            "dataset": version.dataset.number,
            "version": version.version,
            "country": country,
            "region": region,
            "on": at.date().isoformat(),
        },
        by=by,
        at=at,
    )
    version.copies = [*version.copies, {"country": country, "region": region, "on": at.date().isoformat()}]
    version.seq = entry.seq
    version.save(update_fields=["copies", "seq"])
    return version


@transaction.atomic
def open_reviews(version: DatasetVersion, *, by: Viewer, at: datetime) -> list[Review]:
    """Open every review that the version needs and does not have yet."""
    check_may(by, "review.open")
    rules.check_ready([Text(gap["ja"], gap["en"]) for gap in version.gaps])
    present = set(version.reviews.values_list("kind", flat=True))
    reviews = []
    for kind in version.required:
        if kind in present:
            continue
        entry = journal.append(
            "review.opened",
            subject=f"dataset:{version.dataset.number}",
            member=version.dataset.member.code,
            facts={"dataset": version.dataset.number, "version": version.version, "review": kind},
            by=by,
            at=at,
        )
        reviews.append(Review.objects.create(seq=entry.seq, version=version, kind=kind, opened_at=at))
    return reviews


def check_own(member: Member, by: Viewer) -> None:
    """Refuse a member that acts for another."""
    if by.workplace == "member" and by.acting != member.code:
        raise NotYours
