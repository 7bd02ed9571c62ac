"""What a concession costs across the portfolio: past usage of live agreements, rated again as if all had been given it.

Both fees come from the rating engine, report by report in order, each with what its licence year was charged before, so
caps and minimum fees come out as they would have. What the licensee's group came to besides, and whether it reported
and paid in time, stay as they were. Figures are exact; a report's fee is whole yen as it is invoiced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from contributions.core.money import floor
from contributions.core.words import Text
from licensing.core import rates
from licensing.core.usage import UsageLine


@dataclass(frozen=True, slots=True)
class Past:
    """One accepted report: the agreement, its licence year, what was used, and the terms it was rated by."""

    agreement: str
    licensee: object
    report: str
    year: str
    usage: tuple[UsageLine, ...]
    terms: Mapping[str, object]
    closing: rates.YearEnd | None = None
    others: rates.Others = field(default_factory=rates.Others)
    compliant: bool = True


@dataclass(frozen=True, slots=True)
class Cost:
    """One report before and after, in whole yen before tax."""

    past: Past
    before: int
    after: int

    @property
    def less(self) -> int:
        """What the consortium would have received less."""
        return self.before - self.after


def cost(past: Sequence[Past], terms: Mapping[str, object]) -> tuple[Cost, ...]:
    """Each report under its own terms and under the changed ones.

    Worked example: 620 robots at 12,000 up to 500 and 9,000 above come to 7,080,000; at 11,000 and 8,000 to 6,460,000:
    a concession of 620,000.
    """
    found = []
    for _, rows in groupby(past, key=lambda one: (one.agreement, one.year)):
        charged = [0, 0]
        for one in rows:
            fees = []
            for index, rated in enumerate((one.terms, terms)):
                fee = rates.rate(
                    rated,
                    one.usage,
                    charged=Fraction(charged[index]),
                    closing=one.closing,
                    others=one.others,
                    compliant=one.compliant,
                )
                charged[index] += fee.yen
                fees.append(fee.yen)
            found.append(Cost(one, *fees))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Reach:
    """A figure in one agreement as it stands and as it would, and what that comes to in yen, where yen can tell it."""

    agreement: str
    licensee: object
    now: Text
    then: Text
    yen: int | None


def ceiling(yearly: int, now: Fraction, then: Fraction) -> int:
    """How much higher the liability cap would be: fees of a year · (months then − months now) / 12, in whole yen.

    Worked example: fees of 24,000,000 a year, 24 months instead of 12 → 24,000,000 more. Never below none.
    """
    return floor(yearly * max(Fraction(0), then - now) / 12)


def interest(yearly: int, now: Fraction, then: Fraction) -> int:
    """What damages for delay would be less, were a year's fees 30 days late: fees · (rate now − rate then) · 30 / 365.

    Worked example: fees of 24,000,000 a year at 10 % instead of 14.6 % → 90,739 less.
    """
    return floor(yearly * max(Fraction(0), now - then) * 30 / 365)


# What of a negotiated figure comes to money, and how it is told.
MEASURES = {
    "liability_months": (
        ceiling,
        Text(
            "責任の上限が上がる額（直近1年間の利用料 × 増える月数 ÷ 12）",
            "How much higher the liability cap would be (fees of the past year × further months ÷ 12)",
        ),
    ),
    "late_rate": (
        interest,
        Text(
            "直近1年間の利用料の支払が30日遅れた場合に、遅延損害金が減る額",
            "How much less damages for delay would be, were the fees of the past year 30 days late",
        ),
    ),
}


def total(costs: Sequence[Cost]) -> int:
    """What the concession costs in all, in yen."""
    return sum(one.less for one in costs)
