"""What a member's data must not serve: rivals it names, and purposes. A named rival bars people too, both ways.

A declaration bounds every use of the member's data, or of one dataset, from a day on. Who is named stays between the
member and the secretariat: whoever is refused learns that a declaration stands, never whose rival it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.words import Text

# What data may serve; a member names among these what its own must not.
PURPOSES = {
    "training": Text("学習", "training"),
    "evaluation": Text("評価", "evaluation"),
    "fine-tuning": Text("追加学習", "further training"),
    "licensing": Text("外部への利用許諾", "licensing to others"),
    "research": Text("研究", "research"),
}


class UnknownPurpose(Refused):
    code = "unknown-purpose"
    ja = "用途「{purpose}」は登録されていません。{known} のいずれかを指定してください。"
    en = "There is no purpose “{purpose}”. Use one of {known}."


class NothingExcluded(Refused):
    code = "nothing-excluded"
    ja = "競合先または対象外とする用途の少なくとも一方を指定してください。"
    en = "Name a rival, a purpose, or both: as it stands the declaration would exclude nothing."


class OwnGroup(Refused):
    code = "own-group"
    ja = "自社または自社の企業集団に属する会社（{rival}）を競合先に指定することはできません。"
    en = "{rival} belongs to your own group and cannot be named a rival."


class StatedAlready(Refused):
    code = "exclusion-stated-already"
    ja = "同じ内容の除外指定 {number} が {start} から登録されています。変えるときは、まずそれを解除してください。"
    en = "Exclusion {number}, from {start}, says the same and stands. To change it, lift it first."


class AlreadyLifted(Refused):
    code = "already-lifted"
    ja = "この除外指定は既に解除されています。"
    en = "This exclusion has been lifted already."


class LiftedBefore(Refused):
    code = "lifted-before"
    ja = "解除の日（{until}）は、指定の始まり（{start}）より前にはできません。"
    en = "What holds from {start} cannot be lifted from {until}."


class NotPermitted(Refused):
    """For whoever may know which data is meant; never says who declared against whom."""

    code = "excluded"
    ja = "提供者の除外指定により、この利用には使えません：{datasets}。"
    en = "The contributor's exclusion keeps it from this use: {datasets}."


class NotAvailable(Refused):
    """The same for everybody else: not even that a dataset stands behind it."""

    code = "not-available"
    ja = "この組合せでは提供できません。詳しくは事務局にお問い合わせください。"
    en = "This combination cannot be offered. Please ask the secretariat."


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A member's declaration: all its data, or one dataset, must not serve a rival or some purposes.

    With a rival and purposes, the rival is excluded from those purposes; with a rival alone, from all; with purposes
    alone, nobody may use the data for them.
    """

    number: str
    member: str
    rival: str | None
    purposes: tuple[str, ...]
    dataset: str | None
    start: date
    until: date | None = None

    def is_in_force(self, at: date) -> bool:
        return self.start <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Use:
    """A use to be checked: one dataset, for one purpose, by or for organizations (with their groups)."""

    dataset: str
    member: str
    purpose: str
    served: frozenset[str]


def check(*, rival: str | None, purposes: Collection[str], group: Collection[str]) -> None:
    """Refuse a declaration that excludes nothing, or that names one's own group."""
    if not rival and not purposes:
        raise NothingExcluded
    for purpose in purposes:
        if purpose not in PURPOSES:
            raise UnknownPurpose(purpose=purpose, known="、".join(PURPOSES))
    if rival in group:
        raise OwnGroup(rival=rival)


def check_new(standing: Iterable[Exclusion], new: Exclusion) -> None:
    """Refuse what a declaration of the same member says already for a day on which the new one would hold."""
    for one in standing:
        same = (one.member, one.rival, sorted(one.purposes), one.dataset)
        holds = one.until is None or max(one.start, new.start) < one.until
        if holds and same == (new.member, new.rival, sorted(new.purposes), new.dataset):
            raise StatedAlready(number=one.number, start=one.start)


def conflicts(exclusions: Iterable[Exclusion], use: Use, at: date) -> tuple[Exclusion, ...]:
    """The declarations in force that the use would break, by number.

    >>> mine = Exclusion("X-a-0001", "a", "b", (), None, date(2026, 4, 1))
    >>> [found.number for found in conflicts([mine], Use("D-a-0001", "a", "train", frozenset({"b"})), date(2026, 5, 1))]
    ['X-a-0001']
    """
    return tuple(sorted((one for one in exclusions if _is_broken(one, use, at)), key=lambda one: one.number))


def _is_broken(exclusion: Exclusion, use: Use, at: date) -> bool:
    return (
        exclusion.member == use.member
        and exclusion.is_in_force(at)
        and exclusion.dataset in (None, use.dataset)
        and (exclusion.rival is None or exclusion.rival in use.served)
        and (not exclusion.purposes or use.purpose in exclusion.purposes)
    )
