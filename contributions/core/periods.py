"""Calendar time: half-open periods of JST dates, months, and fiscal years that begin in April."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from contributions.core.errors import Refused

JST = timezone(timedelta(hours=9), "JST")


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def is_plausible(day: date) -> bool:
    """Whether a day can be meant: a year typed with a digit too few or too many is none that anybody means.

    >>> is_plausible(date(2026, 4, 1)), is_plausible(date(206, 4, 1))
    (True, False)
    """
    return FIRST_DAY <= day <= LAST_DAY


class EmptyPeriod(Refused):
    code = "empty-period"
    ja = "期間の最終日（{last}）は、始まり（{start}）以後の日にしてください。"
    en = "The last day of the period ({last}) must not be earlier than its start ({start})."


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` up to, not including, `until`; `None` means without end.

    >>> Period(date(2026, 4, 1), date(2026, 10, 1)).days
    183
    """

    start: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.start:
            raise EmptyPeriod(start=self.start, last=last_day(self.until))

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day < self.until)

    @property
    def days(self) -> int:
        """Number of days; the period must have an end."""
        assert self.until is not None, "a period without end has no length"
        return (self.until - self.start).days

    def overlaps(self, other: Period) -> bool:
        """Whether some day lies in both."""
        return (other.until is None or self.start < other.until) and (self.until is None or other.start < self.until)


def last_day(until: date) -> date:
    """The last day of a period that ends before `until`: how contracts and pages name its end.

    >>> last_day(date(2026, 10, 1))
    datetime.date(2026, 9, 30)
    """
    return until - timedelta(days=1)


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year that holds the day: it begins on 1 April."""
    return day.year if day.month >= 4 else day.year - 1


def month_of(day: date) -> str:
    """The month as it is written in documents: 2026-05."""
    return f"{day.year:04d}-{day.month:02d}"


def next_month(day: date) -> date:
    """The first day of the following month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months(period: Period) -> Iterator[str]:
    """Every month that the period touches, in order."""
    assert period.until is not None
    day = period.start.replace(day=1)
    while day < period.until:
        yield month_of(day)
        day = next_month(day)


def day_after(day: date) -> datetime:
    """The instant at which the day is over, in Japan.

    >>> day_after(date(2026, 6, 30)).isoformat()
    '2026-07-01T00:00:00+09:00'
    """
    return datetime.combine(day + timedelta(days=1), time(), JST)


def jst_date(instant: datetime) -> date:
    """The calendar date in Japan at that instant."""
    return instant.astimezone(JST).date()


def instant_text(instant: datetime) -> str:
    """UTC whole seconds with Z, as documents write an instant."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_from(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
