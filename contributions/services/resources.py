"""Recording cash, people and background IP; a second pair of eyes accepts them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.roles import Viewer, check_may
from contributions.core.units import check_amount, unit
from contributions.models import FundingSource, InboundAgreement, Member, Resource
from contributions.selectors import barriers
from contributions.services import journal, numbers
from contributions.services.datasets import check_own

UNIT_OF = {"cash": "JPY", "people": "minute", "background": "JPY"}


class NotWaiting(Refused):
    code = "resource-not-waiting"
    ja = "拠出 {number} は受入れ待ちではありません。"
    en = "Contribution {number} is not waiting to be accepted."


@transaction.atomic
def record(
    *,
    member: Member,
    kind: str,
    title_ja: str,
    title_en: str,
    quantity: int,
    period_from: date,
    by: Viewer,
    at: datetime,
    period_until: date | None = None,
    nature: str = "",
    grade: str = "",
    funding: FundingSource | None = None,
    agreement: InboundAgreement | None = None,
    illustrative: bool = False,
    foreign: dict | None = None,
) -> Resource:
    """Enter one contribution; `foreign` names the currency, amount, rate, source and day its yen were fixed by."""
    check_may(by, "resource.record")
    check_own(member, by)
    number = numbers.take(Resource, f"C-{member.code}")
    unit_code, foreign = unit(UNIT_OF[kind]).code, foreign or {}
    account = f"member:{member.code}:{kind}"
    entry = journal.append(
        "resource.recorded",
        subject=f"resource:{number}",
        member=member.code,
        facts={
            "resource": number,
            "member": member.code,
            "kind": kind,
            "nature": nature or None,
            "grade": grade or None,
            "unit": unit_code,
            "quantity": str(check_amount(quantity)),
            "period": [period_from.isoformat(), period_until.isoformat() if period_until else None],
            "funding": funding.code if funding else None,
            "agreement": agreement.number if agreement else None,
        },
        effective=(period_from, period_until),
        movements=[(account, unit_code, quantity), (f"source:{kind}", unit_code, -quantity)] if quantity else [],
        by=by,
        at=at,
    )
    return Resource.objects.create(
        seq=entry.seq,
        number=number,
        member=member,
        kind=kind,
        nature=nature,
        grade=grade,
        title_ja=title_ja,
        title_en=title_en,
        quantity=quantity,
        unit=unit_code,
        period_from=period_from,
        period_until=period_until,
        funding=funding,
        agreement=agreement,
        illustrative=illustrative,
        **foreign,
    )


@transaction.atomic
def accept(resource: Resource, *, by: Viewer, at: datetime) -> Resource:
    """Accept a contribution: from now on it counts."""
    check_may(by, "resource.accept")
    barriers.check_apart(by, resource.member.code)
    resource = Resource.objects.select_for_update().select_related("member__organization").get(pk=resource.pk)
    if resource.state != Resource.State.SUBMITTED:
        raise NotWaiting(number=resource.number)
    entry = journal.append(
        "resource.accepted",
        subject=f"resource:{resource.number}",
        member=resource.member.code,
        facts={"resource": resource.number},
        by=by,
        at=at,
    )
    resource.state, resource.seq = Resource.State.ACCEPTED, entry.seq
    resource.save(update_fields=["state", "seq"])
    return resource
