"""Membership and shares of equity over time: joining, leaving, changing class; stakes, and whether they close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.money import percent
from contributions.core.words import Text

CLASSES = {
    "founder": Text("設立会員", "Founder"),
    "investor": Text("出資会員", "Investor"),
    "partner": Text("AIパートナー", "AI partner"),
    "associate": Text("準会員", "Associate"),
}


class AlreadyMember(Refused):
    code = "already-member"
    ja = "{member} は既に会員として登録されています。"
    en = "{member} is on record as a member already."


class AlreadyWithdrawn(Refused):
    code = "already-withdrawn"
    ja = "{member} は {day} に脱退済みです。"
    en = "{member} left on {day} already."


class LeavesBeforeJoining(Refused):
    code = "leaves-before-joining"
    ja = "脱退日（{day}）は加入日（{start}）より後の日にしてください。"
    en = "The day of leaving ({day}) must be later than that of joining ({start})."


class BeforeMembership(Refused):
    code = "before-membership"
    ja = "{member} の加入日は {start} です。{day} からの登録はできません。加入日以後の日を入力してください。"
    en = "{member} became a member on {start}, not by {day}. State that day or a later one."


class SameClass(Refused):
    code = "same-class"
    ja = "その日の会員区分は既に同じです。"
    en = "That is the class on that day already."


class BadStake(Refused):
    code = "bad-stake"
    ja = "出資比率「{share}」は、0％以上100％以下で入力してください。"
    en = "A stake lies between 0 and 100 %; “{share}” does not."


class OverWhole(Refused):
    code = "stakes-over-whole"
    ja = "{day} の出資比率の合計が {total} となり、100％を超えます。ほかの会員の比率を先に改めてください。"
    en = "The stakes of {day} would sum to {total}, more than the whole. Amend the other members’ first."


class AlreadyRestated(Refused):
    code = "already-restated"
    ja = "この出資比率は既に訂正されています。最新の登録を訂正してください。"
    en = "This stake was restated already. Restate the newest one."


@dataclass(frozen=True, slots=True)
class Holding:
    """A stake from a day on, as an entry recorded it; `restates` is the number of the record that it corrects."""

    member: str
    share: Fraction
    start: date
    number: int
    restates: int | None = None


def standing(holdings: Iterable[Holding]) -> list[Holding]:
    """The records that no later one corrects, by day and number."""
    listed = list(holdings)
    corrected = {one.restates for one in listed if one.restates is not None}
    return sorted((one for one in listed if one.number not in corrected), key=lambda one: (one.start, one.number))


def held_on(holdings: Iterable[Holding], day: date) -> dict[str, Holding]:
    """Each member's stake in force on the day: of its standing records the latest that has begun.

    >>> first = Holding("a", Fraction(1, 4), date(2026, 4, 1), 1)
    >>> held_on([first, Holding("a", Fraction(1, 5), date(2026, 4, 1), 2, restates=1)], date(2026, 5, 1))["a"].number
    2
    """
    return {one.member: one for one in standing(holdings) if one.start <= day}


def check_stake(share: Fraction, *, others: Fraction, day: date) -> None:
    """Refuse what is no share, and what would make the shares of the day exceed the whole."""
    if not 0 <= share <= 1:
        raise BadStake(share=share)
    if others + share > 1:
        raise OverWhole(day=day, total=percent(others + share))


def check_since(member: str, *, admitted_on: date, day: date) -> None:
    """Refuse a stake or a class from a day on which there was no membership yet."""
    if day < admitted_on:
        raise BeforeMembership(member=member, start=admitted_on, day=day)


def check_leaving(member: str, *, admitted_on: date, withdrawn_on: date | None, day: date) -> None:
    """Refuse to leave twice, or before having joined."""
    if withdrawn_on is not None:
        raise AlreadyWithdrawn(member=member, day=withdrawn_on)
    if day <= admitted_on:
        raise LeavesBeforeJoining(day=day, start=admitted_on)
