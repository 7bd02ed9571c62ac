"""A member declares what its data must not serve, and lifts what it declared."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core import exclusions as rules
from contributions.core.roles import Viewer, check_may
from contributions.models import Dataset, Exclusion, Member, Organization
from contributions.selectors import organizations
from contributions.services import journal, numbers


@transaction.atomic
def declare(
    member: Member,
    *,
    valid_from: date,
    by: Viewer,
    at: datetime,
    rival: Organization | None = None,
    purposes: Sequence[str] = (),
    dataset: Dataset | None = None,
) -> Exclusion:
    """Record that the member's data, or one dataset of it, must not serve a rival or some purposes."""
    check_may(by, "exclusion.declare")
    rules.check(rival=rival and rival.code, purposes=purposes, group=organizations.group_of(member.code))
    number = numbers.take(Exclusion, f"X-{member.code}")
    entry = journal.append(
        "exclusion.declared",
        subject=f"exclusion:{number}",
        member=member.code,
        facts={
            "exclusion": number,
            "member": member.code,
            "rival": rival.code if rival else None,
            "purposes": sorted(purposes),
            "dataset": dataset.number if dataset else None,
            "from": valid_from.isoformat(),
        },
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    return Exclusion.objects.create(
        seq=entry.seq,
        number=number,
        member=member,
        rival=rival,
        dataset=dataset,
        purposes=sorted(purposes),
        valid_from=valid_from,
    )


@transaction.atomic
def lift(exclusion: Exclusion, *, lifted_from: date, by: Viewer, at: datetime) -> Exclusion:
    """End a declaration from a day on; what was refused under it stays refused."""
    check_may(by, "exclusion.declare")
    exclusion = Exclusion.objects.select_for_update().get(pk=exclusion.pk)
    if exclusion.lifted_seq is not None:
        raise rules.AlreadyLifted
    member = exclusion.member.code
    entry = journal.append(
        "exclusion.lifted",
        subject=f"exclusion:{exclusion.number}",
        member=member,
        facts={"exclusion": exclusion.number, "member": member, "from": lifted_from.isoformat()},
        effective=(lifted_from, None),
        by=by,
        at=at,
    )
    exclusion.lifted_from, exclusion.lifted_seq = lifted_from, entry.seq
    exclusion.save(update_fields=["lifted_from", "lifted_seq"])
    return exclusion
