"""What a schedule costs at a glance: the fee at sample quantities, and where one more unit costs less in all.

Such a cliff invites padded reports. A volume price makes one at each edge whose next price is lower; a flat fee does
not. Everything here is a reading of the rating engine, before regions, credit and caps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding
from licensing.core.decimals import exact
from licensing.core.prices import Terms, read
from licensing.core.rates import charges


@dataclass(frozen=True, slots=True)
class Point:
    """A fee at a number of units; `cliff` where the next unit would lower the fee."""

    units: Fraction
    fee: Fraction
    cliff: bool


def sample(document: Mapping[str, Any], units: Iterable[Fraction]) -> tuple[Point, ...]:
    """The fee at each number of units and at each edge of a tier among them, for the picture of a schedule.

    Where the fee jumps at an edge there are two points: at the edge, and just past it.
    """
    terms = read(document)
    wanted = sorted(set(units))
    starts = (tier.start + terms.free_units for tier in terms.tiers[1:])
    edges = {start for start in starts if wanted and wanted[0] <= start <= wanted[-1]}
    cliffs = {start for start, _ in _drops(terms)}
    points = []
    for at in sorted({*wanted, *edges}):
        points.append(Point(at, _fee(terms, at), at in cliffs))
        past = _fee_past(terms, at)
        if at in edges and past != points[-1].fee:
            points.append(Point(at, past, cliff=False))
    return tuple(points)


def warnings(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Warn the drafter of cliffs: where one more unit costs less in all, which invites padded reports.

    Worked example: sales up to 100 M at 3 %, above at 2 % on all: passing 100 M lowers the fee by 1,000,000.
    """
    ja = "数量が {units} を超えると、料金の総額が {drop} 円下がります。段階別（graduated）への変更を検討してください。"
    en = "Just past {units} units the whole fee falls by JPY {drop}. Consider graduated tiers."
    return tuple(
        Finding(None, "tiers", "cliff", ja, en, {"units": exact(start), "drop": exact(drop)})
        for start, drop in _drops(read(document))
    )


def _drops(terms: Terms) -> list[tuple[Fraction, Fraction]]:
    """Each edge past which a volume fee falls, and by how much."""
    if terms.mode != "volume":
        return []
    drops = []
    for index in range(1, len(terms.tiers)):
        edge = terms.tiers[index].start
        below = edge * terms.tiers[index - 1].price + terms.flats[index - 1]
        above = edge * terms.tiers[index].price + terms.flats[index]
        if above < below:
            drops.append((edge + terms.free_units, below - above))
    return drops


def _fee(terms: Terms, units: Fraction) -> Fraction:
    return sum((line.amount for line in charges(terms, units, 0)), Fraction(0))


def _fee_past(terms: Terms, edge: Fraction) -> Fraction:
    """What the fee tends to just past an edge: the next tier is entered, with its flat fee."""
    inside = edge - terms.free_units
    for tier, flat in zip(terms.tiers[1:], terms.flats[1:], strict=True):
        if tier.start == inside:
            return inside * tier.price + flat if terms.mode == "volume" else _fee(terms, edge) + flat
    return _fee(terms, edge)
