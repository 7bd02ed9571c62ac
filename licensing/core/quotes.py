"""What a year would cost: a quantity a year by region, reported in equal periods, rated, taxed, report by report.

A quote is the rating engine run over an imagined first year of a licensee that reports in time, and that stands alone
unless what its affiliates come to is named. It binds nobody; an agreement's own terms do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core import countries
from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import advances, rates, taxes
from licensing.core.prices import Terms
from licensing.core.usage import UNITS_MAX, UsageLine

REPORTS = {"quarter": 4, "half": 2, "year": 1}
PERIODS = {
    "quarter": Text("四半期ごと", "every quarter"),
    "half": Text("半年ごと", "every half year"),
    "year": Text("年に一度", "once a year"),
}


class NothingAsked(Refused):
    code = "nothing-asked"
    ja = "数量を一つ以上入力してください。"
    en = "Enter at least one quantity."


class TooMuch(Refused):
    code = "quantity-out-of-range"
    ja = "数量「{units}」は扱えません。0 以上の、より小さい数にしてください。"
    en = "The quantity {units} cannot be handled. Use a smaller number, 0 or more."


class NotOffered(Refused):
    code = "region-not-offered"
    ja = "この料金表では、{region}での利用を受け付けていません。"
    en = "This price list does not offer use in {region}."


class NotInForce(Refused):
    code = "list-not-in-force"
    ja = "料金表「{number}」は、現在適用されていません。利用分野と区分を選び直してください。"
    en = "The price list “{number}” is not in force at present. Choose the field of use and the class again."


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the year, or several that are alike: from the `first` to the `last`."""

    first: int
    last: int
    units: Fraction
    fee: rates.Fee
    tax: int
    used: int = 0

    @property
    def net(self) -> int:
        """What is to be paid of the fee, before tax: less what the advance is credited with."""
        return self.fee.yen - self.used

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Quote:
    """The first year: its reports with their fees in full, and what is paid in it, in yen.

    `advance` is paid at the start; `used` of it is credited against the year's fees, `left` goes on or lapses. `net` is
    what is paid before tax: advance + Σ fees − used. `tax` stands on each invoice: of the advance, and of each report.
    """

    reports: tuple[Report, ...]
    fees: int
    net: int
    tax: int
    advance: int = 0
    advance_tax: int = 0
    used: int = 0
    left: int = 0
    kind: str = advances.CARRIED

    @property
    def advance_gross(self) -> int:
        return self.advance + self.advance_tax

    @property
    def gross(self) -> int:
        return self.net + self.tax


def quote(
    terms: Mapping[str, Any],
    quantities: Mapping[str, Fraction],
    *,
    every: str,
    tax: Fraction,
    others: rates.Others | None = None,
) -> Quote:
    """What the quantities of a year come to when they are reported in equal parts; tax once for each report's invoice.

    Whole quantities stay whole: what does not divide goes into the earlier reports. The last report brings the year up
    to its minimum fee, which a year without any use costs as well.

    Worked example: 800 robots a year at 12,000 each, 9,000 above 500 in a report, reported once a year
    → 500 · 12,000 + 300 · 9,000 = 8,700,000; in quarters of 200 → 4 · 2,400,000 = 9,600,000.
    """
    offered, unit, count = terms.get("regions") or {}, str(terms["unit"]), REPORTS[every]
    wanted = {region: units for region, units in quantities.items() if units} or dict(quantities)
    for region, units in wanted.items():
        if not 0 <= units < UNITS_MAX:
            raise TooMuch(units=str(units)[:40])
        if offered and region not in offered:
            raise NotOffered(region=countries.name(region))
    if not wanted:
        raise NothingAsked
    read = rates.read(terms)
    rows, charged, left = [], Fraction(0), int(read.advance)
    for number in range(1, count + 1):
        lines = [UsageLine(unit, region, _part(units, number, count)) for region, units in sorted(wanted.items())]
        closing = rates.YearEnd(365, 365) if number == count else None
        fee = rates.rate(terms, lines, charged=charged, closing=closing, others=others)
        charged += fee.yen
        taken = advances.credit(
            fee.yen, left, kind=read.advance_credit, first_year=True, closes_year=closing is not None, ends=False
        )
        left = taken.after
        units = sum((line.units for line in lines), Fraction(0))
        rows.append(Report(number, number, units, fee, taxes.on_net(fee.yen - taken.used, tax), taken.used))
    return _quote(rows, read, tax)


def _quote(rows: list[Report], read: Terms, tax: Fraction) -> Quote:
    advance = int(read.advance)
    fees, used = sum(row.fee.yen for row in rows), sum(row.used for row in rows)
    net = advance + sum(row.net for row in rows)
    assert net == advance + fees - used, "the reports sum to the year"
    extra = taxes.on_net(advance, tax)
    taxed = extra + sum(row.tax for row in rows)
    return Quote(_joined(rows), fees, net, taxed, advance, extra, used, advance - used, read.advance_credit)


def _part(units: Fraction, number: int, count: int) -> Fraction:
    if units.denominator != 1:
        return units / count
    each, left = divmod(int(units), count)
    return Fraction(each + (number <= left))


def _joined(rows: list[Report]) -> tuple[Report, ...]:
    """Reports that are alike, as one."""
    joined: list[Report] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last is not None and (last.units, last.fee, last.tax, last.used) == (
            row.units,
            row.fee,
            row.tax,
            row.used,
        ):
            joined[-1] = Report(last.first, row.last, row.units, row.fee, row.tax, row.used)
        else:
            joined.append(row)
    return tuple(joined)
