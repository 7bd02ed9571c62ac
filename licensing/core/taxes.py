"""Consumption tax: effective-dated rates as data, and the one rounding per rate and invoice.

A rate is never written into code that computes: it comes in a table, each line with its dates and its source, so that
a change of law is a line and not a release. The classification of a supply is decided by a person and recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contributions.core.errors import Refused
from contributions.core.money import floor
from contributions.core.words import Text


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A classification with the rate in force from a day, up to, not including, `until`."""

    code: str
    rate: Fraction
    start: date
    until: date | None
    name: Text
    source: str


_FROM = date(2019, 10, 1)
CONSUMPTION_TAX = (
    TaxRate(
        "standard",
        Fraction(10, 100),
        _FROM,
        None,
        Text("10%対象", "taxable at 10 %"),
        "消費税法29条（7.8%）・地方税法72条の83（2.2%）",
    ),
    TaxRate(
        "reduced",
        Fraction(8, 100),
        _FROM,
        None,
        Text("8%対象（軽減税率）", "taxable at 8 % (reduced)"),
        "所得税法等の一部を改正する法律（平成28年法律第15号）附則34条",
    ),
    TaxRate("export", Fraction(0), _FROM, None, Text("輸出免税", "export, exempt"), "消費税法7条・同施行令17条2項"),
    TaxRate("none", Fraction(0), _FROM, None, Text("対象外", "out of scope"), "消費税法4条"),
)


class NoTaxRate(Refused):
    code = "no-tax-rate"
    ja = "税区分「{name}」には {day} に適用する税率がありません。税率表に加えてください。"
    en = "The tax classification “{name}” has no rate on {day}. Add it to the table."


def in_force(table: Iterable[TaxRate], code: str, day: date) -> TaxRate:
    """The rate of that classification on the day."""
    found = [row for row in table if row.code == code and row.start <= day and (row.until is None or day < row.until)]
    if not found:
        raise NoTaxRate(name=code, day=day)
    return max(found, key=lambda row: row.start)


def on_net(net: int, rate: Fraction) -> int:
    """Tax on an amount without tax, rounded down: once per rate and invoice, never per line.

    Worked example (T15): 1,000,001 at 10 % → 100,000.
    """
    return floor(net * rate)


def within_gross(gross: int, rate: Fraction) -> int:
    """Tax inside an amount that includes it, rounded down: gross · rate / (1 + rate).

    >>> within_gross(99_999, Fraction(1, 10))
    9090
    """
    return floor(gross * rate / (1 + rate))
