"""Reporting periods and licence years of an agreement, and the day by which each report is due."""

from __future__ import annotations

from datetime import date, timedelta

from contributions.core.periods import Period

MONTHS = {"quarter": 3, "half": 6, "year": 12}


def reporting_periods(term: Period, every: str, *, on: date) -> list[Period]:
    """The reporting periods of a term that have ended by the day, in order.

    Quarters and halves are those of the calendar year, cut to the term; a year counts from the term's first day.

    >>> term = Period(date(2026, 6, 1), date(2027, 6, 1))
    >>> [str(p.until) for p in reporting_periods(term, "quarter", on=date(2026, 10, 1))]
    ['2026-07-01', '2026-10-01']
    """
    assert term.until is not None
    periods, start = [], term.start
    while start < term.until:
        until = min(_end(term.start, start, every), term.until)
        if until > on:
            break
        periods.append(Period(start, until))
        start = until
    return periods


def licence_year(term: Period, day: date) -> Period:
    """The licence year (許諾年度) that holds the day: years count from the term's first day; the last may be cut short.

    >>> str(licence_year(Period(date(2026, 6, 1), date(2028, 3, 1)), date(2027, 7, 1)).until)
    '2028-03-01'
    """
    assert term.until is not None and day in term
    years = day.year - term.start.year
    start = plus_months(term.start, 12 * years)
    if start > day:
        years -= 1
        start = plus_months(term.start, 12 * years)
    return Period(start, min(plus_months(term.start, 12 * (years + 1)), term.until))


def whole_year(start: date) -> Period:
    """The year from that day, uncut: the basis of what is reckoned by the day."""
    return Period(start, plus_months(start, 12))


def due_on(period: Period, days: int) -> date:
    """The last day to report: `days` after the period's last day."""
    assert period.until is not None
    return period.until + timedelta(days=days - 1)


def _end(first: date, start: date, every: str) -> date:
    length = MONTHS[every]
    if every == "year":
        return plus_months(first, 12 * (1 + (start.year - first.year)))
    return plus_months(date(start.year, (start.month - 1) // length * length + 1, 1), length)


def plus_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier), or the last day of a month that lacks it.

    >>> plus_months(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = _last_day(year, month + 1)
    return date(year, month + 1, min(day.day, last))


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
