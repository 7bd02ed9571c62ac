"""Declaring shares of equity. A stake is never a share in an allocation."""

from datetime import date, datetime

from django.db import transaction

from contributions.core.money import fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import Member, Stake
from contributions.services import journal


@transaction.atomic
def declare(
    member: Member,
    *,
    share: str,
    valid_from: date,
    by: Viewer,
    at: datetime,
    public_statement_ja: str = "",
    public_statement_en: str = "",
    illustrative: bool = True,
) -> Stake:
    """Record a member's share of equity from a day on."""
    check_may(by, "stake.declare")
    share = fraction_text(fraction(share))
    entry = journal.append(
        "stake.declared",
        subject=f"member:{member.code}",
        member=member.code,
        facts={"member": member.code, "share": share, "from": valid_from.isoformat()},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Stake.objects.create(
        seq=entry.seq,
        member=member,
        share=share,
        valid_from=valid_from,
        public_statement_ja=public_statement_ja,
        public_statement_en=public_statement_en,
        illustrative=illustrative,
    )
