"""Deliveries: the files of a release are filed once, handed to licensees in force, received, checked and taken."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.evidence import Evidence
from contributions.core.periods import jst_date
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.services import journal, numbers
from licensing.adapters.holidays import is_business_day
from licensing.core import deliveries as rules
from licensing.core import lives
from licensing.core.agreements import check_reason
from licensing.models import Agreement, Delivery, Download, Release, ReleaseFile
from licensing.selectors import deliveries
from licensing.selectors import lives as standing
from licensing.services import agreements


class NotYourDelivery(Refused):
    code = "not-your-delivery"
    ja = "納品を受けた利用者だけがこの操作をできます。"
    en = "Only the licensee that it was delivered to can do this."


class FiledAlready(Refused):
    code = "release-file-held"
    ja = "同じ内容のファイル「{name}」が登録済みです。"
    en = "The file “{name}” is held already in this very form."


@transaction.atomic
def file(release: Release, *, kind: str, content: Evidence, by: Viewer, at: datetime) -> ReleaseFile:
    """Register a file of a release; under a name that is held it takes the older one's place for later deliveries."""
    check_may(by, "release.file")
    assert kind in rules.KINDS
    release = Release.objects.select_for_update().get(pk=release.pk)
    sha256 = hashlib.sha256(content.content).hexdigest()
    if release.files.filter(name=content.name, sha256=sha256).exists():
        raise FiledAlready(name=content.name)
    entry = journal.append(
        "release.filed",
        subject=f"release:{release.number}",
        facts={
            "release": release.number,
            "file": content.name,
            "kind": kind,
            "sha256": sha256,
            "size": str(len(content.content)),
        },
        annexes=[journal.Attachment(content.name, "application/octet-stream", content.content)],
        by=by,
        at=at,
    )
    return ReleaseFile.objects.create(
        seq=entry.seq,
        release=release,
        kind=kind,
        name=content.name,
        media="application/octet-stream",
        size=len(content.content),
        sha256=sha256,
        filed_at=at,
    )


@transaction.atomic
def deliver(agreement: Agreement, *, by: Viewer, at: datetime, files: Sequence[ReleaseFile] | None = None) -> Delivery:
    """Hand files of the licensed release to a licensee in force: those owed to it, unless some are named."""
    check_may(by, "delivery.make")
    agreement = standing.gathered([agreements.locked(agreement)])[0]
    lives.check(standing.life_of(agreement, at), at, agreement=agreement.number)
    chosen = list(files) if files is not None else deliveries.owed_under(agreement)
    if not chosen:
        raise rules.NothingToDeliver(release=agreement.release.number)
    for one in chosen:
        if one.release_id != agreement.release_id:
            raise rules.NoSuchFile(name=one.name)
    filed = {one.kind for one in deliveries.newest_files(agreement.release)}
    rules.check_classified({one.kind for one in chosen}, filed, release=agreement.release.number)
    on = jst_date(at)
    variables = standing.variables_on(agreement, on)
    number = numbers.take(Delivery, f"DL-{agreement.number}", width=1)
    accept_by = rules.accept_by(on, variables, is_business_day=is_business_day)
    entry = journal.append(
        "delivery.made",
        subject=f"agreement:{agreement.number}",
        facts={
            "agreement": agreement.number,
            "delivery": number,
            "files": [[one.name, one.sha256, str(one.size)] for one in chosen],
            "accept_by": accept_by.isoformat(),
        },
        by=by,
        at=at,
    )
    row = Delivery.objects.create(
        seq=entry.seq, number=number, agreement=agreement, delivered_at=at, accept_by=accept_by,
        deems=rules.deems(variables),
    )  # fmt: skip
    row.files.set(chosen)
    return row


@transaction.atomic
def receive(delivery: Delivery, *, by: Viewer, at: datetime) -> Delivery:
    """The licensee confirms that the files arrived."""
    check_may(by, "delivery.receive")
    row = _step(delivery, "receive", by=by, at=at)
    row.received_at = at
    return _record(row, "delivery.received", "", by=by, at=at)


@transaction.atomic
def accept(delivery: Delivery, *, by: Viewer, at: datetime) -> Delivery:
    """The licensee has checked digests and that the model runs: 検収合格."""
    check_may(by, "delivery.check")
    row = _step(delivery, "accept", by=by, at=at)
    row.settled_at = at
    return _record(row, "delivery.accepted", "", by=by, at=at)


@transaction.atomic
def reject(delivery: Delivery, *, reason: str, by: Viewer, at: datetime) -> Delivery:
    """The check failed; the licensor delivers again, and the same files are owed once more."""
    check_may(by, "delivery.check")
    reason = check_reason(reason)
    row = _step(delivery, "reject", by=by, at=at)
    row.settled_at, row.reason = at, reason
    return _record(row, "delivery.rejected", reason, by=by, at=at)


def deem_due(*, by: Viewer, at: datetime) -> list[Delivery]:
    """Write down every delivery that silence has accepted."""
    check_may(by, "delivery.check")
    on = jst_date(at)
    rows = Delivery.objects.filter(state__in=(rules.DELIVERED, rules.RECEIVED), deems=True, accept_by__lt=on)
    return [_deem(row, by=by, at=at) for row in rows.order_by("pk")]


@transaction.atomic
def take(delivery: Delivery, file: ReleaseFile, *, by: Viewer, at: datetime) -> bytes:
    """A delivered file's bytes, while the licence is in force; who took it and when is noted."""
    if by.workplace == LICENSEE:
        _check_own(delivery, by)
        agreement = standing.gathered([delivery.agreement])[0]
        lives.check(standing.life_of(agreement, at), at, agreement=agreement.number)
    annex = deliveries.content_of(file)
    if annex is None or not delivery.files.filter(pk=file.pk).exists():
        raise rules.NoSuchFile(name=file.name)
    content = journal.store().get(annex.sha256)
    assert hashlib.sha256(content).hexdigest() == file.sha256
    Download.objects.create(delivery=delivery, file=file, user_id=by.user, taken_at=at)
    return content


@transaction.atomic
def _deem(delivery: Delivery, *, by: Viewer, at: datetime) -> Delivery:
    row = _locked(delivery)
    row.state = rules.step(row.state, "deem", number=row.number, accept_by=row.accept_by)
    row.settled_at = at
    return _record(row, "delivery.deemed", "", by=by, at=at)


def _step(delivery: Delivery, verb: str, *, by: Viewer, at: datetime) -> Delivery:
    row = _locked(delivery)
    _check_own(row, by)
    state = deliveries.state_on(row, jst_date(at))
    row.state = rules.step(state, verb, number=row.number, accept_by=row.accept_by)
    return row


def _check_own(row: Delivery, by: Viewer) -> None:
    if by.workplace == LICENSEE and by.acting != row.agreement.licensee.organization.code:
        raise NotYourDelivery


def _locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("agreement__licensee__organization")
    return rows.get(pk=delivery.pk)


def _record(row: Delivery, kind: str, reason: str, *, by: Viewer, at: datetime) -> Delivery:
    text = journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())
    entry = journal.append(
        kind,
        subject=f"agreement:{row.agreement.number}",
        facts={"agreement": row.agreement.number, "delivery": row.number},
        annexes=[text] if reason else [],
        by=by,
        at=at,
    )
    row.seq = entry.seq
    row.save()
    return row
