"""Declaring and correcting shares of equity. A stake is never a share in an allocation."""

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from contributions.core import members as rules
from contributions.core.money import fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import Entry, Member, Stake
from contributions.selectors import stakes
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
    journal.lock()  # the sum over all members is checked below
    value = _checked(member, fraction(share), valid_from, besides=None)
    entry = journal.append(
        "stake.declared",
        subject=f"member:{member.code}",
        member=member.code,
        facts={"member": member.code, "share": fraction_text(value), "from": valid_from.isoformat()},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Stake.objects.create(
        seq=entry.seq,
        member=member,
        share=fraction_text(value),
        valid_from=valid_from,
        public_statement_ja=public_statement_ja,
        public_statement_en=public_statement_en,
        illustrative=illustrative,
    )


@transaction.atomic
def restate(stake: Stake, *, share: str, valid_from: date, by: Viewer, at: datetime) -> Stake:
    """Correct a stake that was recorded wrongly; the wrong record stays, with what took its place."""
    check_may(by, "stake.restate")
    stake = Stake.objects.select_for_update(of=("self",)).select_related("member__organization").get(pk=stake.pk)
    journal.lock()
    if Stake.objects.filter(restates=stake).exists():
        raise rules.AlreadyRestated
    value, member = _checked(stake.member, fraction(share), valid_from, besides=stake.pk), stake.member
    entry = journal.append(
        "stake.restated",
        subject=f"member:{member.code}",
        member=member.code,
        facts={
            "member": member.code,
            "share": fraction_text(value),
            "from": valid_from.isoformat(),
            "restates": {"entry": stake.seq, "share": stake.share, "from": stake.valid_from.isoformat()},
        },
        effective=(valid_from, None),
        corrects=Entry.objects.get(pk=stake.seq).id,
        by=by,
        at=at,
    )
    return Stake.objects.create(
        seq=entry.seq,
        member=member,
        share=fraction_text(value),
        valid_from=valid_from,
        public_statement_ja=stake.public_statement_ja,
        public_statement_en=stake.public_statement_en,
        illustrative=stake.illustrative,
        restates=stake,
    )


def _checked(member: Member, share: Fraction, day: date, *, besides: int | None) -> Fraction:
    rules.check_since(member.code, admitted_on=member.admitted_on, day=day)
    rows = Stake.objects.exclude(member=member).exclude(pk=besides).select_related("member__organization")
    held = rules.held_on([stakes.holding_of(row) for row in rows], day)
    rules.check_stake(share, others=sum((one.share for one in held.values()), Fraction(0)), day=day)
    return share
