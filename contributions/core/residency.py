"""Where data lies and where it is computed on, and what follows when a promise to stay in the country is broken.

A breach is a fact with a beginning and, once it is mended, an end. In its days the dataset does not count: what counts
over a period counts for the part of it that no breach covers, exactly and to the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.words import Text

FINDERS = {
    "record": Text("台帳の記録", "the record itself"),
    "owner": Text("提供者の申告", "reported by the owner"),
    "operator": Text("施設運営者の申告", "reported by the operator"),
    "secretariat": Text("事務局の点検", "found by the secretariat"),
    "audit": Text("監査", "found by audit"),
}


class UnknownFinder(Refused):
    code = "unknown-finder"
    ja = "発見の経緯は {known} のいずれかで指定してください（指定：{finder}）。"
    en = "How it was found is one of {known}, not “{finder}”."


class NotABreach(Refused):
    code = "not-a-breach"
    ja = "{country} は認められた国です。違反として記録する必要はありません。"
    en = "{country} is a country that is allowed, so there is no breach to record."


class RecordedAlready(Refused):
    code = "breach-recorded-already"
    ja = "同じ対象の {country} での違反は、{breach} として記録済みで、まだ是正されていません。何も追加していません。"
    en = "A breach of the same in {country} is on record as {breach} and not mended yet. Nothing was added."


class MendedAlready(Refused):
    code = "breach-mended"
    ja = "{breach} は {until} に是正済みです。"
    en = "{breach} was mended on {until}."


class MendedBefore(Refused):
    code = "mended-before-breach"
    ja = "是正の日（{until}）は、違反の始まり（{since}）より後の日にしてください。"
    en = "A breach that began on {since} cannot be mended on {until}."


class NotYet(Refused):
    code = "breach-in-the-future"
    ja = "{day} は未来の日です。違反は、始まった日および終わった日が到来してから記録してください。"
    en = "{day} lies in the future. Record the beginning and the end of a breach once they have come."


class StillAbroad(Refused):
    code = "still-abroad"
    ja = "{country} にある複製がまだ記録上残っています。複製の廃棄を記録してください。"
    en = "A copy in {country} is still on record. Record that it was deleted."


@dataclass(frozen=True, slots=True)
class Breach:
    """A time in which something lay where it must not; `until` exclusive, None while it is not mended."""

    number: str
    what: str
    country: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def check_finder(finder: str) -> str:
    """The same code, if there is such a way of finding out."""
    if finder not in FINDERS:
        raise UnknownFinder(finder=finder, known="、".join(FINDERS))
    return finder


def check_past(day: date, today: date) -> None:
    """Refuse a day of a breach that has not come: what is promised to end would count again without having ended."""
    if day > today:
        raise NotYet(day=day.isoformat())


def check_mended(breach: Breach, until: date) -> None:
    """Refuse an end that was recorded already, or that lies before the beginning."""
    if breach.until is not None:
        raise MendedAlready(breach=breach.number, until=breach.until)
    if until <= breach.since:
        raise MendedBefore(since=breach.since, until=until)


def kept_part(breaches: Iterable[Breach], start: date, until: date) -> Fraction:
    """The part of the days from `start` up to `until` that no breach covers; breaches may overlap.

    >>> kept_part([Breach("RB-a-0001", "D-a-0001@1", "US", date(2026, 4, 11), date(2026, 4, 21))],
    ...           date(2026, 4, 1), date(2026, 5, 1))
    Fraction(2, 3)
    """
    spans = sorted((max(each.since, start), min(each.until or until, until)) for each in breaches)
    broken, reached = 0, start
    for since, end in spans:
        since = max(since, reached)
        if end > since:
            broken += (end - since).days
            reached = end
    return 1 - Fraction(broken, (until - start).days)
