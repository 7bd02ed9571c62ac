"""How an agreement stands at an instant: not begun, in force, suspended, winding down, ended or expired.

It follows from dates and instants alone, so both sides read the same at the same moment, whether or not the nightly
task has run. A licence is in force only by its dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contributions.core.errors import Refused
from contributions.core.periods import Period, jst_date, last_day
from contributions.core.words import Text

AWAITING, IN_FORCE, SUSPENDED = "not_begun", "in_force", "suspended"
WINDING_DOWN, TERMINATED, EXPIRED = "winding_down", "terminated", "expired"
STANDINGS = {
    "": Text("未締結", "not concluded"),
    AWAITING: Text("発効前", "not yet in force"),
    IN_FORCE: Text("有効", "in force"),
    SUSPENDED: Text("利用停止中", "suspended"),
    WINDING_DOWN: Text("在庫販売期間中", "winding down"),
    TERMINATED: Text("契約終了", "terminated"),
    EXPIRED: Text("期間満了", "expired"),
}


class NotInForce(Refused):
    code = "licence-not-in-force"
    ja = "契約 {agreement} は{standing}のため、この操作はできません。{mend}"
    en = "Agreement {agreement} is {standing}, so this cannot be done. {mend}"


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: from an instant until it was lifted, if it was."""

    effective_at: datetime
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A termination: the instant it takes effect, and until before which day stock may still be sold."""

    effective_at: datetime
    ground: str
    wind_down_until: date | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """Everything that decides how an agreement stands; `until` counts the renewals that have come about.

    `stock_until`: before which day stock may still be sold once the term has run out, where the agreement allows it.
    """

    concluded_at: datetime | None
    start: date
    until: date
    pauses: tuple[Pause, ...] = ()
    ending: Ending | None = None
    stock_until: date | None = None


def standing(life: Life, at: datetime) -> str:
    """How the agreement stands at the instant; the empty text before it was concluded.

    A termination goes before an expiry only if it took effect before the term ran out. Dates are those of Japan.
    """
    if life.concluded_at is None or at < life.concluded_at:
        return ""
    day = jst_date(at)
    ending = life.ending
    if ending is not None and is_terminated(life, at):
        return WINDING_DOWN if ending.wind_down_until is not None and day < ending.wind_down_until else TERMINATED
    if day >= life.until:
        return WINDING_DOWN if life.stock_until is not None and day < life.stock_until else EXPIRED
    if any(pause.effective_at <= at and (pause.lifted_at is None or at < pause.lifted_at) for pause in life.pauses):
        return SUSPENDED
    return IN_FORCE if day >= life.start else AWAITING


def is_terminated(life: Life, at: datetime) -> bool:
    """Whether a termination has ended it by the instant, and not its term."""
    ending = life.ending
    return ending is not None and ending.effective_at <= at and jst_date(ending.effective_at) < life.until


def ends(life: Life) -> date:
    """The first day on which it does not run at all: a termination in the course of a day leaves that day.

    Worked example: terminated at noon on 10 October 2026: it ends before the 11th; at midnight: before the 10th.
    """
    if life.ending is None:
        return life.until
    last = jst_date(life.ending.effective_at - timedelta(seconds=1))
    return min(life.until, max(last, life.start) + timedelta(days=1))


def reported_term(life: Life) -> Period:
    """The days for which usage is reported: the term, cut at a termination, with the wind-down after it."""
    end = jst_date(life.ending.effective_at) if life.ending else life.until
    if life.ending is None or end >= life.until:
        return Period(life.start, max(life.until, life.stock_until or life.until))
    return Period(life.start, max(life.ending.wind_down_until or end, life.start + timedelta(days=1)))


def check(life: Life, at: datetime, *, agreement: str, allowed: tuple[str, ...] = (IN_FORCE,)) -> None:
    """Refuse what only a licence in force allows (deliveries, downloads, derivatives), or one that stands as named."""
    found = standing(life, at)
    if found not in allowed:
        raise NotInForce(agreement=agreement, standing=STANDINGS[found], mend=MEND[found])


def days_suspended(life: Life, period: Period, *, on: date) -> int:
    """How many days of a period the licence stood suspended for at least a moment, up to a day."""
    assert period.until is not None
    days = set()
    for pause in life.pauses:
        first = max(jst_date(pause.effective_at), period.start)
        last = min(jst_date(pause.lifted_at) if pause.lifted_at else on, last_day(period.until))
        days |= set(range(first.toordinal(), last.toordinal() + 1))
    return len(days)


MEND = {
    "": Text("両当事者の署名を待ってください。", "Wait until both parties have signed."),
    AWAITING: Text("許諾期間の初日から行えます。", "It can be done from the first day of the term."),
    SUSPENDED: Text("利用停止の解除を待ってください。", "Wait until the suspension is lifted."),
    WINDING_DOWN: Text(
        "在庫の販売と報告だけを続けられます。", "Only stock can still be sold, and usage of it reported."
    ),
    TERMINATED: Text("新たな契約が必要です。", "A new agreement is needed."),
    EXPIRED: Text("新たな契約が必要です。", "A new agreement is needed."),
}
