"""A licensee's own people, managed by its contract owner: thin verbs over those that manage people anywhere."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from contributions.core.roles import LICENSEE, Viewer
from contributions.models import Organization, RoleGrant, User
from contributions.services import people


@transaction.atomic
def invite(
    *,
    username: str,
    email: str,
    name_ja: str,
    name_en: str,
    role: str,
    by: Viewer,
    at: datetime,
    language: str = "ja",
    identity: UUID | None = None,
) -> User:
    """Make an account for a colleague and give it a role inside the company, both or neither."""
    company = Organization.objects.get(code=by.acting)
    user = people.invite(
        username=username,
        email=email,
        name_ja=name_ja,
        name_en=name_en,
        home=company,
        language=language,
        identity=identity,
        by=by,
        at=at,
    )
    people.grant(user, organization=company, workplace=LICENSEE, role=role, by=by, at=at)
    return user


def invitation(user: User, *, by: Viewer) -> str:
    """The path of the one-time link by which the colleague sets a password."""
    return people.invitation(user, by=by)


@transaction.atomic
def assign(grant: RoleGrant, *, role: str, on: date, by: Viewer, at: datetime) -> RoleGrant:
    """Give a colleague another role from a day on; the one before ends. The last contract owner stays one."""
    given = people.grant(
        grant.user, organization=grant.organization, workplace=LICENSEE, role=role, valid_from=on, by=by, at=at
    )
    people.revoke(grant, revoked_from=on, by=by, at=at)
    return given


@transaction.atomic
def remove(grant: RoleGrant, *, on: date, by: Viewer, at: datetime) -> RoleGrant:
    """End a colleague's role from a day on; the last contract owner stays."""
    return people.revoke(grant, revoked_from=on, by=by, at=at)
