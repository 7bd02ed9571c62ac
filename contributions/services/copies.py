"""Where copies of a dataset version lie: recording one, recording that it is gone, and the breach of one abroad."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core import datasets as rules
from contributions.core.evidence import Evidence
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may, check_own
from contributions.models import DatasetVersion
from contributions.services import journal, residency


@transaction.atomic
def record(
    version: DatasetVersion,
    *,
    country: str,
    region: str,
    by: Viewer,
    at: datetime,
    on: date | None = None,
    evidence: Evidence | None = None,
) -> DatasetVersion:
    """Record where another copy lies. One outside the residency is a breach, and the version stops counting."""
    check_may(by, "dataset.copy")
    rules.check_country(country)
    version = locked(version)
    check_own(by, version.dataset.member.code)
    number, today = max((copy["copy"] for copy in version.copies), default=0) + 1, jst_date(at)
    rules.check_come(on or today, today)
    copy = row({"country": country, "region": region}, number, on or today)
    entry = journal.append(
        "dataset.copied",
        subject=f"dataset:{version.dataset.number}",
        member=version.dataset.member.code,
        facts={"dataset": version.dataset.number, "version": version.version, **fact(copy)},
        annexes=journal.handed_in(evidence),
        by=by,
        at=at,
    )
    if evidence:
        copy["evidence"] = entry.annexes.get().sha256
    version.copies, version.seq = [*version.copies, copy], entry.seq
    version.save(update_fields=["copies", "seq"])
    check_resident(version, copy, by=by, at=at)
    return version


@transaction.atomic
def remove(
    version: DatasetVersion,
    copy: int,
    *,
    on: date,
    by: Viewer,
    at: datetime,
    evidence: Evidence | None = None,
) -> DatasetVersion:
    """Record that a copy was deleted on a day, with the certificate where there is one. Its breach is mended by it."""
    check_may(by, "dataset.copy")
    version = locked(version)
    check_own(by, version.dataset.member.code)
    held = next((each for each in version.copies if each["copy"] == copy), None)
    if held is None:
        raise rules.NoSuchCopy(version=str(version), copy=copy)
    if held["until"] is not None:
        raise rules.CopyGone(copy=copy, until=held["until"])
    if on.isoformat() < held["on"]:
        raise rules.GoneBefore(until=on, on=held["on"])
    rules.check_come(on, jst_date(at))
    entry = journal.append(
        "copy.removed",
        subject=f"dataset:{version.dataset.number}",
        member=version.dataset.member.code,
        facts={
            "dataset": version.dataset.number,
            "version": version.version,
            "copy": copy,
            "country": held["country"],
            "on": on.isoformat(),
        },
        effective=(on, None),
        annexes=journal.handed_in(evidence),
        by=by,
        at=at,
    )
    held["until"], held["until_seq"] = on.isoformat(), entry.seq
    if evidence:
        held["certificate"] = entry.annexes.get().sha256
    version.seq = entry.seq
    version.save(update_fields=["copies", "seq"])
    for breach in version.breaches.filter(copy=copy, until=None):
        residency.post_mended(breach, on=on, by=by, at=at)
    return version


def row(copy: dict, number: int, on: date) -> dict:
    """A copy as its version's row keeps it."""
    return {
        "copy": number,
        "country": rules.check_country(copy["country"]),
        "region": copy.get("region", ""),
        "on": copy.get("on") or on.isoformat(),
        "until": None,
    }


def fact(copy: dict) -> dict:
    """A copy as a statement names it."""
    return {name: copy[name] for name in ("copy", "country", "region", "on")}


def check_resident(version: DatasetVersion, copy: dict, *, by: Viewer, at: datetime) -> None:
    """A copy abroad is a breach from the day on which it lies there: found by the record itself."""
    if copy["country"] in settings.RESIDENCY:
        return
    residency.post_breached(
        version.dataset.member,
        version=version,
        country=copy["country"],
        region=copy["region"],
        since=date.fromisoformat(copy["on"]),
        found="record",
        copy=copy["copy"],
        by=by,
        at=at,
    )


def locked(version: DatasetVersion) -> DatasetVersion:
    """The version's row, held until the end of the transaction."""
    rows = DatasetVersion.objects.select_for_update(of=("self",)).select_related("dataset__member__organization")
    return rows.get(pk=version.pk)
