"""Facilities, and the second pair of eyes on metered batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import available_timezones

from django.db import transaction

from contributions.core import facilities as rules
from contributions.core.datasets import check_country
from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.models import Batch, Facility, Organization
from contributions.selectors import independence
from contributions.services import journal, meter_totals


class NotSubmitted(Refused):
    code = "batch-not-submitted"
    ja = "受付番号 {batch} は確認待ちではありません。"
    en = "Batch {batch} is not waiting to be attested."


class SameEyes(Refused):
    code = "batch-sent-by-you"
    ja = "受付番号 {batch} はご自身が提出したものです。別の担当者が確認してください。"
    en = "You sent batch {batch} in yourself. Somebody else must attest it."


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
    accelerators: Sequence[str] = (),
    power_kw: int | None = None,
    pue: str | None = None,
    illustrative: bool = True,
) -> Facility:
    """Enter a facility: its country, operator, power, the zone of its clock, and what an untyped GPU of it is."""
    check_may(by, "facility.register")
    check_country(country)
    types = sorted({*accelerators, default_accelerator})
    rules.check(types=types, power_kw=power_kw, pue=None if pue is None else Decimal(pue))
    if zone not in available_timezones():
        raise rules.UnknownZone(zone=zone[:40])
    if Facility.objects.filter(code=code).exists():
        raise rules.FacilityKnown(facility=code)
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
            "accelerators": types,
            "power_kw": power_kw,
            "pue": pue,
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
        accelerators=types,
        power_kw=power_kw,
        pue=Decimal(pue) if pue is not None else None,
        illustrative=illustrative,
    )


@transaction.atomic
def attest(batch: Batch, *, by: Viewer, at: datetime) -> Batch:
    """Accept a batch: from now on its days count. Never one's own, one's group's or a rival's."""
    check_may(by, "batch.attest")
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.SUBMITTED:
        raise NotSubmitted(batch=batch.number)
    _check_independent(batch, by, at)
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
    meter_totals.add(batch)
    return batch


def _check_independent(batch: Batch, by: Viewer, at: datetime) -> None:
    """Whoever attests did not send it in, and neither works for the member or its group nor for a rival."""
    if by.user is None:
        return
    if by.user == batch.sent_by_id:
        raise SameEyes(batch=batch.number)
    independence.check(by, batch.member.code, at=jst_date(at))
