"""Rating: from a schedule's price terms and reported usage to a fee, every step a line.

The tiers are those that the contract prints (`tariffs`); here they are worked with. Fees are exact fractions of a yen
in every line and are rounded down once, at the end. Tiers are half-open ranges over the units of one report: the
interval [0, u) that the units fill. A tier is entered once u passes its start; the first one always is, so a flat fee
on the first tier is due even when nothing was used.

    standard              u · price
    graduated             Σ over tiers entered: units in the tier · price + flat
    volume                all units at the price of the last tier entered + its flat
    package               ⌈(u − free) / size⌉ · price
    percentage            (amount − free) · rate + (events − free events) · fixed
    graduated_percentage  Σ over tiers entered: amount in the tier · rate + flat

Affiliates share: a free tier that is the group's is used up by any of its licences, and what the others were charged
counts towards the group's caps. The prices of the tiers are for licensees who report and pay in time; a tier may state
a standard price for those who do not.

Sources: charge models and vectors as Lago publishes them; T1, T2, T11, T12 of the domain study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from contributions.core import countries
from contributions.core.money import floor
from contributions.core.words import Text
from licensing.core import tariffs
from licensing.core.decimals import exact, percent
from licensing.core.prices import BadTerms, Terms, bad, read
from licensing.core.usage import UsageLine, total

__all__ = [
    "BadTerms",
    "Fee",
    "FeeLine",
    "Others",
    "YearEnd",
    "charges",
    "lost_benefit",
    "rate",
    "read",
    "true_up",
]

GRADUATED = {"standard", "graduated", "graduated_percentage"}


@dataclass(frozen=True, slots=True)
class Others:
    """What the other licences of the licensee's group came to before this report.

    `free`: units that fell under the group's free tier in the reporting period. `in_field` and `in_all`: yen charged
    in the licence year, in this field of use and in every field.
    """

    free: Fraction = Fraction(0)
    in_field: Fraction = Fraction(0)
    in_all: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One step: what was charged, on how many units, at what price."""

    text: Text
    units: Fraction | None
    price: Fraction | None
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Fee:
    """What one report comes to, before tax: Σ lines = exact; `yen` is that rounded down; `free`: units left free."""

    lines: tuple[FeeLine, ...]
    exact: Fraction
    yen: int
    free: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class YearEnd:
    """How long a licence year that ends with a report has run: `days` of the `basis` that a whole one has."""

    days: int
    basis: int


def rate(
    document: Mapping[str, Any],
    usage: Sequence[UsageLine],
    *,
    charged: Fraction = Fraction(0),
    closing: YearEnd | None = None,
    others: Others | None = None,
    compliant: bool = True,
) -> Fee:
    """The fee of one report under the terms. `charged`: what the licence year was charged before, for its cap.

    `closing`: given where the report is its licence year's last; what is missing to the minimum fee becomes a line.
    `others`: what the group's other licences came to, where the terms share. `compliant`: whether the licensee reports
    and pays in time; else the standard prices apply where the tiers state them.

    Regions bear the unit fee in proportion to their units, each at its rate: a region at half the rate pays half of
    its proportion. Flat fees are not reduced.

    Worked example (T1): 0.20 above 100,000 units and 0.10 above 5,000,000 → 6,000,000 units cost 1,080,000.
    """
    terms, others = read(document), others or Others()
    unknown = sorted({line.region for line in usage} - terms.regions.keys()) if terms.regions else []
    if unknown:
        raise bad("regions", "、".join(unknown), "料金表に地域を加えてください。", "Add the region to the schedule.")
    if terms.free_per == "group":
        terms = replace(terms, free_units=max(Fraction(0), terms.free_units - others.free))
    if not compliant:
        terms = replace(terms, tiers=_at_standard(terms))
    units = total(usage)
    lines = charges(terms, units, sum(line.events for line in usage))
    lines += _regional(terms, usage, units, lines)
    lines += _credit(terms, lines)
    lines += _capped(terms, _sum(lines), charged, others)
    amount = _sum(lines)
    if closing is not None and (missing := _shortfall(terms, charged + floor(amount), closing, others)):
        lines.append(missing)
        amount = floor(amount) + missing.amount
    assert amount >= 0, "a fee is never negative"
    return Fee(tuple(lines), amount, floor(amount), min(units, terms.free_units))


def lost_benefit(document: Mapping[str, Any], usage: Sequence[UsageLine]) -> Fraction:
    """What a licensee pays more for not reporting and paying in time: standard − compliant.

    Worked example (T12): 100,000 units at 0.45 standard and 0.35 compliant → 10,000.
    """
    return rate(document, usage, compliant=False).exact - rate(document, usage).exact


def true_up(minimum: Fraction, earned: Fraction, *, days: int = 365, basis: int = 365) -> int:
    """What is due at the year's end to reach the minimum: max(0, ⌊minimum · days / basis⌋ − earned), in whole yen.

    Worked example (T11): minimum 5,000,000, earned 4,500,000 → 500,000. 182 days of a first year: 2,493,150 − earned.
    """
    return max(0, floor(minimum * days / basis) - floor(earned))


def _shortfall(terms: Terms, earned: Fraction, closing: YearEnd, others: Others) -> FeeLine | None:
    missing = true_up(terms.minimum, earned, days=closing.days, basis=closing.basis)
    for _, cap, before in _caps(terms, earned, others)[1:]:
        missing = min(missing, floor(max(Fraction(0), cap - before)))
    if not missing:
        return None
    due = exact(Fraction(floor(terms.minimum * closing.days / closing.basis)))
    name = Text(f"許諾年度の最低利用料 {due} 円に満たない額", f"short of the licence year’s minimum fee of JPY {due}")
    return FeeLine(name, None, None, Fraction(missing))


def _caps(terms: Terms, charged: Fraction, others: Others) -> list[tuple[Text, Fraction, Fraction]]:
    """Each cap with its name and what counts towards it already; the licence's own always first, if open-ended."""
    own = terms.cap if terms.cap is not None else charged + terms.minimum
    found = [(Text("年間上限", "the yearly cap"), own, charged)]
    if terms.category_cap is not None:
        name = Text("この分野における企業集団の年間上限", "the group’s yearly cap in this field")
        found.append((name, terms.category_cap, charged + others.in_field))
    if terms.group_cap is not None:
        name = Text("企業集団の年間上限", "the group’s yearly cap")
        found.append((name, terms.group_cap, charged + others.in_all))
    return found


def _capped(terms: Terms, amount: Fraction, charged: Fraction, others: Others) -> list[FeeLine]:
    """One line for each cap that takes something off, the narrower after the wider of what is left."""
    lines = []
    for name, cap, before in _caps(terms, charged, others)[0 if terms.cap is not None else 1 :]:
        room = max(Fraction(0), cap - before)
        if amount > room:
            text = Text(f"{name.ja} {exact(cap)} 円による減額", f"reduced to {name.en} of JPY {exact(cap)}")
            lines.append(FeeLine(text, None, None, room - amount))
            amount = room
    return lines


def _credit(terms: Terms, lines: list[FeeLine]) -> list[FeeLine]:
    """The credit of a reporting period; what it does not use up is lost. T2: 31,250 less 25,000 → 6,250."""
    taken = min(terms.credit, _sum(lines))
    name = Text("報告期間ごとの控除", "credit of the reporting period")
    return [FeeLine(name, None, None, -taken)] if taken else []


def _at_standard(terms: Terms) -> tuple[tariffs.Tier, ...]:
    pairs = zip(terms.tiers, terms.standards, strict=True)
    return tuple(tier if price is None else replace(tier, price=price) for tier, price in pairs)


def _sum(lines: Sequence[FeeLine]) -> Fraction:
    return sum((line.amount for line in lines), Fraction(0))


def charges(terms: Terms, units: Fraction, events: int) -> list[FeeLine]:
    """The lines of a number of units and events, before regions, credit and caps."""
    chargeable = max(Fraction(0), units - terms.free_units)
    lines = []
    if terms.free_units and units:
        free = min(units, terms.free_units)
        lines.append(FeeLine(Text("無料枠", "free units"), free, Fraction(0), Fraction(0)))
    if terms.mode in GRADUATED:
        lines += _graduated(terms, chargeable)
    elif terms.mode == "volume":
        lines += _volume(terms, chargeable)
    elif terms.mode == "package":
        packages = Fraction(-floor(-chargeable / terms.package_size))
        name = Text(f"包括単位 {exact(terms.package_size)} ごと", f"per package of {exact(terms.package_size)}")
        lines.append(FeeLine(name, packages, terms.tiers[0].price, packages * terms.tiers[0].price))
    else:
        lines += _percentage(terms, chargeable, events)
    return lines


def _graduated(terms: Terms, units: Fraction) -> list[FeeLine]:
    lines = []
    for index, (tier, flat) in enumerate(zip(terms.tiers, terms.flats, strict=True)):
        if index and units <= tier.start:
            break
        held = max(Fraction(0), min(units, tier.until if tier.until is not None else units) - tier.start)
        lines += _tier_lines(terms, tier, flat, held)
    return lines


def _volume(terms: Terms, units: Fraction) -> list[FeeLine]:
    reached = max(index for index, tier in enumerate(terms.tiers) if index == 0 or units > tier.start)
    return _tier_lines(terms, terms.tiers[reached], terms.flats[reached], units)


def _percentage(terms: Terms, amount: Fraction, events: int) -> list[FeeLine]:
    lines = _tier_lines(terms, terms.tiers[0], terms.flats[0], amount)
    if terms.fixed:
        count = Fraction(max(0, events - terms.free_events))
        lines.append(FeeLine(Text("1件ごとの定額", "fixed fee per event"), count, terms.fixed, count * terms.fixed))
    return lines


def _tier_lines(terms: Terms, tier: tariffs.Tier, flat: Fraction, units: Fraction) -> list[FeeLine]:
    printed = tariffs.rows(tariffs.Tariff(terms.unit, terms.mode, terms.tiers, terms.minimum))[terms.tiers.index(tier)]
    name = Text(f"{printed.range.ja}　{printed.price.ja}", f"{printed.range.en}, {printed.price.en}")
    if len(terms.tiers) == 1:
        price = percent(tier.price) if tariffs.is_rate(terms.unit, terms.mode) else exact(tier.price)
        name = Text(f"単価 {price}", f"at {price}")
    lines = [FeeLine(name, units, tier.price, units * tier.price)]
    if flat:
        lines.append(FeeLine(Text(f"{name.ja}（定額部分）", f"{name.en} (flat fee)"), None, None, flat))
    return lines


def _regional(terms: Terms, usage: Sequence[UsageLine], units: Fraction, lines: list[FeeLine]) -> list[FeeLine]:
    """What each region's rate takes off or adds: its proportion of the unit fees · (rate − 1)."""
    unit_fees = sum((line.amount for line in lines if line.units is not None), Fraction(0))
    by_region: dict[str, Fraction] = {}
    for line in usage:
        by_region[line.region] = by_region.get(line.region, Fraction(0)) + line.units
    found = []
    for region, held in sorted(by_region.items()):
        factor = terms.regions.get(region, Fraction(1))
        if factor != 1 and held:
            place = countries.name(region)
            name = Text(f"{place.ja}での利用 {percent(factor)}", f"use in {place.en} at {percent(factor)}")
            found.append(FeeLine(name, held, None, unit_fees * held / units * (factor - 1)))
    return found
