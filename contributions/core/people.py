"""People at workplaces: whose employee (出向元) each is on a day, what it may be granted, and the clean team.

A secondee in an office of the consortium is barred from the material of its employer's rivals. A clean-team grant lifts
the bar for one person, one rival, one purpose and a limited time; nobody grants it to itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.periods import Period
from contributions.core.roles import (
    AUDITOR,
    DESK,
    FINANCE,
    LEGAL,
    LICENSEE,
    LICENSEE_ROLES,
    MEMBER,
    OPERATOR,
    OWNER,
    REVIEWER,
    WORKPLACES,
)

# Which kind of organization a workplace belongs to.
PLACES = {
    LEGAL: "office",
    FINANCE: "office",
    DESK: "office",
    OPERATOR: "office",
    REVIEWER: "review",
    AUDITOR: "audit",
    MEMBER: "company",
    LICENSEE: "company",
}


class WrongPlace(Refused):
    code = "wrong-place"
    ja = "「{workplace}」の立場は {organization} には置けません。組織の種別を確かめてください。"
    en = "The workplace “{workplace}” does not belong to {organization}. Check what kind of organization it is."


class OwnGrant(Refused):
    code = "own-grant"
    ja = "自分自身に権限を付与することも、自分の権限を変えることもできません。別の担当者が行ってください。"
    en = "Nobody grants or changes their own rights. Ask a colleague to do it."


class AlreadyRevoked(Refused):
    code = "already-revoked"
    ja = "この権限は既に終了しています。"
    en = "This right has ended already."


class BeforeItBegan(Refused):
    code = "before-it-began"
    ja = "終了日（{day}）は開始日（{start}）より前にできません。"
    en = "It cannot end on {day}, before it began on {start}."


class SameHome(Refused):
    code = "same-home"
    ja = "その日の出向元は既に {organization} です。"
    en = "{organization} is the employer on that day already."


class NotARival(Refused):
    code = "not-a-rival"
    ja = "この人は {organization} の資料について閲覧を制限されていません。クリーンチームの許可は不要です。"
    en = "This person is not barred from the material of {organization}. No clean-team grant is needed."


class TooLong(Refused):
    code = "clearance-too-long"
    ja = "クリーンチームの許可は {most} 日以内の期間にしてください（入力は {days} 日）。"
    en = "A clean-team grant lasts at most {most} days; this would be {days}."


class PurposeNeeded(Refused):
    code = "purpose-needed"
    ja = "目的を入力してください。クリーンチームの許可は、人・競合先・目的・期間を定めて行います。"
    en = "State the purpose. A clean-team grant names the person, the rival, the purpose and the time."


class GranterBarred(Refused):
    code = "granter-barred"
    ja = "あなた自身の閲覧が制限されている組織について、クリーンチームの許可をすることはできません。"
    en = "You are barred from that organization’s material yourself and cannot let others in."


class NoSuchUsername(Refused):
    code = "username-taken"
    ja = "利用者ID「{username}」は既に使われています。"
    en = "The user name “{username}” is taken already."


class AlreadySignedIn(Refused):
    code = "already-signed-in"
    ja = "この人は既にパスワードを設定しています。ログイン画面の「パスワードを忘れた方」を案内してください。"
    en = "This person has set a password already. Point to “Forgot your password?” on the login page."


class NotYourCompany(Refused):
    code = "not-your-company"
    ja = "ご自身の会社の従業者に、ご自身の会社の「利用者」の立場だけを付与・終了できます。"
    en = "You can only invite your own company’s people, and give or end its own workplace as a licensee."


class RoleNeeded(Refused):
    code = "role-needed"
    ja = "社内での役割（契約責任者、契約・法務担当、報告担当、技術担当、経理担当）を選んでください。"
    en = "Choose the role inside the company: contract owner, contracts, usage reporter, engineer, or accounts."


class LastAdministrator(Refused):
    code = "last-administrator"
    ja = "最後の契約責任者は外せません。先に別の方を契約責任者にしてください。"
    en = "The last contract owner cannot be removed. Make somebody else a contract owner first."


class BehindBarrier(Refused):
    code = "behind-barrier"
    ja = (
        "この資料には、あなたの出向元との関係で閲覧が制限されている組織の情報が、分けられない形で含まれています。"
        "必要なときは、目的と期間を示して、法務担当にクリーンチームの許可を求めてください。"
    )
    en = (
        "This paper holds, in a form that cannot be divided, material that your employer’s position bars you from. If"
        " you need it, ask the legal staff for a clean-team grant, stating purpose and time."
    )


@dataclass(frozen=True, slots=True)
class Spell:
    """Employed by an organization from a day on, until the next spell begins."""

    organization: str
    start: date


def home_on(spells: Iterable[Spell], day: date) -> str | None:
    """The employer on the day: of the spells that have begun, the latest; of two on one day, the later in the list.

    >>> spells = [Spell("tetsu", date(2026, 4, 1)), Spell("consortium", date(2026, 10, 1))]
    >>> home_on(spells, date(2026, 9, 30)), home_on(spells, date(2026, 10, 1)), home_on(spells, date(2026, 3, 31))
    ('tetsu', 'consortium', None)
    """
    begun = [spell for spell in sorted(spells, key=lambda each: each.start) if spell.start <= day]
    return begun[-1].organization if begun else None


def check_place(workplace: str, organization: str, *, kind: str) -> None:
    """Refuse a workplace at an organization of another kind: the desk is not at a company."""
    if PLACES.get(workplace) != kind:
        raise WrongPlace(workplace=WORKPLACES.get(workplace, workplace), organization=organization)


def check_reach(workplace: str, acting: str | None, *, company: str, place: str = LICENSEE, role: str = OWNER) -> None:
    """Refuse a licensee's administrator what lies beyond its own company: other employers, places, unknown roles."""
    if workplace != LICENSEE:
        return
    if not acting or company != acting or place != LICENSEE:
        raise NotYourCompany
    if role not in LICENSEE_ROLES:
        raise RoleNeeded


def is_owner(place: str, role: str) -> bool:
    """Whether a workplace held in that role administers a licensee; one given without a role inside does.

    >>> is_owner("licensee", "owner"), is_owner("licensee", "reporter"), is_owner("licensee", "staff")
    (True, False, True)
    """
    return place == LICENSEE and (role == OWNER or role not in LICENSEE_ROLES)


def check_clearance(
    *,
    rival: str,
    barred: Collection[str],
    granter_barred: Collection[str],
    is_self: bool,
    start: date,
    until: date,
    most_days: int,
    purpose: str,
) -> None:
    """Refuse a clean-team grant to oneself, for no rival, without purpose, too long, or by somebody barred as well."""
    if is_self:
        raise OwnGrant
    if rival in granter_barred:
        raise GranterBarred
    if rival not in barred:
        raise NotARival(organization=rival)
    if not purpose.strip():
        raise PurposeNeeded
    if (days := Period(start, until).days) > most_days:
        raise TooLong(days=days, most=most_days)


def check_end(*, start: date, day: date, is_ended: bool) -> None:
    """Refuse to end what has ended, and an end before the beginning."""
    if is_ended:
        raise AlreadyRevoked
    if day < start:
        raise BeforeItBegan(day=day, start=start)
