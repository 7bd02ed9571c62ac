"""The editions of an agreement: which variables and which wording held on which day.

The first edition is the contract as it was signed; each executed amendment, and each renewal at new prices, makes
another from its day on. An edition is complete: it carries all variables and the version of every clause it uses.
Editions take effect in the order in which they were made, so the text of any day is the last one begun by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from contributions.core.errors import Refused
from contributions.core.periods import Period
from contributions.core.words import Text
from licensing.core import calendar

# A change of one of these changes what a fee comes to, so a reporting period ends where it takes effect.
RATED = ("terms", "minimum", "report_period", "regions")


class EffectTooEarly(Refused):
    code = "effective-too-early"
    ja = "適用日 {day} は早すぎます。{earliest} 以後の日にしてください（{reason}）。"
    en = "The effective day {day} is too early. Choose {earliest} or later ({reason})."


@dataclass(frozen=True, slots=True)
class Edition:
    """An agreement's terms from a day on; `source` is the number of what made them."""

    version: int
    source: str
    effective_from: date
    variables: Mapping[str, object]
    clauses: tuple[tuple[str, int], ...]
    schedule: str = ""


def as_of(editions: Sequence[Edition], day: date) -> Edition:
    """The edition of a day; the first one also for days before it.

    >>> one = Edition(1, "L-1", date(2026, 6, 24), {}, ())
    >>> two = Edition(2, "M-1", date(2027, 1, 1), {}, ())
    >>> as_of([one, two], date(2026, 12, 31)).version, as_of([one, two], date(2027, 1, 1)).version
    (1, 2)
    """
    begun = [edition for edition in editions if edition.effective_from <= day]
    return begun[-1] if begun else editions[0]


def changed(before: Edition, after: Edition, names: Iterable[str] = ()) -> tuple[str, ...]:
    """The variables that differ, by name; all of them, or those asked for."""
    known = names or sorted({*before.variables, *after.variables})
    return tuple(name for name in known if before.variables.get(name) != after.variables.get(name))


def cuts(editions: Sequence[Edition]) -> tuple[date, ...]:
    """The days on which what fees are rated by changes."""
    pairs = pairwise(editions)
    return tuple(after.effective_from for before, after in pairs if changed(before, after, RATED))


def reporting_periods(term: Period, editions: Sequence[Edition], *, on: date) -> list[Period]:
    """The reporting periods of a term that have ended by the day, each under one edition's prices.

    A period that a change of prices falls into is reported in two parts. Worked example: quarters, prices changed from
    24 June 2028: 1 April to 23 June and 24 June to 30 June 2028 are reported apart.
    """
    assert term.until is not None
    found: list[Period] = []
    marks = [day for day in cuts(editions) if term.start < day < term.until]
    for start, until in zip([term.start, *marks], [*marks, term.until], strict=True):
        every = str(as_of(editions, start).variables.get("report_period") or "")
        if not every:  # an evaluation, say, asks for no reports
            continue
        for period in calendar.reporting_periods(term, every, on=term.until):
            assert period.until is not None
            first, end = max(period.start, start), min(period.until, until)
            if first < end <= on:
                found.append(Period(first, end))
    return found


def check_effective(day: date, *, editions: Sequence[Edition], settled_until: date | None) -> None:
    """Refuse a change that would take effect before an earlier one, or in a period that was reported already."""
    if day < editions[-1].effective_from:
        latest = editions[-1]
        raise EffectTooEarly(day=day, earliest=latest.effective_from, reason=_ORDER)
    if settled_until is not None and day < settled_until:
        raise EffectTooEarly(day=day, earliest=settled_until, reason=_BILLED)


_ORDER = Text("先に締結した変更の適用日より前です", "it is before an amendment that was concluded earlier takes effect")
_BILLED = Text("その期間は報告済みで、請求は書き換えません", "usage until then was reported, and no bill is rewritten")
