"""Members: admitting them, changing their class, and their leaving."""

from datetime import date, datetime

from django.db import transaction

from contributions.core import members as rules
from contributions.core.roles import Viewer, check_may
from contributions.models import Member, MemberClass, Organization
from contributions.selectors import members
from contributions.services import journal


@transaction.atomic
def admit(organization: Organization, *, member_class: str, admitted_on: date, by: Viewer, at: datetime) -> Member:
    """Make an organization a member from a day on."""
    check_may(by, "member.admit")
    if Member.objects.filter(organization=organization).exists():
        raise rules.AlreadyMember(member=organization.code)
    entry = journal.append(
        "member.admitted",
        subject=f"member:{organization.code}",
        member=organization.code,
        facts={
            "member": organization.code,
            "organization": organization.code,
            "class": member_class,
            "from": admitted_on.isoformat(),
        },
        effective=(admitted_on, None),
        by=by,
        at=at,
    )
    member = Member.objects.create(
        seq=entry.seq, organization=organization, member_class=member_class, admitted_on=admitted_on
    )
    MemberClass.objects.create(seq=entry.seq, member=member, member_class=member_class, valid_from=admitted_on)
    return member


@transaction.atomic
def reclassify(member: Member, *, member_class: str, valid_from: date, by: Viewer, at: datetime) -> Member:
    """Move a member to another class from a day on; the classes before stay readable."""
    check_may(by, "member.reclassify")
    member = _locked(member)
    rules.check_since(member.code, admitted_on=member.admitted_on, day=valid_from)
    if members.classes_on(valid_from).get(member.pk, member.member_class) == member_class:
        raise rules.SameClass
    entry = journal.append(
        "member.reclassified",
        subject=f"member:{member.code}",
        member=member.code,
        facts={"member": member.code, "class": member_class, "from": valid_from.isoformat()},
        effective=(valid_from, None),
        by=by,
        at=at,
    )
    MemberClass.objects.create(seq=entry.seq, member=member, member_class=member_class, valid_from=valid_from)
    member.member_class = member.classes.order_by("valid_from", "seq").last().member_class
    member.save(update_fields=["member_class"])
    return member


@transaction.atomic
def withdraw(member: Member, *, withdrawn_on: date, by: Viewer, at: datetime) -> Member:
    """Record that a member leaves on a day. What it put in before stays on record; its terms say what may be used."""
    check_may(by, "member.withdraw")
    member = _locked(member)
    rules.check_leaving(member.code, admitted_on=member.admitted_on, withdrawn_on=member.withdrawn_on, day=withdrawn_on)
    entry = journal.append(
        "member.withdrawn",
        subject=f"member:{member.code}",
        member=member.code,
        facts={"member": member.code, "from": withdrawn_on.isoformat()},
        effective=(withdrawn_on, None),
        by=by,
        at=at,
    )
    member.withdrawn_on, member.withdrawn_seq = withdrawn_on, entry.seq
    member.save(update_fields=["withdrawn_on", "withdrawn_seq"])
    return member


def _locked(member: Member) -> Member:
    return Member.objects.select_for_update(of=("self",)).select_related("organization").get(pk=member.pk)
