"""Vintage: what the day of a contribution is worth, explicit in the policy that members signed, in either direction.

`fades/1`: old data fade. Each whole year (or month) between the day and the window's last day multiplies by a factor
below 1. `early/1`: who came early took the risk. Each whole year (or month) before a named day multiplies by a factor
above 1. `table/1`: the signed rate card `vintage` has a line for each category and fiscal year.
Sources: domain.md 5 and T23 (0.85 for one year); METI/JPO's note on decaying data; arXiv 2510.09240 on early arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from contributions.core.periods import fiscal_year
from contributions.core.words import Text
from licensing.core import fields

FADES, EARLY, TABLE = "fades/1", "early/1", "table/1"
RULES = {
    FADES: ("rule", "per", "factor"),
    EARLY: ("rule", "per", "factor", "until"),
    TABLE: ("rule",),
}
PER = {"year": Text("1年", "year"), "month": Text("1か月", "month")}
CARD, FACTOR = "vintage", "vintage"
YEARS_MAX = 100


@dataclass(frozen=True, slots=True)
class Vintage:
    """One category's rule."""

    rule: str
    per: str = "year"
    factor: Fraction = Fraction(1)
    until: str = ""


def read(row: Any, where: str) -> Vintage:
    """The vintage rule of a category, refused with the field that is wrong."""
    rule = fields.choice(row if isinstance(row, dict) else {}, "rule", RULES, where)
    fields.known(row, RULES[rule], where.rstrip("."))
    if rule == TABLE:
        return Vintage(rule)
    per, factor = fields.choice(row, "per", PER, where), fields.above_zero(row, "factor", where)
    if (rule == FADES) != (factor < 1):
        raise fields.bad(
            f"{where}factor",
            factor,
            "古くなると下がる規則では 1 未満、早いほど上がる規則では 1 を超える分数にしてください。",
            "Below 1 where old data fade, above 1 where early is worth more.",
        )
    return Vintage(rule, per, factor, _day(row, where) if rule == EARLY else "")


def value(
    vintage: Vintage, category: str, day: str, last_day: str, look: Callable[[str], str | None]
) -> Fraction | None:
    """The factor of a contribution of that day; none where the signed table has no line for it.

    Worked example (domain.md T23): fades, 85/100 a year, one year old → 17/20; two years and 364 days → 289/400.
    """
    if vintage.rule == TABLE:
        line = look(f"{category}/FY{fiscal_year(date.fromisoformat(day))}")
        return None if line is None else Fraction(line)
    start, until = (day, last_day) if vintage.rule == FADES else (day, vintage.until)
    steps = _whole_months(date.fromisoformat(start), date.fromisoformat(until))
    steps = min(steps, 12 * YEARS_MAX)
    return vintage.factor ** (steps if vintage.per == "month" else steps // 12)


def _whole_months(start: date, until: date) -> int:
    """How many whole months lie between, never below 0. From the 31st, a month is full on the next one's last day or
    later: the day of the month must be reached."""
    months = (until.year - start.year) * 12 + until.month - start.month - (until.day < start.day)
    return max(0, months)


def _day(row: Mapping[str, Any], where: str) -> str:
    stated = fields.text(row, "until", where)
    try:
        if date.fromisoformat(stated).isoformat() == stated:
            return stated
    except ValueError:
        pass
    raise fields.bad(
        f"{where}until", stated, "2030-04-01 の形の日付にしてください。", "Write a day such as 2030-04-01."
    )


def sentence(vintage: Vintage) -> Text:
    """What the rule says."""
    if vintage.rule == TABLE:
        return Text("署名済みの時期係数表による", "by the signed table of vintages")
    per = PER[vintage.per]
    if vintage.rule == FADES:
        return Text(
            f"古くなると下がる（{per.ja}ごとに {vintage.factor} を掛ける）",
            f"fades: × {vintage.factor} for each whole {per.en} of age",
        )
    return Text(
        f"早いほど高い（{vintage.until} より {per.ja}早いごとに {vintage.factor} を掛ける）",
        f"early is worth more: × {vintage.factor} for each whole {per.en} before {vintage.until}",
    )
