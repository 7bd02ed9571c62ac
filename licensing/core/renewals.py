"""Renewal: whether and until when a term runs on, by when either side must speak, and how far prices may rise.

automatic   renewed by so many years unless a notice arrived by the notice day, and again after that
none        ends with its term; each side may propose a longer one until the notice day, agreed by an amendment
agreed      the same
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.periods import last_day
from contributions.core.words import Text
from licensing.core import cliffs, deadlines, rates
from licensing.core.deadlines import IsBusinessDay, NoticeDay
from licensing.core.decimals import exact, percent

MODES = {
    "automatic": Text("自動更新", "automatic unless notice is given"),
    "agreed": Text("合意による更新", "by agreement"),
    "none": Text("自動更新なし", "not renewed automatically"),
}
PROPOSALS = {
    "proposed": Text("回答待ち", "waits for an answer"),
    "accepted": Text("承諾", "accepted"),
    "declined": Text("拒絶", "declined"),
    "countered": Text("対案の提示", "answered by a counter-proposal"),
    "withdrawn": Text("撤回", "taken back"),
}
# What a proposed renewal may change beside term and price list; anything else is a matter of an amendment of its own.
NEGOTIABLE = (
    "regions", "renewal", "renewal_years", "notice_months", "renewal_rise_max", "report_period", "report_days",
    "termination_months", "liability_months",
)  # fmt: skip
# How many months before the notice day new prices must be announced, as the wording of each clause says.
ANNOUNCED_MONTHS = {"term-renewing": 2}


class TooLate(Refused):
    code = "notice-too-late"
    ja = "通知の期限 {day} を過ぎています。{mend}"
    en = "The notice day {day} has passed. {mend}"


class NotAutomatic(Refused):
    code = "renewal-not-automatic"
    ja = "契約 {agreement} は自動更新されません。期間の変更は変更契約（覚書）によってください。"
    en = "Agreement {agreement} is not renewed automatically. Change its term by an amendment."


class ComesBySilence(Refused):
    code = "renewal-automatic"
    ja = "契約 {agreement} は、更新拒絶の通知がない限り自動更新されます。申入れは要りません。"
    en = "Agreement {agreement} renews by itself unless notice is given. Nothing needs to be proposed."


class NeverRenewed(Refused):
    code = "renewal-of-evaluation"
    ja = "評価契約 {agreement} は更新されません。延長は変更契約（覚書）、利用の継続は利用許諾への移行によります。"
    en = "Evaluation agreement {agreement} is not renewed. Extend it by an amendment, or step up to the full licence."


class EndsBefore(Refused):
    code = "renewal-ends-before"
    ja = "契約 {agreement} は、通知された終了により {last} をもって終わり、更新されません。"
    en = "Agreement {agreement} ends after {last}, by the notice that was given, and is not renewed."


class NotLonger(Refused):
    code = "renewal-not-longer"
    ja = "更新後の満了日（{day}）は、現在の満了日（{last}）より後にしてください。"
    en = "The renewed term must end later ({day}) than the present one ({last})."


class ProposedAlready(Refused):
    code = "renewal-proposed-already"
    ja = "更新の申入れ {number} が回答又は締結を待っています。"
    en = "Proposal {number} of a renewal waits for an answer, or to be concluded."


class NotOpenToYou(Refused):
    code = "renewal-answer-refused"
    ja = (
        "更新の申入れ {number} に対し、この操作はできません。回答は相手方が、撤回は申し入れた側が、回答の前に行います。"
    )
    en = "This cannot be done with proposal {number}: the other side answers it, its own side takes it back, once."


class NotNegotiable(Refused):
    code = "renewal-condition-closed"
    ja = "更新の申入れでは「{names}」を変更できません。変更契約（覚書）によってください。"
    en = "A proposed renewal cannot change {names}. Use an amendment."


class SameAgain(Refused):
    code = "renewal-counter-same"
    ja = "対案が申入れ {number} と同じ内容です。そのまま受けるときは承諾してください。"
    en = "The counter-proposal says the same as proposal {number}. To take it as it is, accept it."


class RisesTooFar(Refused):
    code = "renewal-rise-too-far"
    ja = "更新時の値上げは {limit} までと合意されています。{place}が {rise} 上がります。"
    en = "Prices may rise by at most {limit} on renewal. {place} would rise by {rise}."


@dataclass(frozen=True, slots=True)
class Plan:
    """What an agreement says of its renewal."""

    mode: str
    years: int = 0
    months: int = 0
    business_days: int = 0
    rise_max: Fraction | None = None
    announced_months: int = 0


@dataclass(frozen=True, slots=True)
class Rise:
    """How one figure of a price list would change: `part` is new ÷ old − 1, none where nothing stood before."""

    place: Text
    before: Fraction
    after: Fraction

    @property
    def part(self) -> Fraction | None:
        """By which part it rises; negative where it falls."""
        if self.before == 0:
            return Fraction(0) if self.after == 0 else None
        return self.after / self.before - 1


def plan(variables: Mapping[str, Any], clauses: Collection[str] = ()) -> Plan:
    """Read the renewal out of an agreement's variables and the clauses it uses."""
    rise = Fraction(str(variables.get("renewal_rise_max") or "0"))
    return Plan(
        mode=str(variables.get("renewal", "none")),
        years=int(variables.get("renewal_years") or 0),
        months=int(variables.get("notice_months") or 0),
        business_days=int(variables.get("notice_business_days") or 0),
        rise_max=rise or None,  # nought: no limit was agreed
        announced_months=max((ANNOUNCED_MONTHS.get(clause, 0) for clause in clauses), default=0),
    )


def notice_day(said: Plan, until: date, is_business_day: IsBusinessDay) -> NoticeDay:
    """The last day to refuse or to propose a renewal of the term that ends before `until`."""
    return deadlines.notice_day(
        until, months=said.months, business_days=said.business_days, is_business_day=is_business_day
    )


def announced_by(said: Plan, until: date, is_business_day: IsBusinessDay) -> date:
    """The last day to announce new prices for the renewed term."""
    return deadlines.months_from(notice_day(said, until, is_business_day).day, -said.announced_months)


def reached(
    said: Plan, until: date, *, refused: Collection[date], on: date, is_business_day: IsBusinessDay
) -> tuple[date, ...]:
    """The ends that the term has been renewed to by the day, in order. `refused`: ends for which notice was given.

    Worked example: to 23 June 2028, one year, three months of notice, nobody spoke: from 24 March 2028 on the term is
    known to run to 23 June 2029.
    """
    ends: list[date] = []
    while said.mode == "automatic" and said.years and until not in refused:
        if on <= notice_day(said, until, is_business_day).day:
            break
        until = deadlines.months_from(until, 12 * said.years)
        ends.append(until)
    return tuple(ends)


def check_in_time(said: Plan, until: date, *, on: date, is_business_day: IsBusinessDay) -> None:
    """Refuse a notice of non-renewal that comes after the notice day."""
    day = notice_day(said, until, is_business_day).day
    if on > day:
        raise TooLate(day=day, mend=_REFUSE_LATE)


def check_proposed(said: Plan, until: date, proposed: date, *, on: date, is_business_day: IsBusinessDay) -> None:
    """Refuse a proposed term that is no longer than the present one, or that comes after the day to propose.

    Worked example: to 31 March 2027 with three months of notice: proposed by 31 December 2026 at the latest.
    """
    if proposed <= until:
        raise NotLonger(day=last_day(proposed), last=last_day(until))
    day = notice_day(said, until, is_business_day).day if said.months or said.business_days else last_day(until)
    if on > day:
        raise TooLate(day=day, mend=_PROPOSE_LATE)


def check_conditions(changes: Mapping[str, Any]) -> None:
    """Refuse conditions that a proposed renewal may not change, all of them by name."""
    if names := sorted(set(changes) - set(NEGOTIABLE)):
        raise NotNegotiable(names=Text("、".join(names), ", ".join(names)))


def check_announced(said: Plan, until: date, *, on: date, is_business_day: IsBusinessDay) -> None:
    """Refuse an announcement of new prices that comes too late for the term that would follow."""
    day = announced_by(said, until, is_business_day)
    if on > day:
        raise TooLate(day=day, mend=_ANNOUNCE_LATE)


def rises(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Rise, ...]:
    """How the fee changes at every quantity where either price list bends, the price beyond, minimum and cap.

    Fees are piecewise linear in the quantity, so a bound that holds at every bend, just past it, and in the last slope
    holds everywhere.
    """
    old, new = rates.read(before), rates.read(after)
    edges = {
        Fraction(1),
        *(tier.start + terms.free_units for terms in (old, new) for tier in terms.tiers if tier.start),
    }
    edges |= {edge + 1 for edge in edges}
    found = []
    for units in sorted(edges):
        (was, *_), (becomes, *_) = cliffs.sample(before, [units]), cliffs.sample(after, [units])
        name = Text(f"数量 {exact(units)} の料金", f"the fee of {exact(units)} units")
        found.append(Rise(name, was.fee, becomes.fee))
    found.append(Rise(_LAST, old.tiers[-1].price, new.tiers[-1].price))
    found.append(Rise(_MINIMUM, old.minimum, new.minimum))
    if old.cap is not None and new.cap is not None:
        found.append(Rise(_CAP, old.cap, new.cap))
    return tuple(found)


def check_ratchet(before: Mapping[str, Any], after: Mapping[str, Any], *, rise_max: Fraction | None) -> None:
    """Refuse a price list that costs more by a larger part than was agreed for one renewal; no limit, no check.

    Worked example: at most 20 %: 12,000 → 14,400 passes, 12,000 → 14,401 does not.
    """
    if rise_max is None:
        return
    for rise in rises(before, after):
        if rise.part is None or rise.part > rise_max:
            said = _FROM_NOTHING if rise.part is None else percent(rise.part, 2)
            raise RisesTooFar(limit=percent(rise_max), place=rise.place, rise=said)


_LAST = Text("最上段の単価", "The price of the last tier")
_MINIMUM = Text("最低利用料", "The minimum fee")
_CAP = Text("年間上限", "The yearly cap")
_FROM_NOTHING = Text("無償から有償に", "from nothing to a price")
_REFUSE_LATE = Text("契約は更新されます。", "The agreement will be renewed.")
_PROPOSE_LATE = Text(
    "期間の延長は、満了前の変更契約（覚書）によって合意できます。",
    "A longer term can still be agreed by an amendment before it ends.",
)
_ANNOUNCE_LATE = Text(
    "次の更新からの変更として通知するか、変更契約（覚書）によってください。",
    "Announce them for the renewal after, or agree on an amendment.",
)
