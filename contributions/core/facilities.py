"""Facilities that give compute: what may be stated of one, from a day on, and what holds on a day.

What changes is stated anew as a whole, as an edition. Of two that begin on one day the later recorded holds; what lay
before the first is taken to have been as the first states it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from contributions.core.errors import Refused
from contributions.core.words import Text

POWER_MAX = 10_000_000
"""In kW: ten gigawatts, above all that is planned anywhere."""
PUE_MAX = Decimal(10)
_TYPE = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")


class FacilityKnown(Refused):
    code = "facility-exists"
    ja = "計算施設「{facility}」は登録済みです。別のコードを指定してください。"
    en = "The facility “{facility}” is registered already. Choose another code."


class UnknownZone(Refused):
    code = "unknown-zone"
    ja = "時間帯「{zone}」はありません。IANA の名称（例 Asia/Tokyo）で指定してください。"
    en = "There is no time zone “{zone}”. Use a name of the IANA list, such as Asia/Tokyo."


class NotAType(Refused):
    code = "not-an-accelerator"
    ja = "演算装置の型「{name}」は、英小文字・数字・「-」「.」「_」の 32 文字以内で指定してください（例 h100）。"
    en = "Write the accelerator type “{name}” in lower-case letters, digits, “-”, “.” and “_”, at most 32: h100."


class BadPower(Refused):
    code = "bad-power"
    ja = "受電容量（kW）は 1 から {most}、PUE は 1 から {most_pue} までで指定してください（指定：{power}、{pue}）。"
    en = "Power is 1 to {most} kW and PUE a number from 1 to {most_pue}; this would be {power} and {pue}."


def is_type(name: str) -> bool:
    """Whether an accelerator may be called that: what the ledger keeps days under, the rate card factors, pages a name.

    >>> is_type("h100"), is_type(""), is_type("NVIDIA H100")
    (True, False, False)
    """
    return _TYPE.fullmatch(name) is not None


def check(*, types: Collection[str], power_kw: int | None, pue: Decimal | None) -> None:
    """Refuse types that no accounting line could name, and power that no site has; what is not stated is not judged.

    Power in kW; PUE is the power of the site over that of its computers, so never below 1.

    >>> check(types=["h100"], power_kw=25_000, pue=Decimal("1.15"))
    """
    for name in types:
        if not is_type(name):
            raise NotAType(name=name[:40])
    is_power = power_kw is None or 1 <= power_kw <= POWER_MAX
    is_pue = pue is None or 1 <= pue <= PUE_MAX
    if not (is_power and is_pue):
        raise BadPower(most=POWER_MAX, most_pue=PUE_MAX, power=power_kw or "–", pue=pue or "–")


STATED = ("operator", "country", "region", "power_kw", "pue", "accelerators", "default_accelerator")
"""What an edition of a facility states, in the order in which it is read."""


class ChangesNothing(Refused):
    code = "facility-unchanged"
    ja = "計算施設「{facility}」の {on} 時点の登録内容と同じです。変わった項目を入力してください。"
    en = "This is what is on record of the facility “{facility}” for {on} already. Change what has changed."


class BeforeItBegan(Refused):
    code = "facility-before-first"
    ja = "計算施設「{facility}」の記録は {first} から始まります。変更日はその日以後にしてください（指定：{on}）。"
    en = "The record of the facility “{facility}” begins on {first}. A change cannot hold from {on}, before it."


class MakesBreaches(Refused):
    code = "facility-moves-abroad"
    ja = (
        "計算施設「{facility}」を {on} から {country} とすると、記録済みの {count} 件（{numbers}）が"
        "所在国違反となります。番号を確認し、違反として記録することを確定してください。"
    )
    en = (
        "With the facility “{facility}” in {country} from {on}, what is on record becomes a breach of residency "
        "({count}: {numbers}). Look at these, and confirm that they are to be recorded as breaches."
    )


class NotRegisteredAhead(Refused):
    code = "facility-begins-later"
    ja = "計算施設の記録は、登録日（{today}）以前の日から始めてください（指定：{on}）。"
    en = "The record of a facility begins by the day of its registration ({today}), not on {on}."


class Edition(Protocol):
    """From which day on it holds, and which entry states it."""

    valid_from: date
    seq: int


E = TypeVar("E", bound=Edition)


def in_force(editions: Iterable[E], day: date) -> E | None:
    """The edition of the day; before the first, the first; none where there is none."""
    rows = sorted(editions, key=lambda row: (row.valid_from, row.seq))
    begun = [row for row in rows if row.valid_from <= day]
    return begun[-1] if begun else next(iter(rows), None)


def next_after(editions: Iterable[E], day: date) -> date | None:
    """The first day after this one from which another edition holds."""
    return min((row.valid_from for row in editions if row.valid_from > day), default=None)


def between(editions: Iterable[E], start: date, until: date) -> Iterator[E]:
    """Every edition that holds on a day from `start` up to, not including, `until`."""
    rows, day = list(editions), start
    while (held := in_force(rows, day)) is not None:
        yield held
        following = next_after(rows, day)
        if following is None or following >= until:
            return
        day = following


def check_change(
    facility: str, *, first: date, valid_from: date, stood: Mapping[str, object], stated: Mapping[str, object]
) -> None:
    """Refuse a change from before the record began, and one that changes nothing of what then stood."""
    if valid_from < first:
        raise BeforeItBegan(facility=facility, first=first, on=valid_from)
    if all(stood[name] == stated[name] for name in STATED):
        raise ChangesNothing(facility=facility, on=valid_from)


def check_told(facility: str, *, country: Text, on: date, found: Collection[str], told: Collection[str]) -> None:
    """Refuse a move that makes breaches of what is on record, unless exactly these were named to whoever confirms it.

    >>> check_told("osaka", country=Text("米国", "United States"), on=date(2026, 7, 1), found=["B-a-1"], told=["B-a-1"])
    """
    if set(found) != set(told):
        listed = sorted(found)
        numbers = Text("、".join(listed) or "なし", ", ".join(listed) or "none")
        raise MakesBreaches(facility=facility, country=country, on=on, count=len(listed), numbers=numbers)
