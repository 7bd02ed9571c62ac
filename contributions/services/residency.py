"""Breaches of residency: recorded by whoever finds one, mended when it has ended, never taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core import countries
from contributions.core import datasets as dataset_rules
from contributions.core import residency as rules
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may, check_own
from contributions.models import Batch, Breach, DatasetVersion, Member
from contributions.selectors import residency
from contributions.services import journal, numbers


@transaction.atomic
def record(
    *,
    country: str,
    region: str,
    since: date,
    found: str,
    by: Viewer,
    at: datetime,
    version: DatasetVersion | None = None,
    batch: Batch | None = None,
    note: str = "",
) -> Breach:
    """Record that a dataset version lay, or a metered batch ran, where it must not. From that day it does not count."""
    check_may(by, "residency.record")
    assert (version is None) != (batch is None), "a breach is of a version or of a batch"
    dataset_rules.check_country(country)
    if country in settings.RESIDENCY:
        raise rules.NotABreach(country=countries.name(country))
    rules.check_past(since, jst_date(at))
    member = version.dataset.member if version else batch.member
    check_own(by, member.code)
    held = Breach.objects.filter(version=version, batch=batch, country=country, region=region, until=None).first()
    if held is not None:
        raise rules.RecordedAlready(country=countries.name(country), breach=held.number)
    return post_breached(
        member,
        version=version,
        batch=batch,
        country=country,
        region=region,
        since=since,
        found=rules.check_finder(found),
        note=note,
        by=by,
        at=at,
    )


@transaction.atomic
def mend(breach: Breach, *, on: date, by: Viewer, at: datetime) -> Breach:
    """Record the day on which a breach ended. A copy that is still on record abroad has not ended."""
    check_may(by, "residency.record")
    breach = Breach.objects.select_for_update(of=("self",)).select_related("member__organization", "version").get(
        pk=breach.pk
    )  # fmt: skip
    check_own(by, breach.member.code)
    held = next((each for each in breach.version.copies if each["copy"] == breach.copy), None) if breach.copy else None
    if held is not None and held["until"] is None:
        raise rules.StillAbroad(country=countries.name(breach.country))
    rules.check_past(on, jst_date(at))
    return post_mended(breach, on=on, by=by, at=at)


def post_breached(
    member: Member,
    *,
    country: str,
    region: str,
    since: date,
    found: str,
    by: Viewer,
    at: datetime,
    version: DatasetVersion | None = None,
    batch: Batch | None = None,
    note: str = "",
    copy: int | None = None,
) -> Breach:
    """Write a breach; for verbs that have checked who may."""
    number = numbers.take(Breach, f"RB-{member.code}")
    entry = journal.append(
        "residency.breached",
        subject=f"breach:{number}",
        member=member.code,
        facts={
            "breach": number,
            "member": member.code,
            "what": f"dataset:{version}" if version else f"batch:{batch.number}",
            "country": country,
            "region": region,
            "since": since.isoformat(),
            "found": found,
        },
        effective=(since, None),
        annexes=[journal.Attachment("note.txt", "text/plain; charset=utf-8", note.encode())] if note else [],
        by=by,
        at=at,
    )
    return Breach.objects.create(
        seq=entry.seq,
        number=number,
        member=member,
        version=version,
        batch=batch,
        country=country,
        region=region,
        since=since,
        found=found,
        note=note,
        copy=copy,
    )


def post_mended(breach: Breach, *, on: date, by: Viewer, at: datetime) -> Breach:
    """Write the end of a breach; for verbs that have checked who may."""
    rules.check_mended(residency.rule_of(breach), on)
    entry = journal.append(
        "residency.mended",
        subject=f"breach:{breach.number}",
        member=breach.member.code,
        facts={"breach": breach.number, "member": breach.member.code, "from": on.isoformat()},
        effective=(on, None),
        by=by,
        at=at,
    )
    breach.until, breach.mended_seq = on, entry.seq
    breach.save(update_fields=["until", "mended_seq"])
    return breach
