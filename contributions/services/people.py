"""People: inviting them, whose employees they are, the workplaces they hold, and ending all that."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from contributions.adapters import accounts
from contributions.core import people as rules
from contributions.core.periods import Period, jst_date
from contributions.core.roles import LICENSEE, Viewer, check_may
from contributions.models import HomeSpell, Organization, RoleGrant, User
from contributions.selectors import people
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
    home_from: date | None = None,
) -> User:
    """Make an account for a person employed by `home`. The entry names the account, never the person."""
    check_may(by, "person.invite")
    rules.check_reach(by.workplace, by.acting, company=home.code)
    if User.objects.filter(username__iexact=username).exists():
        raise rules.NoSuchUsername(username=username)
    home_from = home_from or jst_date(at)
    user = User(
        username=username,
        email=email,
        name_ja=name_ja,
        name_en=name_en,
        home=home,
        home_from=home_from,
        language=language,
        **({"id": identity} if identity else {}),
    )
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    _employ(user, home, home_from, "person.invited", by=by, at=at)
    return user


def invitation(user: User, *, by: Viewer) -> str:
    """The path of the one-time link by which an invited person sets a password; none once one was set."""
    check_may(by, "person.invite")
    rules.check_reach(by.workplace, by.acting, company=user.home.code if user.home else "")
    if not user.is_active or user.has_usable_password():
        raise rules.AlreadySignedIn
    return accounts.invitation_path(user)


@transaction.atomic
def move(user: User, *, home: Organization, valid_from: date, by: Viewer, at: datetime) -> User:
    """Record that a person's employer (出向元) is another one from a day on; the spells before stay readable."""
    check_may(by, "person.move")
    user = _other(user, by)
    if people.home_of(user, on=valid_from) == home.code:
        raise rules.SameHome(organization=home.code)
    _employ(user, home, valid_from, "person.moved", by=by, at=at)
    newest = user.homes.order_by("valid_from", "seq").last()
    user.home, user.home_from = newest.organization, newest.valid_from
    user.save(update_fields=["home", "home_from"])
    return user


def _employ(user: User, home: Organization, start: date, kind: str, *, by: Viewer, at: datetime) -> HomeSpell:
    entry = journal.append(
        kind,
        subject=f"person:{user.pk}",
        facts={"user": str(user.pk), "home": home.code, "from": start.isoformat()},
        effective=(start, None),
        by=by,
        at=at,
    )
    return HomeSpell.objects.create(seq=entry.seq, user=user, organization=home, valid_from=start)


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
    rules.check_reach(by.workplace, by.acting, company=organization.code, place=workplace, role=role)
    if by.workplace == LICENSEE:
        rules.check_reach(by.workplace, by.acting, company=people.home_of(user, on=jst_date(at)) or "")
    user = _other(user, by)
    rules.check_place(workplace, organization.code, kind=organization.kind)
    period = Period(valid_from or jst_date(at), valid_until)
    entry = journal.append(
        "role.granted",
        subject=f"person:{user.pk}",
        facts=_held(user, organization, workplace, period.start, period.until),
        effective=(period.start, period.until),
        by=by,
        at=at,
    )
    return RoleGrant.objects.create(
        seq=entry.seq,
        user=user,
        organization=organization,
        workplace=workplace,
        role=role,
        valid_from=period.start,
        valid_until=period.until,
    )


@transaction.atomic
def revoke(grant: RoleGrant, *, revoked_from: date, by: Viewer, at: datetime) -> RoleGrant:
    """End a right from a day on, before its time; what was done under it stays done."""
    check_may(by, "role.revoke")
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", "organization").get(pk=grant.pk)
    rules.check_reach(by.workplace, by.acting, company=grant.organization.code, place=grant.workplace)
    _other(grant.user, by)
    _check_administered(grant, revoked_from)
    is_over = grant.revoked_seq is not None or (grant.valid_until is not None and grant.valid_until <= revoked_from)
    rules.check_end(start=grant.valid_from, day=revoked_from, is_ended=is_over)
    entry = journal.append(
        "role.revoked",
        subject=f"person:{grant.user_id}",
        facts=_held(grant.user, grant.organization, grant.workplace, grant.valid_from, revoked_from),
        effective=(revoked_from, None),
        by=by,
        at=at,
    )
    grant.revoked_from, grant.revoked_seq = revoked_from, entry.seq
    grant.save(update_fields=["revoked_from", "revoked_seq"])
    return grant


def _check_administered(grant: RoleGrant, day: date) -> None:
    """A licensee that has an administrator keeps one, whoever removes the others."""
    if not rules.is_owner(grant.workplace, grant.role):
        return
    rows = RoleGrant.objects.select_for_update(of=("self",)).filter(
        organization=grant.organization, workplace=grant.workplace, user__is_active=True
    )
    others = [row for row in people.held_on(rows, day) if row.pk != grant.pk and row.user_id != grant.user_id]
    if not any(rules.is_owner(row.workplace, row.role) for row in others):
        raise rules.LastAdministrator


@transaction.atomic
def deactivate(user: User, *, by: Viewer, at: datetime) -> User:
    """Shut an account: nobody signs in with it any more. The history of what it did stays."""
    check_may(by, "person.deactivate")
    return _switch(_other(user, by), "person.deactivated", active=False, by=by, at=at)


@transaction.atomic
def reactivate(user: User, *, by: Viewer, at: datetime) -> User:
    """Open a shut account again, with the rights that are still in force."""
    check_may(by, "person.deactivate")
    return _switch(_other(user, by), "person.reactivated", active=True, by=by, at=at)


def _switch(user: User, kind: str, *, active: bool, by: Viewer, at: datetime) -> User:
    if user.is_active is active:
        return user
    facts = {"user": str(user.pk), "from": jst_date(at).isoformat()}
    journal.append(kind, subject=f"person:{user.pk}", facts=facts, by=by, at=at)
    user.is_active = active
    user.save(update_fields=["is_active"])
    return user


def _held(user: User, organization: Organization, workplace: str, start: date, until: date | None) -> dict:
    return {
        "user": str(user.pk),
        "organization": organization.code,
        "workplace": workplace,
        "from": start.isoformat(),
        "until": until.isoformat() if until else None,
    }


def _other(user: User, by: Viewer) -> User:
    """The row, locked; nobody changes what they themselves may do."""
    if by.user == user.pk:
        raise rules.OwnGrant
    return User.objects.select_for_update().get(pk=user.pk)
