"""Stepping up from an evaluation to a full licence: when it can be asked for, and for how long the evaluation waits.

The right stands on a clause of the family `step-up`: asked for by the last day of the evaluation, screening in force,
nothing in breach. While a request is open past that day, the evaluation runs on by the months the clause names at most.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from contributions.core.errors import Refused
from contributions.core.periods import last_day
from contributions.core.words import Text
from licensing.core import lives
from licensing.core.deadlines import months_from

FAMILY = "step-up"
STATES = {
    "requested": Text("移行の申出中", "asked for"),
    "concluded": Text("移行済み", "stepped up"),
    "declined": Text("移行の拒絶", "declined"),
    "withdrawn": Text("申出の撤回", "withdrawn"),
}


class NotAnEvaluation(Refused):
    code = "not-an-evaluation"
    ja = "契約 {agreement} には利用許諾への移行の条項がありません。評価契約についてだけ申し出られます。"
    en = "Agreement {agreement} has no clause on stepping up. Only under an evaluation agreement can it be asked for."


class Lapsed(Refused):
    code = "evaluation-lapsed"
    ja = (
        "評価契約 {agreement} の評価期間は {day} に満了しました。移行は満了の日までに申し出て、延長の限度までに締結する"
        "必要があります。改めて利用の申込みから始めてください。"
    )
    en = (
        "The Evaluation Period of agreement {agreement} expired on {day}. A step-up is asked for by its last day, and"
        " concluded within its extension. Begin again with an application."
    )


class InBreach(Refused):
    code = "evaluation-in-breach"
    ja = "評価契約 {agreement} に、期限を過ぎた利用者の義務があります（{duties}）。履行を記録してから進めてください。"
    en = "Under evaluation agreement {agreement} the licensee is overdue with {duties}. Record them as fulfilled first."


class AskedAlready(Refused):
    code = "step-up-asked-already"
    ja = "評価契約 {agreement} の移行は、すでに {number} で申し出られています。"
    en = "Step-up of evaluation agreement {agreement} was asked for already, as {number}."


class NotOpen(Refused):
    code = "step-up-not-open"
    ja = "移行の申出 {number} は「{state}」のため、この操作はできません。"
    en = "Request {number} to step up is {state}; this cannot be done."


class NotFull(Refused):
    code = "step-up-not-full"
    ja = "移行先のひな形にも移行の条項があります。評価契約ではないひな形を選んでください。"
    en = "That template also has a clause on stepping up. Choose one that is no evaluation agreement."


def check_clause(agreement: str, families: Collection[str]) -> None:
    """Refuse an agreement that has no clause on stepping up."""
    if FAMILY not in families:
        raise NotAnEvaluation(agreement=agreement)


def check_running(agreement: str, standing: str, until: date) -> None:
    """Refuse an evaluation that ran out, or does not run for another reason, saying which."""
    if standing == lives.EXPIRED:
        raise Lapsed(agreement=agreement, day=last_day(until))
    if standing != lives.IN_FORCE:
        raise lives.NotInForce(agreement=agreement, standing=lives.STANDINGS[standing], mend=lives.MEND[standing])


def check_kept(agreement: str, overdue: Sequence[str]) -> None:
    """Refuse while the licensee is overdue with a duty: the clause asks that it is not in breach."""
    if overdue:
        raise InBreach(agreement=agreement, duties=Text("、".join(overdue), ", ".join(overdue)))


def runs_until(until: date, *, months: int, asked_on: date, settled_on: date | None, on: date) -> date:
    """The end of an evaluation for which a step-up was asked, as it stands on a day; `until` is not included.

    A request made in time keeps the evaluation running while it is open, by so many months at most, and to the end of
    the day on which it was settled. Worked example: to 31 March 2027 with three months, asked on 20 March, open on 10
    April: until before 1 July; declined on 15 April: until before 16 April.
    """
    if asked_on >= until or on < until:
        return until
    bound = months_from(until, months)
    if settled_on is None or settled_on > on:
        return bound
    return max(until, min(bound, settled_on + timedelta(days=1)))
