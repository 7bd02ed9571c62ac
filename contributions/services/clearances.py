"""Clean-team grants: letting one person see one rival's material, for a purpose and a time."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from contributions.core import people as rules
from contributions.core.roles import Viewer, check_may
from contributions.models import Clearance, Organization, User
from contributions.selectors import barriers, people
from contributions.services import journal, numbers


@transaction.atomic
def grant(
    user: User,
    *,
    rival: Organization,
    purpose: str,
    valid_from: date,
    valid_until: date,
    by: Viewer,
    at: datetime,
) -> Clearance:
    """Open a rival's material to a person. The rival reads the entry; the purpose is kept as an erasable annex."""
    check_may(by, "cleanteam.grant")
    rules.check_clearance(
        rival=rival.code,
        barred=_barred(user, valid_from),
        granter_barred=by.barred,
        is_self=by.user == user.pk,
        start=valid_from,
        until=valid_until,
        most_days=settings.CLEAN_TEAM_DAYS_MAX,
        purpose=purpose,
    )
    number = numbers.take(Clearance, f"CT-{rival.code}")
    entry = journal.append(
        "cleanteam.granted",
        subject=f"cleanteam:{number}",
        member=rival.code,
        facts={
            "cleanteam": number,
            "user": str(user.pk),
            "home": people.home_of(user, on=valid_from),
            "rival": rival.code,
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat(),
        },
        effective=(valid_from, valid_until),
        annexes=[journal.Attachment("purpose.txt", "text/plain; charset=utf-8", purpose.encode())],
        by=by,
        at=at,
    )
    return Clearance.objects.create(
        seq=entry.seq,
        number=number,
        user=user,
        rival=rival,
        purpose=purpose,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by_id=by.user,
        granted_at=at,
    )


@transaction.atomic
def end(clearance: Clearance, *, ended_from: date, by: Viewer, at: datetime) -> Clearance:
    """Close a grant before its time; whoever held it sees nothing of the rival from that day on."""
    check_may(by, "cleanteam.end")
    clearance = Clearance.objects.select_for_update(of=("self",)).select_related("rival").get(pk=clearance.pk)
    is_over = clearance.ended_seq is not None or clearance.valid_until <= ended_from
    rules.check_end(start=clearance.valid_from, day=ended_from, is_ended=is_over)
    entry = journal.append(
        "cleanteam.ended",
        subject=f"cleanteam:{clearance.number}",
        member=clearance.rival.code,
        facts={
            "cleanteam": clearance.number,
            "user": str(clearance.user_id),
            "rival": clearance.rival.code,
            "from": ended_from.isoformat(),
        },
        effective=(ended_from, None),
        by=by,
        at=at,
    )
    clearance.ended_from, clearance.ended_seq = ended_from, entry.seq
    clearance.save(update_fields=["ended_from", "ended_seq"])
    return clearance


def _barred(user: User, on: date) -> frozenset[str]:
    """Whom the person would be barred from at any of its workplaces, grants set aside."""
    home = people.home_of(user, on=on)
    places = {grant.organization.code for grant in people.grants_of(user, on=on)} or {None}
    return frozenset().union(*(barriers.barred_from(None, home=home, acting=acting, on=on) for acting in places))
