"""People and their workplaces."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from contributions.core import people as rules
from contributions.core.roles import (
    AUDITOR,
    FINANCE,
    LEGAL,
    LICENSEE,
    LICENSEE_ROLES,
    MEMBER,
    OPERATOR,
    WORKPLACES,
    Viewer,
)
from contributions.core.words import Text
from contributions.models import HomeSpell, LogHead, Organization, RoleGrant, User
from contributions.selectors import barriers, organizations


def visible_to(viewer: Viewer | None) -> QuerySet[User]:
    """Legal, the auditor and the operator see everybody; a member its own employees and whoever acts for it.

    A licensee sees those who act for it as a licensee: its side as a member, if it is one, is apart.
    """
    rows = User.objects.select_related("home")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, AUDITOR, OPERATOR, "system"}:
        return barriers.past(rows, viewer, "home__code")
    if viewer.workplace == MEMBER and viewer.acting:
        return rows.filter(Q(home__code=viewer.acting) | Q(grants__organization__code=viewer.acting)).distinct()
    if viewer.workplace == LICENSEE and viewer.acting:
        own = RoleGrant.objects.filter(organization__code=viewer.acting, workplace=LICENSEE)
        return rows.filter(grants__in=own).distinct()
    return rows.none()


def grants_visible_to(viewer: Viewer | None) -> QuerySet[RoleGrant]:
    """The rights of people whom the viewer may see; a member those at itself only."""
    rows = RoleGrant.objects.filter(user__in=visible_to(viewer)).select_related("organization", "user__home")
    if viewer is not None and viewer.workplace == MEMBER:
        return rows.filter(organization__code=viewer.acting)
    if viewer is not None and viewer.workplace == LICENSEE:
        return rows.filter(organization__code=viewer.acting, workplace=LICENSEE)
    return rows


def matching(rows: QuerySet[User], query: str) -> QuerySet[User]:
    """People whose name, user name or employer holds the text."""
    if not query:
        return rows
    wanted = Q(username__icontains=query) | Q(name_ja__icontains=query) | Q(name_en__icontains=query)
    return rows.filter(wanted | Q(home__name_ja__icontains=query) | Q(home__name_en__icontains=query))


def grants_of(user: User, *, on: date) -> QuerySet[RoleGrant]:
    """The grants of a person in force on that day."""
    return held_on(RoleGrant.objects.filter(user=user), on).select_related("organization", "user__home")


def held_on(rows: QuerySet[RoleGrant], on: date) -> QuerySet[RoleGrant]:
    """Those of the grants that hold on the day: begun, not ended, not revoked."""
    begun = rows.filter(valid_from__lte=on).filter(Q(valid_until=None) | Q(valid_until__gt=on))
    return begun.filter(Q(revoked_from=None) | Q(revoked_from__gt=on))


def held_then(rows: QuerySet[RoleGrant], on: date) -> list[RoleGrant]:
    """The same as of the day: that one was revoked later is left out."""
    return [as_then(row, on) for row in held_on(rows, on)]


def as_then(row: RoleGrant, on: date) -> RoleGrant:
    """One grant as of a past day: its revocation is left out if it lay ahead."""
    if row.revoked_from is not None and row.revoked_from > on:
        row.revoked_from = row.revoked_seq = None
    return row


def others(
    viewer: Viewer | None,
    *,
    on: date,
    but: Collection[UUID | str | None] = (),
    fit: Callable[[Viewer], bool] | None = None,
) -> Text | None:
    """The names of those who act from the viewer's workplace for the same organization on the day, itself left out.

    `but` are left out too, and whoever, looking from that workplace, is not `fit`.
    """
    if viewer is None or not viewer.acting:
        return None
    rows = RoleGrant.objects.filter(workplace=viewer.workplace, organization__code=viewer.acting)
    rows = held_on(rows, on).exclude(user__in=[viewer.user, *(person for person in but if person)])
    rows = rows.filter(user__is_active=True).select_related("user", "organization").order_by("user__username")
    found = {row.user_id: row for row in rows}.values()
    named = [row.user for row in found if fit is None or fit(standing_of(row.user, row, on=on, request=viewer.request))]
    if not named:
        return None
    return Text(
        "、".join(user.name_ja or user.username for user in named),
        ", ".join(user.name_en or user.username for user in named),
    )


def home_of(user: User, *, on: date) -> str | None:
    """The employer (出向元) of a person on the day, by its code."""
    rows = HomeSpell.objects.filter(user=user).select_related("organization").order_by("valid_from", "seq")
    return rules.home_on([rules.Spell(row.organization.code, row.valid_from) for row in rows], on)


def homes_on(users: Iterable[User], day: date) -> dict[UUID, Organization]:
    """The employer of each of the people on the day."""
    rows = HomeSpell.objects.filter(user__in=list(users), valid_from__lte=day).select_related("organization")
    return {row.user_id: row.organization for row in rows.order_by("valid_from", "seq")}


def secondees(viewer: Viewer | None, *, on: date) -> list[tuple[RoleGrant, Organization]]:
    """Whoever works on the day for an organization that is not its employer, a company: the grant and that employer.

    People of a licensee work for it and are lent to nobody; each person is named once.
    """
    grants = held_on(grants_visible_to(viewer).exclude(workplace=LICENSEE), on).filter(user__is_active=True)
    rows = {grant.user_id: grant for grant in grants.order_by("-valid_from", "-pk")}
    homes = homes_on([grant.user for grant in rows.values()], on)
    lent = [(grant, homes[user]) for user, grant in rows.items() if user in homes]
    return [
        (grant, home)
        for grant, home in lent
        if home.kind == Organization.Kind.COMPANY and home.pk != grant.organization_id
    ]


def spells_of(user: User) -> list[HomeSpell]:
    """Whose employee a person was, the newest spell first."""
    rows = HomeSpell.objects.filter(user=user).select_related("organization")
    return list(rows.order_by("-valid_from", "-seq"))


def viewer_of(user, *, chosen: object, on: date, request: UUID) -> tuple[Viewer | None, list[RoleGrant]]:
    """The viewer a person is at the chosen workplace (a grant's key), or at the first one it holds."""
    if not user.is_authenticated:
        return None, []
    grants = list(grants_of(user, on=on))
    grant = next((grant for grant in grants if grant.pk == chosen), grants[0] if grants else None)
    if grant is None:
        workplace = OPERATOR if user.is_superuser else ""
        return Viewer(user.pk, _name(user), home_of(user, on=on), None, workplace, request=request), grants
    return standing_of(user, grant, on=on, request=request), grants


def standing_of(user: User, grant: RoleGrant, *, on: date, request: UUID) -> Viewer:
    """The viewer that a person is by one grant, with the role inside a licensee that it gives."""
    acting, roles = grant.organization.code, frozenset({grant.role} & LICENSEE_ROLES.keys())
    return standing(user, workplace=grant.workplace, acting=acting, on=on, request=request, roles=roles)


def standing(
    user: User, *, workplace: str, acting: str | None, on: date, request: UUID, roles: frozenset[str] = frozenset()
) -> Viewer:
    """The viewer that a person is at a workplace on the day, with its employer and what it is barred from.

    Whoever acts for its own company sees of others only what all see. Barred from that as well, it would learn from
    what is missing that a rival named it.
    """
    home = home_of(user, on=on)
    at_home = workplace in {MEMBER, LICENSEE} and acting is not None and _is_of(acting, home, on)
    return Viewer(
        user=user.pk,
        name=_name(user),
        home=home,
        acting=acting,
        workplace=workplace,
        roles=roles if workplace == LICENSEE else frozenset(),
        request=request,
        barred=frozenset() if at_home else barriers.barred_from(user.pk, home=home, acting=acting, on=on),
    )


def _is_of(acting: str, home: str | None, on: date) -> bool:
    return home == acting or (home is not None and home in organizations.group_of(acting, at=on))


def _name(user: User) -> str:
    return user.name_ja or user.username


def account(viewer: Viewer) -> User:
    """The account of the person who looks."""
    return User.objects.get(pk=viewer.user)


def colleagues(viewer: Viewer | None, *, on: date) -> list[User]:
    """Whoever else acts for the viewer's own office on the day: who could stand in for it."""
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE}:
        return []
    grants = held_on(RoleGrant.objects.filter(organization__code=viewer.acting), on)
    users = User.objects.filter(pk__in=grants.filter(workplace__in=(LEGAL, FINANCE)).values("user"), is_active=True)
    return list(users.exclude(pk=viewer.user).order_by("username"))


def by_username(username: str) -> User | None:
    """The account of that name, if there is one."""
    return User.objects.filter(username=username, is_active=True).first()


def demo_logins() -> list[dict]:
    """The people that a demo's login page offers, in the order of the story; nobody outside a demo."""
    head = LogHead.objects.first()
    if head is None or not head.demo:
        return []
    grants = RoleGrant.objects.filter(user__is_active=True, role="demo").select_related("user", "organization")
    return [
        {
            "username": grant.user.username,
            "label": Text(grant.user.name_ja, grant.user.name_en),
            "sentence": DEMO_SENTENCES[grant.user.username],
            "code": grant.workplace,
            "workplace": WORKPLACES[grant.workplace],
            "organization": Text(grant.organization.short_ja, grant.organization.short_en),
        }
        for grant in grants.order_by("pk")
        if grant.user.username in DEMO_SENTENCES
    ]


DEMO_SENTENCES = {
    "homu": Text(
        "契約書案を承認し、だれが何をいつから持つかに答えます。",
        "Approve a draft agreement; answer who owns what, and since when.",
    ),
    "keiri": Text("受理した利用実績を請求し、入金を記録します。", "Invoice accepted usage and record receipts."),
    "bucho": Text("標準外条項の稟議を決裁します。", "Decide on a deviation that awaits approval."),
    "haibun": Text("配分計算を再計算し、確認を記録します。", "Recompute an allocation and attest it."),
    "kansa": Text("数字を源までたどり、台帳を検証します。", "Follow a figure to its source and verify the log."),
    "shinsa": Text("データセットを一つ審査します。", "Review one dataset."),
    "nittetsu": Text(
        "配分比率のわけを見て、分配額を確認し、投票します。",
        "See why your share is what it is, confirm a payout, vote.",
    ),
    "kobelco": Text(
        "競合する会員の立場です。相手の数字は見えません。", "A rival member: the other side's figures do not show."
    ),
    "honda": Text("車両分野の会員として、拠出と配分を見ます。", "A member in vehicles: contributions and shares."),
    "minato": Text(
        "準会員の立場で、不適合や異議のあった拠出の経過を追い、回答します。",
        "An associate: follow contributions that were refused or disputed, and answer.",
    ),
    "shinonome": Text("利用実績を報告し、請求の内訳を見ます。", "Report usage and see how the bill came about."),
    "aoba": Text("提示された契約書に署名します。", "Sign the agreement that was offered."),
}
