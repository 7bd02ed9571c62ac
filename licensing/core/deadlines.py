"""Deadlines: so many months, days or Japanese business days from a day, forwards and backwards.

Which days banks are open is data that changes by law, so each function is handed the question as a function. A count of
days leaves its first day out (民法140条); a month ends on the day before the day of the same number, or on its last day
where there is none (民法143条). What falls on a holiday stays there unless the contract moves it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from contributions.core.periods import last_day

IsBusinessDay = Callable[[date], bool]
ROLLS = ("none", "previous", "next")


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """The last day to give notice, and the last business day up to it: the day a careful person works to."""

    day: date
    safe_day: date


def months_from(day: date, months: int) -> date:
    """The day of the same number so many months later (earlier if negative), or that month's last day.

    >>> months_from(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def business_days_from(day: date, count: int, is_business_day: IsBusinessDay) -> date:
    """The business day that is the count-th after the day; before it if the count is negative. The day is not counted.

    Worked example: five business days after 28 December 2026 is 6 January 2027: the 29th, the 30th, and then the 4th
    to the 6th, since banks are shut from 31 December to 3 January.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_business_day(day)
    return day


def rolled(day: date, roll: str, is_business_day: IsBusinessDay) -> date:
    """The day itself, or the business day before or after it where the contract says so.

    Worked example: Saturday 20 March 2027 (春分の日 on the 21st, 振替休日 on the 22nd) rolls back to the 19th and
    forward to Tuesday the 23rd.
    """
    assert roll in ROLLS
    step = timedelta(days=-1 if roll == "previous" else 1)
    while roll != "none" and not is_business_day(day):
        day += step
    return day


def due(
    day: date, *, is_business_day: IsBusinessDay, days: int = 0, business_days: int = 0, roll: str = "none"
) -> date:
    """When something is due that is owed so many days, or so many business days, after a day; then rolled.

    Worked example: ten business days after 30 September 2026 is 15 October 2026, past スポーツの日 on the 12th.
    """
    if business_days:
        return business_days_from(day, business_days, is_business_day)
    return rolled(day + timedelta(days=days), roll, is_business_day)


def notice_day(until: date, *, months: int = 0, business_days: int = 0, is_business_day: IsBusinessDay) -> NoticeDay:
    """The last day on which notice may arrive for a term that ends before `until`, counted back from its last day.

    Worked example: a term to 31 May 2027 with three months of notice (until 2027-06-01) asks for notice by 28 February
    2027, a Sunday; the safe day is Friday 26 February. Whether a day counted backwards moves when it falls on a holiday
    is not settled by 民法142条, so both are shown.
    """
    end = last_day(until)
    day = business_days_from(end, -business_days, is_business_day) if business_days else months_from(end, -months)
    return NoticeDay(day, rolled(day, "previous", is_business_day))
