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

Sources: charge models and vectors as Lago publishes them; T1, T11 of the domain study.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding, Refused
from contributions.core.money import floor
from contributions.core.words import Text
from licensing.core import tariffs
from licensing.core.decimals import decimal, exact, percent
from licensing.core.usage import UsageLine, total

GRADUATED = {"standard", "graduated", "graduated_percentage"}
KNOWN = frozenset(
    {
        "v",
        "unit",
        "mode",
        "tiers",
        "minimum",
        "cap",
        "free_units",
        "regions",
        "package_size",
        "fixed",
        "free_events",
        "currency",
        "metric",
    }
)


class BadTerms(Refused):
    code = "bad-terms"
    ja = "料金条件の「{field}」が正しくありません（{value}）。{mend}"
    en = "The price terms’ “{field}” is not right ({value}). {mend}"


@dataclass(frozen=True, slots=True)
class Terms:
    """Validated price terms. Money is yen before tax; `minimum` and `cap` are per contract year."""

    unit: str
    mode: str
    tiers: tuple[tariffs.Tier, ...]
    flats: tuple[Fraction, ...]
    free_units: Fraction
    regions: Mapping[str, Fraction]
    minimum: Fraction
    cap: Fraction | None
    package_size: Fraction
    fixed: Fraction
    free_events: int


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One step: what was charged, on how many units, at what price."""

    text: Text
    units: Fraction | None
    price: Fraction | None
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Fee:
    """What one report comes to, before tax: Σ lines = exact; `yen` is that rounded down."""

    lines: tuple[FeeLine, ...]
    exact: Fraction
    yen: int


@dataclass(frozen=True, slots=True)
class YearEnd:
    """How long a licence year that ends with a report has run: `days` of the `basis` that a whole one has."""

    days: int
    basis: int


@dataclass(frozen=True, slots=True)
class Point:
    """A fee at a number of units; `cliff` where the next unit would lower the fee."""

    units: Fraction
    fee: Fraction
    cliff: bool


def read(document: Mapping[str, Any]) -> Terms:
    """Validate price terms: known fields only, tiers from 0 without a gap, nothing negative, minimum within cap."""
    unknown = set(document) - KNOWN
    if unknown:
        raise _bad("terms", "、".join(sorted(unknown)), "知られていない項目です。", "Such a field is not known.")
    if document.get("currency", "JPY") != "JPY":
        raise _bad("currency", document["currency"], "JPY にしてください。", "It must be JPY.")
    tariff = tariffs.tariff(document)
    flats = tuple(_amount(row, "flat") for row in document["tiers"])
    cap = _amount(document, "cap") if document.get("cap") is not None else None
    size = _amount(document, "package_size", "1")
    if size == 0:
        raise _bad("package_size", size, "0 より大きくしてください。", "It must be positive.")
    if cap is not None and cap < tariff.minimum:
        raise _bad("cap", exact(cap), "最低額以上にしてください。", "It must not be below the minimum.")
    if len(tariff.tiers) > 1 and tariff.mode in {"standard", "package", "percentage"}:
        raise _bad("tiers", len(tariff.tiers), "この方式では一段にしてください。", "This mode has one tier.")
    return Terms(
        unit=tariff.unit,
        mode=tariff.mode,
        tiers=tariff.tiers,
        flats=flats,
        free_units=_amount(document, "free_units"),
        regions=_regions(document),
        minimum=tariff.minimum,
        cap=cap,
        package_size=size,
        fixed=_amount(document, "fixed"),
        free_events=_events(document),
    )


def rate(
    document: Mapping[str, Any],
    usage: Sequence[UsageLine],
    *,
    charged: Fraction = Fraction(0),
    closing: YearEnd | None = None,
) -> Fee:
    """The fee of one report under the terms. `charged`: what the licence year was charged before, for its cap.

    `closing`: given where the report is its licence year's last; what is missing to the minimum fee becomes a line.

    Regions bear the unit fee in proportion to their units, each at its rate: a region at half the rate pays half of
    its proportion. Flat fees are not reduced.

    Worked example (T1): 0.20 above 100,000 units and 0.10 above 5,000,000 → 6,000,000 units cost 1,080,000.
    """
    terms = read(document)
    unknown = sorted({line.region for line in usage} - terms.regions.keys()) if terms.regions else []
    if unknown:
        raise _bad("regions", "、".join(unknown), "料金表に地域を加えてください。", "Add the region to the schedule.")
    units = total(usage)
    lines = _charges(terms, units, sum(line.events for line in usage))
    lines += _regional(terms, usage, units, lines)
    before_cap = sum((line.amount for line in lines), Fraction(0))
    room = max(Fraction(0), terms.cap - charged) if terms.cap is not None else before_cap
    if before_cap > room and terms.cap is not None:
        cap = Text(f"年間上限 {exact(terms.cap)} 円による減額", f"reduced to the yearly cap of JPY {exact(terms.cap)}")
        lines.append(FeeLine(cap, None, None, room - before_cap))
    amount = sum((line.amount for line in lines), Fraction(0))
    if closing is not None and (missing := _shortfall(terms, charged + floor(amount), closing)):
        lines.append(missing)
        amount = floor(amount) + missing.amount
    assert amount >= 0, "a fee is never negative"
    return Fee(tuple(lines), amount, floor(amount))


def true_up(minimum: Fraction, earned: Fraction, *, days: int = 365, basis: int = 365) -> int:
    """What is due at the year's end to reach the minimum: max(0, ⌊minimum · days / basis⌋ − earned), in whole yen.

    Worked example (T11): minimum 5,000,000, earned 4,500,000 → 500,000. 182 days of a first year: 2,493,150 − earned.
    """
    return max(0, floor(minimum * days / basis) - floor(earned))


def _shortfall(terms: Terms, earned: Fraction, closing: YearEnd) -> FeeLine | None:
    missing = true_up(terms.minimum, earned, days=closing.days, basis=closing.basis)
    if not missing:
        return None
    due = exact(Fraction(floor(terms.minimum * closing.days / closing.basis)))
    name = Text(f"許諾年度の最低利用料 {due} 円に満たない額", f"short of the licence year’s minimum fee of JPY {due}")
    return FeeLine(name, None, None, Fraction(missing))


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
    return sum((line.amount for line in _charges(terms, units, 0)), Fraction(0))


def _fee_past(terms: Terms, edge: Fraction) -> Fraction:
    """What the fee tends to just past an edge: the next tier is entered, with its flat fee."""
    inside = edge - terms.free_units
    for tier, flat in zip(terms.tiers[1:], terms.flats[1:], strict=True):
        if tier.start == inside:
            return inside * tier.price + flat if terms.mode == "volume" else _fee(terms, edge) + flat
    return _fee(terms, edge)


def _charges(terms: Terms, units: Fraction, events: int) -> list[FeeLine]:
    """The lines before regions and cap."""
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
        price = percent(tier.price) if terms.mode in tariffs.PERCENTAGES else exact(tier.price)
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
            name = Text(f"地域 {region} の料率 {percent(factor)}", f"region {region} at {percent(factor)}")
            found.append(FeeLine(name, held, None, unit_fees * held / units * (factor - 1)))
    return found


def _regions(document: Mapping[str, Any]) -> dict[str, Fraction]:
    rows = document.get("regions") or {}
    if not isinstance(rows, Mapping):
        raise _bad("regions", rows, "地域ごとの料率の表にしてください。", "Give a rate for each region.")
    return {str(region): _amount(rows, region) for region in rows}


def _events(document: Mapping[str, Any]) -> int:
    value = document.get("free_events", 0)
    if type(value) is not int or value < 0:
        raise _bad("free_events", value, "0 以上の整数にしてください。", "It must be a whole number, 0 or more.")
    return value


def _amount(row: Mapping[str, Any], field: str, default: str = "0") -> Fraction:
    value = decimal(row.get(field, default))
    if value < 0:
        raise _bad(field, exact(value), "0 以上にしてください。", "It must not be negative.")
    return value


def _bad(field: str, value: object, ja: str, en: str) -> BadTerms:
    return BadTerms(field=field, value=str(value)[:80], mend=Text(ja, en))
