"""How long records are kept: dated rules, counted from the end of the fiscal year in which the dealing ended.

The rules are data with their source; counsel and the tax adviser confirm them before anything is erased. Until the day
that a rule gives, erasing is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contributions.core.errors import Refused
from contributions.core.periods import fiscal_year, last_day
from contributions.core.words import Text

FILING_MONTHS = 2  # months after the end of the fiscal year in which the tax return is due: 法人税法74条1項


@dataclass(frozen=True, slots=True)
class Rule:
    """Records of a kind are kept so many years, from a day on, by that source."""

    kind: str
    years: int
    start: date
    until: date | None
    source: Text


_BOOKS = Text(
    "会社法432条2項（会計帳簿及び事業に関する重要な資料、10年）",
    "Companies Act art. 432(2): books and important documents of the business, 10 years",
)
_TAX = Text(
    "電子帳簿保存法7条、法人税法施行規則59条（7年）。欠損金の生じた年度は10年（同26条の3）",
    "Electronic Books Preservation Act art. 7, Corporation Tax Regulation art. 59: 7 years; 10 for a year with a loss",
)
RULES = (
    Rule("agreement", 10, date(2024, 1, 1), None, _BOOKS),
    Rule("outside", 10, date(2024, 1, 1), None, _BOOKS),
    Rule("invoice", 7, date(2024, 1, 1), None, _TAX),
    Rule("receipt", 7, date(2024, 1, 1), None, _TAX),
    Rule("statement", 7, date(2024, 1, 1), None, _TAX),
)


class StillKept(Refused):
    code = "still-kept"
    ja = "{number} は {until} まで保存する必要があるため、消去できません（{source}）。"
    en = "{number} must be kept until {until} and cannot be erased before ({source})."


def rule_for(rules: Iterable[Rule], kind: str, day: date) -> Rule | None:
    """The rule for a kind that is in force on a day; the latest to begin where several are."""
    found = [rule for rule in rules if rule.kind == kind and rule.start <= day and (not rule.until or day < rule.until)]
    return max(found, key=lambda rule: rule.start, default=None)


def kept_until(rule: Rule, ended: date) -> date:
    """Until when a record is kept, that day not included: years after the tax return of its fiscal year was due.

    A dealing of 2026-10-31 lies in fiscal year 2026, which ends on 2027-03-31; the return is due on 2027-05-31, so that
    seven years run from 2027-06-01.

    >>> kept_until(RULES[2], date(2026, 10, 31))
    datetime.date(2034, 6, 1)
    """
    return date(fiscal_year(ended) + 1 + rule.years, 4 + FILING_MONTHS, 1)


def check_over(number: str, rule: Rule | None, ended: date | None, on: date) -> None:
    """Refuse to erase what is still to be kept; what has not ended, or has no rule, is kept without end."""
    if rule is None or ended is None:
        raise StillKept(number=number, until=_OPEN, source=rule.source if rule else _NO_RULE)
    if on < (until := kept_until(rule, ended)):
        raise StillKept(number=number, until=last_day(until), source=rule.source)


_OPEN = Text("契約の終了後の期日", "a day after the agreement has ended")
_NO_RULE = Text("保存期間の定めがありません", "no rule is on record")
