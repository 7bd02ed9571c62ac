"""Facilities, and the second pair of eyes on metered batches."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.models import Batch, Facility, Organization
from contributions.selectors import barriers
from contributions.services import journal


class NotSubmitted(Refused):
    code = "batch-not-submitted"
    ja = "受付番号 {batch} は確認待ちではありません。"
    en = "Batch {batch} is not waiting to be attested."


@transaction.atomic
def register_facility(
    *,
    code: str,
    name_ja: str,
    name_en: str,
    operator: Organization,
    country: str,
    region: str,
    default_accelerator: str,
    by: Viewer,
    at: datetime,
    zone: str = "Asia/Tokyo",
    illustrative: bool = True,
) -> Facility:
    """Enter a facility with its country, the zone of its clock, and what an untyped GPU of it is."""
    check_may(by, "facility.register")
    ZoneInfo(zone)
    entry = journal.append(
        "facility.registered",
        subject=f"facility:{code}",
        facts={
            "facility": code,
            "country": country,
            "region": region,
            "operator": operator.code,
            "zone": zone,
            "default_accelerator": default_accelerator,
        },
        by=by,
        at=at,
    )
    return Facility.objects.create(
        seq=entry.seq,
        code=code,
        name_ja=name_ja,
        name_en=name_en,
        operator=operator,
        country=country,
        region=region,
        zone=zone,
        default_accelerator=default_accelerator,
        illustrative=illustrative,
    )


@transaction.atomic
def attest(batch: Batch, *, by: Viewer, at: datetime) -> Batch:
    """Accept a batch: from now on its days count."""
    check_may(by, "batch.attest")
    barriers.check_apart(by, batch.member.code)
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.SUBMITTED:
        raise NotSubmitted(batch=batch.number)
    entry = journal.append(
        "compute.attested",
        subject=f"batch:{batch.number}",
        member=batch.member.code,
        facts={"batch": batch.number},
        by=by,
        at=at,
    )
    batch.state, batch.seq = Batch.State.ACCEPTED, entry.seq
    batch.save(update_fields=["state", "seq"])
    return batch
