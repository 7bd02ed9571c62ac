"""How a schedule's price terms read in a contract: the tiers as 別紙1 prints them, in both languages.

The terms are the JSON the rating engine rates by: `{"unit", "mode", "minimum", "tiers": [{"from", "until", "price"}]}`.
Quantities and prices are decimal strings or "n/d"; `until` of the last tier is null; ranges are half-open over the
quantity, which a lawyer writes as 500台を超え2,000台まで: the two figures of the JSON, no off-by-one to argue about.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from contributions.core import countries
from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import advances


@dataclass(frozen=True, slots=True)
class UnitWords:
    """How a unit is counted: Japanese counter, English singular and plural."""

    ja: str
    one: str
    many: str


UNITS = {
    "vehicle": UnitWords("台", "vehicle", "vehicles"),
    "robot": UnitWords("台", "robot", "robots"),
    "cell": UnitWords("セル", "cell", "cells"),
    "device": UnitWords("台", "device", "devices"),
    "gpu_hour": UnitWords("GPU時間", "GPU-hour", "GPU-hours"),
    "call": UnitWords("回", "call", "calls"),
    "JPY": UnitWords("円", "yen", "yen"),
}
MODES = {
    "standard": Text("定額単価", "flat unit price"),
    "graduated": Text("段階別", "graduated"),
    "volume": Text("全量一括", "volume: one price for all units"),
    "package": Text("包括", "package"),
    "percentage": Text("料率", "percentage"),
    "graduated_percentage": Text("段階別料率", "graduated percentage"),
}
PERCENTAGES = {"percentage", "graduated_percentage"}
SALES = "JPY"


class TariffRefused(Refused):
    code = "tariff-refused"
    ja = "料金条件が読めません。{reason}"
    en = "The price terms cannot be read. {reason}"


@dataclass(frozen=True, slots=True)
class Tier:
    """Units from `start` up to `until` at `price` each (yen, or a part of the base for percentages)."""

    start: Fraction
    until: Fraction | None
    price: Fraction


@dataclass(frozen=True, slots=True)
class Tariff:
    """A schedule's price terms, in numbers."""

    unit: str
    mode: str
    tiers: tuple[Tier, ...]
    minimum: Fraction
    package: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class TierRow:
    """A tier as 別紙1 prints it."""

    range: Text
    price: Text


def tariff(document: object) -> Tariff:
    """Read terms; tiers must begin at 0, join without gap, and end open."""
    if not isinstance(document, Mapping):
        raise TariffRefused(reason=_SHAPE)
    unit, mode = str(document.get("unit")), str(document.get("mode"))
    if unit not in UNITS or mode not in MODES:
        raise TariffRefused(
            reason=Text(
                f"単位「{unit}」または方式「{mode}」が未知です。", f"Unit “{unit}” or mode “{mode}” is unknown."
            )
        )
    rows = document.get("tiers")
    if not isinstance(rows, list) or not rows:
        raise TariffRefused(reason=_SHAPE)
    tiers = tuple(_tier(row) for row in rows)
    ends = [tier.until for tier in tiers[:-1]]
    if tiers[0].start != 0 or tiers[-1].until is not None or ends != [tier.start for tier in tiers[1:]]:
        raise TariffRefused(reason=_GAP)
    package = _number(document.get("package_size") or "1")
    return Tariff(unit, mode, tiers, _number(document.get("minimum") or "0"), package)


def is_rate(unit: str, mode: str) -> bool:
    """Whether a tier's price is a part of what is counted: of sales, unless they are counted in packages.

    >>> is_rate("JPY", "volume"), is_rate("robot", "volume"), is_rate("JPY", "package")
    (True, False, False)
    """
    return mode in PERCENTAGES or (unit == SALES and mode != "package")


def rows(terms: Tariff) -> tuple[TierRow, ...]:
    """The table of 別紙1.

    >>> tiers = [{"from": "0", "until": "500", "price": "12000"}, {"from": "500", "until": None, "price": "9000"}]
    >>> rows(tariff({"unit": "robot", "mode": "graduated", "tiers": tiers, "minimum": "0"}))[1]
    TierRow(range=Text(ja='500台を超える部分', en='over 500 robots'), price=Text(ja='9,000円', en='JPY 9,000'))
    """
    return tuple(TierRow(_range(terms, tier), _price(terms, tier)) for tier in terms.tiers)


def summary(terms: Tariff) -> Text:
    """The tiers in one line, for the key terms in front of the contract.

    >>> tiers = [{"from": "0", "until": None, "price": "8000"}]
    >>> summary(tariff({"unit": "gpu_hour", "mode": "package", "package_size": "100", "tiers": tiers})).en
    'per 1 package of 100 GPU-hours: JPY 8,000 (package, before tax)'
    """
    each = UNITS[terms.unit]
    lines = rows(terms)
    ja = "、".join(f"{row.range.ja} {row.price.ja}" for row in lines)
    en = "; ".join(f"{row.range.en}: {row.price.en}" for row in lines)
    mode = MODES[terms.mode]
    if terms.mode == "package":
        size, price = _quantity(terms, terms.package), lines[0].price
        return Text(
            f"1組（{size.ja}）につき {price.ja}（{mode.ja}・税抜）",
            f"per 1 package of {size.en}: {price.en} ({mode.en}, before tax)",
        )
    if is_rate(terms.unit, terms.mode):
        return Text(f"{ja}（{mode.ja}・税抜）", f"{en} ({mode.en}, before tax)")
    return Text(f"1{each.ja}につき {ja}（{mode.ja}・税抜）", f"per 1 {each.one}: {en} ({mode.en}, before tax)")


def conditions(document: Mapping[str, object]) -> tuple[TierRow, ...]:
    """What else bears on the fee, printed below the tiers: flat fees, standard prices, free units, regions, caps …

    A term that is absent or has no effect is not printed; one that has an effect always is.
    """
    terms = tariff(document)
    found = [
        TierRow(Text(f"第{n}段階の定額", f"Flat fee of tier {n}"), _price_of(flat))
        for n, flat in enumerate(_flats(document), 1)
        if flat
    ]
    for n, row in enumerate(_tier_rows(document), 1):
        if row.get("standard") is not None:
            price = _number(row["standard"])
            label = Text(
                f"第{n}段階の標準単価（報告又は支払を遅滞した場合）",
                f"Standard price of tier {n} (late report or payment)",
            )
            found.append(TierRow(label, percent(price) if is_rate(terms.unit, terms.mode) else _price_of(price)))
    for name, neutral, label in _CONDITIONS:
        value = _number(document[name]) if document.get(name) is not None else None
        if value is not None and value != neutral:
            found.append(TierRow(label, _price_of(value) if name in _IN_YEN else _quantity(terms, value)))
    if advance := _number(document.get("advance") or "0"):
        if (kind := document.get("advance_credit", advances.CARRIED)) not in advances.PRINTED:
            raise TariffRefused(reason=_SHAPE)
        found.append(TierRow(advances.PRINTED[str(kind)], _price_of(advance)))
    if document.get("free_per") == "group" and _number(document.get("free_units") or "0"):
        found.append(TierRow(_FREE_TIER, _PER_GROUP))
    regions = document.get("regions") or {}
    assert isinstance(regions, Mapping)
    for code, share in sorted(regions.items()):
        place = countries.name(str(code))
        label = Text(f"{place.ja}での利用に適用する割合", f"Part charged for use in {place.en}")
        found.append(TierRow(label, percent(_number(share))))
    return tuple(found)


def read_row(terms: Tariff, row: TierRow, language: str) -> tuple[Fraction, Fraction | None, Fraction | None]:
    """The three figures of a printed tier, taken from the print alone: from, until, price."""
    text, price = (row.range.of(language), row.price.of(language))
    first, last = _bounds(text, language)
    amount = read_percent(price) if is_rate(terms.unit, terms.mode) else _read_yen(price, language)
    return first or Fraction(0), last, amount


def read_condition(row: TierRow, language: str) -> Fraction | None:
    """The figure of a printed term beside the tiers, taken from the print alone; `None` where it holds none.

    >>> read_condition(TierRow(Text("年間上限", "Cap"), Text("3,500,000円", "JPY 3,500,000")), "en")
    Fraction(3500000, 1)
    """
    text = row.price.of(language)
    for figure in (read_percent(text), _read_yen(text, language)):
        if figure is not None:
            return figure
    match = re.match(r"[0-9,]+(?:\.[0-9]+)?", text)
    return Fraction(match[0].replace(",", "")) if match else None


def percent(value: Fraction) -> Text:
    """A rate as a percentage; one that has no finite decimals, as a fraction.

    >>> percent(Fraction(73, 500))
    Text(ja='14.6%', en='14.6%')
    """
    decimals = decimal(value * 100)
    if decimals is not None:
        return Text(f"{decimals}%", f"{decimals}%")
    return Text(f"{value.denominator}分の{value.numerator}", f"{value.numerator}/{value.denominator}")


def read_percent(text: str) -> Fraction | None:
    """The rate a reader takes from print: 14.6%, 3分の1 or 1/3."""
    if match := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", text):
        return Fraction(match[1]) / 100
    if match := re.fullmatch(r"([0-9]+)分の([0-9]+)", text):
        return Fraction(int(match[2]), int(match[1]))
    match = re.fullmatch(r"([0-9]+)/([0-9]+)", text)
    return Fraction(int(match[1]), int(match[2])) if match else None


def decimal(value: Fraction) -> str | None:
    """The finite decimal of a fraction, with thousands marked; `None` if it has none.

    >>> decimal(Fraction(2500, 2)), decimal(Fraction(1, 8)), decimal(Fraction(1, 3))
    ('1,250', '0.125', None)
    """
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = abs(value.numerator) * 10**places // value.denominator
    sign = "-" if value < 0 else ""
    whole, part = divmod(digits, 10**places)
    return f"{sign}{whole:,}.{part:0{places}d}" if places else f"{sign}{whole:,}"


def _tier_rows(document: Mapping[str, object]) -> list[Mapping[str, object]]:
    tiers = document["tiers"]
    assert isinstance(tiers, list)
    return tiers


def _flats(document: Mapping[str, object]) -> list[Fraction]:
    return [_number(row.get("flat") or "0") for row in _tier_rows(document)]


def _price_of(value: Fraction) -> Text:
    return Text(f"{_figure(value)}円", f"JPY {_figure(value)}")


def _quantity(terms: Tariff, value: Fraction) -> Text:
    words = UNITS[terms.unit]
    return Text(f"{_figure(value)}{words.ja}", f"{_figure(value)} {words.one if value == 1 else words.many}")


def _tier(row: object) -> Tier:
    if not isinstance(row, Mapping):
        raise TariffRefused(reason=_SHAPE)
    until = row.get("until")
    return Tier(_number(row.get("from")), None if until is None else _number(until), _number(row.get("price")))


def _number(value: object) -> Fraction:
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+|/[1-9][0-9]*)?", value):
        raise TariffRefused(reason=Text(f"数「{value}」が読めません。", f"“{value}” is not a number."))
    return Fraction(value)


def _range(terms: Tariff, tier: Tier) -> Text:
    words = UNITS[terms.unit]
    start, until = _figure(tier.start), _figure(tier.until) if tier.until is not None else None
    if until is None:
        if not tier.start:
            return _ALL
        # where all units bear the price of the tier reached, it is no price of the part beyond
        part = "を超える場合" if terms.mode == "volume" else "を超える部分"
        return Text(f"{start}{words.ja}{part}", f"over {start} {words.many}")
    if not tier.start:
        return Text(f"{until}{words.ja}まで", f"up to {until} {words.many}")
    return Text(f"{start}{words.ja}を超え{until}{words.ja}まで", f"over {start} up to {until} {words.many}")


def _price(terms: Tariff, tier: Tier) -> Text:
    if is_rate(terms.unit, terms.mode):
        return percent(tier.price)
    figure = _figure(tier.price)
    return Text(f"{figure}円", f"JPY {figure}")


def _figure(value: Fraction) -> str:
    text = decimal(value)
    if text is None:
        raise TariffRefused(
            reason=Text(f"「{value}」は小数で印刷できません。", f"“{value}” cannot be printed in decimals.")
        )
    return text


def _bounds(text: str, language: str) -> tuple[Fraction | None, Fraction | None]:
    number = r"([0-9,]+(?:\.[0-9]+)?)"
    over = re.search(number + r"\D*?を超え" if language == "ja" else r"over " + number, text)
    upto = re.search(number + r"\D*?まで" if language == "ja" else r"up to " + number, text)
    first, last = (Fraction(match[1].replace(",", "")) if match else None for match in (over, upto))
    return first, last


def _read_yen(text: str, language: str) -> Fraction | None:
    match = re.fullmatch(r"([0-9,]+(?:\.[0-9]+)?)円" if language == "ja" else r"JPY ([0-9,]+(?:\.[0-9]+)?)", text)
    return Fraction(match[1].replace(",", "")) if match else None


_FREE_UNITS = Text(
    "無償の数量（報告期間ごと。段階の数量に算入しない）",
    "Free quantity in each Reporting Period, not counted in the tiers",
)
_IN_YEN = {"fixed", "cap", "category_cap", "group_cap", "credit"}
_CONDITIONS = (
    ("free_units", 0, _FREE_UNITS),
    ("package_size", 1, Text("一組の数量", "Quantity in a package")),
    ("fixed", 0, Text("取引1件ごとの定額", "Fixed fee for each 1 event")),
    ("free_events", 0, Text("定額を課さない件数", "Events free of the fixed fee")),
    ("credit", 0, Text("報告期間ごとの控除額（繰越しなし）", "Credit in each Reporting Period, not carried over")),
    ("cap", None, Text("許諾年度ごとの上限額", "Cap for each Licence Year")),
    (
        "category_cap",
        None,
        Text(
            "この利用分野における利用者の企業集団の、許諾年度ごとの上限額",
            "Cap for each Licence Year on the Licensee’s group of affiliates in this field of use",
        ),
    ),
    (
        "group_cap",
        None,
        Text(
            "利用者の企業集団の全利用分野を通じた、許諾年度ごとの上限額",
            "Cap for each Licence Year on the Licensee’s group of affiliates in all fields of use",
        ),
    ),
)
_FREE_TIER = Text("無償の数量の適用単位", "The free quantity applies to")
_PER_GROUP = Text("利用者の企業集団ごと", "each group of affiliates of the Licensee")
_ALL = Text("全数量", "all units")
_SHAPE = Text("形が正しくありません。", "Its shape is wrong.")
_GAP = Text("段階が0から途切れなく続いていません。", "The tiers do not run from 0 without a gap.")
