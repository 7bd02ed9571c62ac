"""Admitting members."""

from datetime import date, datetime

from django.db import transaction

from contributions.core.roles import Viewer, check_may
from contributions.models import Member, Organization
from contributions.services import journal


@transaction.atomic
def admit(organization: Organization, *, member_class: str, admitted_on: date, by: Viewer, at: datetime) -> Member:
    """Make an organization a member from a day on."""
    check_may(by, "member.admit")
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
    return Member.objects.create(
        seq=entry.seq, organization=organization, member_class=member_class, admitted_on=admitted_on
    )
