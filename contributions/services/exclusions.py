"""A member declares what its data must not serve, and lifts what it declared."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core import exclusions as rules
from contributions.core.errors import Refused
from contributions.core.roles import LEGAL, Viewer, check_may, check_own
from contributions.models import Dataset, DatasetVersion, Exclusion, ExclusionCheck, Member, Organization
from contributions.selectors import exclusions, organizations
from contributions.services import journal, numbers


class NotYourDataset(Refused):
    code = "not-your-dataset"
    ja = "{dataset} はご自身の会員のデータセットではありません。"
    en = "{dataset} is not a dataset of your own member."


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
    check_own(by, member.code)
    if dataset is not None and dataset.member_id != member.pk:
        raise NotYourDataset(dataset=dataset.number)
    rules.check(rival=rival and rival.code, purposes=purposes, group=organizations.group_of(member.code))
    number = numbers.take(Exclusion, f"X-{member.code}")
    named = (rival and rival.code, tuple(purposes), dataset and dataset.number)
    rules.check_new(_declared_by(member), rules.Exclusion(number, member.code, *named, valid_from))
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
    check_own(by, exclusion.member.code)
    if lifted_from < exclusion.valid_from:
        raise rules.LiftedBefore(start=exclusion.valid_from, until=lifted_from)
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


@transaction.atomic
def check_all(*, on: date, by: Viewer, at: datetime, unless_since: date | None = None) -> list[ExclusionCheck]:
    """Hold every use on record against every declaration, and give each member its own result.

    It is done by the calendar, not by the use: a check at each use would tell the member when its data was used, and
    how often others were licensed. The entry names neither run nor licensee. A declaration that was checked since
    `unless_since` is left out, so that the month's own check may be asked for again.
    """
    check_may(by, "exclusion.check")
    checks = []
    rows = Exclusion.objects.filter(valid_from__lte=on).select_related("member__organization", "rival", "dataset")
    if unless_since is not None:
        rows = rows.exclude(checks__checked_on__gte=unless_since)
    for row in rows:
        respected = exclusions.respected(exclusions.rule_of(row))
        entry = journal.append(
            "exclusion.checked",
            subject=f"exclusion:{row.number}",
            member=row.member.code,
            facts={
                "exclusion": row.number,
                "member": row.member.code,
                "dataset": row.dataset.number if row.dataset else None,
                "on": on.isoformat(),
                "respected": respected,
            },
            by=by,
            at=at,
        )
        checks.append(ExclusionCheck.objects.create(seq=entry.seq, exclusion=row, checked_on=on, respected=respected))
    return checks


def _declared_by(member: Member) -> list[rules.Exclusion]:
    rows = Exclusion.objects.filter(member=member).select_related("member__organization", "rival", "dataset")
    return [exclusions.rule_of(row) for row in rows]


def check_use(versions: Iterable[DatasetVersion], *, purpose: str, served: Iterable[str], on: date, by: Viewer) -> None:
    """Refuse a use of data that a member's declaration rules out; whom it named stays unsaid.

    `served`: the organizations that the use serves; their groups are meant too.
    """
    groups = frozenset().union(*(organizations.group_of(code) for code in served))
    declared = exclusions.as_of(on)
    broken = {
        str(version)
        for version in versions
        if rules.conflicts(
            declared, rules.Use(version.dataset.number, version.dataset.member.code, purpose, groups), on
        )
    }
    if broken and (by.workplace == LEGAL or by.sees_everything):
        raise rules.NotPermitted(datasets="、".join(sorted(broken)))
    if broken:
        raise rules.NotAvailable
