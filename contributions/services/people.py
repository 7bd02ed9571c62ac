"""Inviting people and granting them roles, with dates."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from contributions.core.roles import WORKPLACES, Viewer, check_may
from contributions.models import Organization, RoleGrant, User
from contributions.services import journal


@transaction.atomic
def invite(
    *,
    username: str,
    email: str,
    name_ja: str,
    name_en: str,
    home: Organization,
    by: Viewer,
    at: datetime,
    password: str | None = None,
    identity: UUID | None = None,
    language: str = "ja",
) -> User:
    """Make an account for a person employed by `home`. Accounts hold personal data and are not journaled."""
    check_may(by, "person.invite")
    user = User(
        username=username,
        email=email,
        name_ja=name_ja,
        name_en=name_en,
        home=home,
        home_from=at.date(),
        language=language,
        **({"id": identity} if identity else {}),
    )
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    return user


@transaction.atomic
def grant(
    user: User,
    *,
    organization: Organization,
    workplace: str,
    by: Viewer,
    at: datetime,
    role: str = "staff",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> RoleGrant:
    """Give a person a workplace at an organization, from a day on."""
    check_may(by, "role.grant")
    assert workplace in WORKPLACES
    valid_from = valid_from or at.date()
    entry = journal.append(
        "role.granted",
        subject=f"person:{user.pk}",
        facts={
            "user": str(user.pk),
            "organization": organization.code,
            "workplace": workplace,
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
        },
        by=by,
        at=at,
    )
    return RoleGrant.objects.create(
        seq=entry.seq,
        user=user,
        organization=organization,
        workplace=workplace,
        role=role,
        valid_from=valid_from,
        valid_until=valid_until,
    )
