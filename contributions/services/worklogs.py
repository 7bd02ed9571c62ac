"""Work logs handed in behind engineer-months: read, checked as a whole, summed exactly, and sealed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from contributions.adapters import worklogs as reader
from contributions.core import worklogs as rules
from contributions.core.periods import Period, months
from contributions.core.roles import Viewer, check_may
from contributions.models import Resource, User, WorkLog
from contributions.services import journal, numbers
from contributions.services.datasets import check_own


@transaction.atomic
def receive(
    resource: Resource, *, person: str, month: str, name: str, content: bytes, by: Viewer, at: datetime
) -> WorkLog:
    """Take one secondee's log of one month; a file with a finding is refused whole, with all its findings."""
    check_may(by, "worklog.receive")
    rows = Resource.objects.select_for_update(of=("self",)).select_related("member__organization")
    resource = rows.get(pk=resource.pk)
    check_own(resource.member, by)
    worker = _registered(person, resource)
    _check_month(resource, month)
    worked = reader.rows(content, name=name)
    total = rules.summed(worked, month=month)
    if WorkLog.objects.filter(person=worker, month=month).exists():
        raise AlreadyLogged(person=person, month=month)
    number = numbers.take(WorkLog, f"W-{resource.member.code}")
    entry = journal.append(
        "worklog.received",
        subject=f"resource:{resource.number}",
        member=resource.member.code,
        facts={
            "worklog": number,
            "resource": resource.number,
            "member": resource.member.code,
            "month": month,
            "minutes": str(total.minutes),
            "days": total.days,
            "rows": total.rows,
        },
        annexes=[journal.Attachment(name, reader.media_of(name), content)],
        by=by,
        at=at,
    )
    return WorkLog.objects.create(
        seq=entry.seq,
        number=number,
        resource=resource,
        person=worker,
        month=month,
        minutes=total.minutes,
        days=total.days,
        rows=total.rows,
        file_name=name,
        file_sha256=entry.annexes.get().sha256,
    )


class AlreadyLogged(rules.Refused):
    code = "already-logged"
    ja = "従事者「{person}」の {month} の従事日誌は受領済みです。何も追加していません。"
    en = "The work log of {person} for {month} is on record already. Nothing was added."


def _registered(username: str, resource: Resource) -> User:
    """The secondee, if the member is that person's home organization."""
    found = User.objects.filter(username=username, home=resource.member.organization_id).first()
    if found is None:
        raise rules.NotRegistered(person=username, member=resource.member.code)
    return found


def _check_month(resource: Resource, month: str) -> None:
    end = resource.period_until
    held = months(Period(resource.period_from, end)) if end else None
    if (held is not None and month not in held) or month < f"{resource.period_from:%Y-%m}":
        raise rules.OtherMonth(month=month, number=resource.number)
    if resource.kind != Resource.Kind.PEOPLE:
        raise rules.OtherMonth(month=month, number=resource.number)
