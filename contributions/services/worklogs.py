"""Work logs handed in behind engineer-months: read, checked as a whole, summed exactly, and sealed.

Two files are sealed with each: the log as it came, and its hours by day in a table of our own, from which the page
shows what the month's total is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from contributions.adapters import cells
from contributions.adapters import worklogs as reader
from contributions.core import worklogs as rules
from contributions.core.imports import check_mapping
from contributions.core.periods import Period, months
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import Annex, ColumnMap, Member, Resource, User, WorkLog
from contributions.services import journal, numbers, spreadsheets
from contributions.services.datasets import check_own

KIND = "worklog"
"""Under which a member's names for the columns of its logs are remembered."""


def name_columns(mapping: Mapping[str, str], *, member: Member, by: Viewer, at: datetime) -> ColumnMap:
    """Say once what the columns of the member's logs are called; every log after it is read so."""
    check_may(by, "worklog.receive")
    check_own(member, by)
    lower = {theirs.strip().lower(): ours for theirs, ours in mapping.items()}
    return spreadsheets.remember(
        check_mapping(lower, tuple(lower), reader.COLUMNS), kind=KIND, member=member, by=by, at=at
    )


def printed_columns(content: bytes, *, name: str) -> list[str]:
    """How a log names its columns."""
    return reader.header(content, name=name)


def columns_needed() -> frozenset[str]:
    """The columns without which no log can be read."""
    return frozenset(reader.COLUMNS) - cells.OPTIONAL


def days_of(log: WorkLog) -> list[rules.Day] | None:
    """The log's hours by day; None once they were erased."""
    annexes = Annex.objects.filter(entry__seq=log.seq, erased_at=None)
    annex = annexes.filter(name=_days_name(log.number)).first()
    return reader.days_of(journal.store().get(annex.sha256)) if annex else None


_LOG_NAME = "worklog"
"""What the statement calls a log: its own name is often that of who kept it."""


def _days_name(number: str) -> str:
    return f"{number}-days.csv"


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
    worked = reader.rows(content, name=name, mapping=spreadsheets.remembered(resource.member, KIND))
    total = rules.summed(worked, month=month)
    if WorkLog.objects.filter(person=worker, month=month, withdrawn_seq=None).exists():
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
        annexes=[
            journal.Attachment(_LOG_NAME, reader.media_of(name), content, shown=name),
            journal.Attachment(_days_name(number), reader.CSV, reader.days_csv(rules.by_day(worked))),
        ],
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
        file_sha256=entry.annexes.exclude(name=_days_name(number)).get().sha256,
    )


def was_accepted(resource: Resource) -> bool:
    """Whether somebody has accepted the contribution, and with it what stands behind it, at any time."""
    return resource.steps.filter(state=Resource.State.ACCEPTED).exists()


@transaction.atomic
def withdraw(log: WorkLog, *, by: Viewer, at: datetime) -> WorkLog:
    """Take a log back that nobody has relied on yet; the month can then be handed in again."""
    check_may(by, "worklog.withdraw")
    resource = Resource.objects.select_for_update(of=("self",)).select_related("member__organization").get(
        pk=log.resource_id
    )  # fmt: skip
    check_own(resource.member, by)
    log = WorkLog.objects.select_for_update(of=("self",)).get(pk=log.pk)
    if log.withdrawn_seq is not None:
        raise rules.WithdrawnAlready(worklog=log.number)
    if was_accepted(resource):
        raise rules.StandsBehind(worklog=log.number, number=resource.number)
    entry = journal.append(
        "worklog.withdrawn",
        subject=f"resource:{resource.number}",
        member=resource.member.code,
        facts={
            "worklog": log.number,
            "resource": resource.number,
            "member": resource.member.code,
            "month": log.month,
        },
        by=by,
        at=at,
    )
    log.withdrawn_seq = entry.seq
    log.save(update_fields=["withdrawn_seq"])
    return log


class AlreadyLogged(rules.Refused):
    code = "already-logged"
    ja = "従事者「{person}」の {month} の従事日誌は受領済みです。何も追加していません。"
    en = "The work log of {person} for {month} is on record already. Nothing was added."


def _registered(username: str, resource: Resource) -> User:
    """The secondee, if the member is that person's home organization."""
    found = User.objects.filter(username=username, home=resource.member.organization_id).first()
    if found is None:
        member = resource.member.organization
        raise rules.NotRegistered(person=username, member=Text(member.short_ja, member.short_en))
    return found


def _check_month(resource: Resource, month: str) -> None:
    end = resource.period_until
    held = months(Period(resource.period_from, end)) if end else None
    if (held is not None and month not in held) or month < f"{resource.period_from:%Y-%m}":
        raise rules.OtherMonth(month=month, number=resource.number)
    if resource.kind != Resource.Kind.PEOPLE:
        raise rules.OtherMonth(month=month, number=resource.number)
