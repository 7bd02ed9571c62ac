"""Inbound agreements: recording the terms under which contributions come in."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core.roles import Viewer, check_may
from contributions.models import InboundAgreement, Organization, RightIn
from contributions.services import journal, numbers


@transaction.atomic
def conclude(
    *,
    organization: Organization,
    type: str,
    title_ja: str,
    title_en: str,
    rights: Sequence[dict],
    valid_from: date,
    by: Viewer,
    at: datetime,
    valid_until: date | None = None,
    illustrative: bool = False,
) -> InboundAgreement:
    """Record an agreement with its typed rights-in: one row for each subject it covers."""
    check_may(by, "terms.conclude")
    number = numbers.take(InboundAgreement, f"T-{organization.code}")
    entry = journal.append(
        "terms.concluded",
        subject=f"terms:{number}",
        member=organization.code,
        facts={
            "agreement": number,
            "type": type,
            "organization": organization.code,
            "rights": [dict(right) for right in rights],
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        effective=(valid_from, valid_until),
        by=by,
        at=at,
    )
    agreement = InboundAgreement.objects.create(
        seq=entry.seq,
        number=number,
        type=type,
        organization=organization,
        title_ja=title_ja,
        title_en=title_en,
        valid_from=valid_from,
        valid_until=valid_until,
        illustrative=illustrative,
    )
    RightIn.objects.bulk_create(RightIn(agreement=agreement, **right) for right in rights)
    return agreement
