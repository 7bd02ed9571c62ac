"""People and their workplaces."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from contributions.core.roles import OPERATOR, WORKPLACES, Viewer
from contributions.core.words import Text
from contributions.models import LogHead, RoleGrant, User


def grants_of(user: User, *, on: date) -> QuerySet[RoleGrant]:
    """The grants of a person in force on that day."""
    return (
        RoleGrant.objects.filter(user=user, valid_from__lte=on)
        .filter(Q(valid_until=None) | Q(valid_until__gt=on))
        .select_related("organization", "user__home")
    )


def viewer_of(user, *, chosen: object, on: date, request: UUID) -> tuple[Viewer | None, list[RoleGrant]]:
    """The viewer a person is at the chosen workplace (a grant's key), or at the first one it holds."""
    if not user.is_authenticated:
        return None, []
    grants = list(grants_of(user, on=on))
    grant = next((grant for grant in grants if grant.pk == chosen), grants[0] if grants else None)
    name = user.name_ja or user.username
    home = user.home.code if user.home else None
    if grant is None:
        workplace = OPERATOR if user.is_superuser else ""
        return Viewer(user.pk, name, home, None, workplace, request=request), grants
    viewer = Viewer(
        user=user.pk,
        name=name,
        home=home,
        acting=grant.organization.code,
        workplace=grant.workplace,
        roles=frozenset({grant.role}),
        request=request,
    )
    return viewer, grants


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
    "shinonome": Text("利用実績を報告し、請求の内訳を見ます。", "Report usage and see how the bill came about."),
    "aoba": Text("提示された契約書に署名します。", "Sign the agreement that was offered."),
}
