"""What a contribution of each kind must state before it is taken in, and what only another kind has.

Cash without a nature would pass by the rule on equity, work without a grade has no factor, and what is of a day to come
was seen by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.resources import BACKGROUND, CASH, GRADES, NATURES, PEOPLE, PLEDGED, ForeignCash, check_yen
from contributions.core.terms import check_listing
from contributions.core.units import check_amount
from contributions.core.words import Text


class QuantityNeeded(Refused):
    code = "quantity-needed"
    ja = "拠出の数量（金額、従事時間など）を 0 より大きい数で記載してください。"
    en = "State how much is put in: an amount, hours, or a quantity, above 0."


class NatureNeeded(Refused):
    code = "nature-needed"
    ja = "資金の性質（{known}）を記載してください。"
    en = "State what the cash is: {known}."


class GradeNeeded(Refused):
    code = "grade-needed"
    ja = "出向・従事の等級（{known}）を記載してください。"
    en = "State the grade of the people: {known}."


class OfAnotherKind(Refused):
    code = "of-another-kind"
    ja = "{what}は「{kind}」の拠出には記載できません。"
    en = "{what} cannot be stated of {kind}."


class NotYet(Refused):
    code = "not-yet"
    ja = "{what}（{day}）が未来の日付です。実際の日付を記載してください。"
    en = "{what} ({day}) lies in the future. State the day on which it was."


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Of background IP: who valued it and when, and within which limits it may be used, for what and by whom."""

    appraiser: str = ""
    on: date | None = None
    limits: str = ""
    use_fields: tuple[str, ...] = ()
    use_by: tuple[str, ...] = ()


def complete(
    kind: str,
    quantity: int | None,
    nature: str,
    grade: str,
    foreign: ForeignCash | None,
    appraisal: Appraisal | None,
    *,
    on: date,
) -> int:
    """The quantity, once all that its kind needs is stated, and nothing that another kind has.

    >>> complete("cash", 5, "levy", "", None, None, on=date(2026, 5, 1))
    5
    """
    if foreign is not None:
        quantity = check_yen(foreign.yen if quantity is None else quantity, foreign)
    amount = check_amount(quantity or 0)
    said = {"foreign": foreign is not None, "appraisal": appraisal is not None}
    check_stated(kind, amount, nature=nature, grade=grade, **said)
    check_past(on, rate=foreign.on if foreign else None, appraisal=appraisal.on if appraisal else None)
    if appraisal is not None:
        check_listing(appraisal.use_fields, appraisal.use_by)
    return amount


_SAID = {
    "nature": (CASH, Text("資金の性質", "The nature of cash")),
    "foreign": (CASH, Text("外貨の金額", "An amount in another currency")),
    "grade": (PEOPLE, Text("等級", "A grade")),
    "appraisal": (BACKGROUND, Text("評価および利用の限度", "An appraisal with limits")),
}


def check_stated(kind: str, quantity: int, *, nature: str, grade: str, **said: bool) -> None:
    """Refuse what says too little of its kind, or what only another kind has.

    Cash without a nature would pass by the rule on equity, and work without a grade has no factor. `said` tells whether
    a foreign amount and an appraisal are stated.

    >>> check_stated("cash", 5, nature="levy", grade="", foreign=False, appraisal=False)
    """
    for name, stated in {"nature": bool(nature), "grade": bool(grade), **said}.items():
        if stated and _SAID[name][0] != kind:
            raise OfAnotherKind(what=_SAID[name][1], kind=PLEDGED[kind])
    if quantity == 0:
        raise QuantityNeeded
    if kind == CASH and not nature:
        raise NatureNeeded(known=_any_of(NATURES))
    if kind == PEOPLE and not grade:
        raise GradeNeeded(known=_any_of(GRADES))


_DAYS = {
    "rate": Text("換算率の日付", "The date of the rate"),
    "appraisal": Text("評価日", "The day of the appraisal"),
    "recovery": Text("回収日", "The day of the recovery"),
}


def check_past(today: date, **days: date | None) -> None:
    """Refuse a rate, an appraisal or a recovery of a day that has not come.

    >>> check_past(date(2026, 5, 1), rate=date(2026, 5, 1), appraisal=None)
    """
    for name, day in days.items():
        if day is not None and day > today:
            raise NotYet(what=_DAYS[name], day=day.isoformat())


def _any_of(words: Mapping[str, Text]) -> Text:
    return Text("、".join(word.ja for word in words.values()), ", ".join(word.en for word in words.values()))
