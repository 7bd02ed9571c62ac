"""Price terms as the rating engine takes them: validated once, then worked with as exact numbers.

`read` refuses at the first fault; `examine` names every fault at once, each at its field, for whoever drafts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core import advances, tariffs
from licensing.core.decimals import NotADecimal, decimal, exact

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
        "free_per",
        "category_cap",
        "group_cap",
        "credit",
        "advance",
        "advance_credit",
    }
)
FREE_PER = {
    "licensee": Text("利用者ごと", "each licensee"),
    "group": Text("企業集団ごと", "each group of affiliates"),
}


CAPS = ("cap", "category_cap", "group_cap")
ONE_TIER = frozenset({"standard", "package", "percentage"})
ONLY_IN = {
    "package_size": frozenset({"package"}),
    "fixed": frozenset({"percentage"}),
    "free_events": frozenset({"percentage"}),
}


class BadTerms(Refused):
    code = "bad-terms"
    ja = "料金条件の「{field}」が正しくありません（{value}）。{mend}"
    en = "The price terms’ “{field}” is not right ({value}). {mend}"


@dataclass(frozen=True, slots=True)
class Terms:
    """Validated price terms. Money is yen before tax; `minimum` and the caps are per licence year.

    `cap` bounds one licence, `category_cap` what a group of affiliates pays in the field of use, `group_cap` what it
    pays in all. `standards` are the tiers' prices for whoever does not report and pay in time. `credit` is taken off
    each report, without carry-over. `advance` is paid at the start; `advance_credit` says what becomes of it, as
    `advances` has it.
    """

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
    free_per: str = "licensee"
    category_cap: Fraction | None = None
    group_cap: Fraction | None = None
    standards: tuple[Fraction | None, ...] = ()
    credit: Fraction = Fraction(0)
    advance: Fraction = Fraction(0)
    advance_credit: str = advances.CARRIED

    @property
    def is_shared(self) -> bool:
        """Whether what the group's other licences used or were charged bears on the fee."""
        return self.free_per == "group" or self.category_cap is not None or self.group_cap is not None


def read(document: Mapping[str, Any]) -> Terms:
    """Validate price terms: known fields only, tiers from 0 without a gap, nothing negative, minimum within cap."""
    unknown = set(document) - KNOWN
    if unknown:
        raise bad("terms", "、".join(sorted(unknown)), "知られていない項目です。", "Such a field is not known.")
    if document.get("currency", "JPY") != "JPY":
        raise bad("currency", document["currency"], "JPY にしてください。", "It must be JPY.")
    tariff = tariffs.tariff(document)
    flats = tuple(_amount(row, "flat") for row in _rows(document))
    caps = {name: _amount(document, name) if document.get(name) is not None else None for name in CAPS}
    size = _amount(document, "package_size", "1")
    if size == 0:
        raise bad("package_size", size, "0 より大きくしてください。", "It must be positive.")
    for name, cap in caps.items():
        if cap is not None and cap < tariff.minimum:
            raise bad(name, exact(cap), "最低額以上にしてください。", "It must not be below the minimum.")
    if len(tariff.tiers) > 1 and tariff.mode in ONE_TIER:
        raise bad("tiers", len(tariff.tiers), "この方式では一段にしてください。", "This mode has one tier.")
    if (free_per := document.get("free_per", "licensee")) not in FREE_PER:
        raise bad("free_per", free_per, "licensee か group にしてください。", "Use licensee or group.")
    for name, modes in ONLY_IN.items():
        if document.get(name) not in (None, "0", 0, "1") and tariff.mode not in modes:
            raise bad(name, document[name], "この方式では効果がありません。", "It has no effect in this mode.")
    return Terms(
        unit=tariff.unit,
        mode=tariff.mode,
        tiers=tariff.tiers,
        flats=flats,
        free_units=_amount(document, "free_units"),
        regions=_regions(document),
        minimum=tariff.minimum,
        package_size=size,
        fixed=_amount(document, "fixed"),
        free_events=_events(document),
        free_per=free_per,
        standards=tuple(
            _amount(row, "standard") if row.get("standard") is not None else None for row in _rows(document)
        ),
        credit=_amount(document, "credit"),
        advance=_whole(document, "advance"),
        advance_credit=_advance_credit(document),
        **caps,
    )


def beside_tiers(terms: Terms) -> tuple[Fraction | None, ...]:
    """What bears on a fee beside the tiers, as the rating engine holds it, in the order in which contracts print it.

    What has no effect is left out, as in the print; `None` stands where words are printed and no figure.

    >>> tiers = [{"from": "0", "until": None, "price": "9", "standard": "12"}]
    >>> beside_tiers(read({"unit": "robot", "mode": "standard", "tiers": tiers, "regions": {"TH": "1/2"}}))
    (Fraction(12, 1), Fraction(1, 2))
    """
    found: list[Fraction | None] = [flat for flat in terms.flats if flat]
    found += [price for price in terms.standards if price is not None]
    found += [value for value in (terms.free_units,) if value]
    found += [value for value in (terms.package_size,) if value != 1]
    found += [value for value in (terms.fixed, Fraction(terms.free_events), terms.credit) if value]
    found += [cap for cap in (terms.cap, terms.category_cap, terms.group_cap) if cap is not None]
    found += [terms.advance] if terms.advance else []
    found += [None] if terms.free_per == "group" and terms.free_units else []
    return (*found, *(share for _region, share in sorted(terms.regions.items())))


def examine(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Every fault of the terms, each at its field: `cap`, `tiers.2.price`, `regions.TH`. Empty where `read` accepts.

    >>> tiers = [{"from": "0", "until": None, "price": "-1"}]
    >>> [found.field for found in examine({"unit": "ship", "mode": "volume", "tiers": tiers, "cap": "x"})]
    ['unit', 'tiers.1.price', 'cap']
    """
    found = [finding for finding in _faults(document) if finding is not None]
    if not found:
        try:
            read(document)
        except BadTerms as refusal:
            field, mend = str(refusal.facts["field"]), refusal.facts["mend"]
            assert isinstance(mend, Text)
            found.append(_fault(field, refusal.facts["value"], mend.ja, mend.en))
        except Refused as refusal:
            field = str(refusal.facts.get("field", "tiers"))
            found.append(Finding(None, field, refusal.code, refusal.text("ja"), refusal.text("en")))
    return tuple(found)


def unfit(document: Mapping[str, Any]) -> tuple[Finding, ...]:
    """What the engine could rate and no contract may say: each at its field. Asked of terms that `examine` passes.

    A percentage is of sales, and not above the whole of them; the standard price, for whoever is late, is not the lower
    one; and every figure can be printed, since a contract is read and not only reckoned by.

    >>> tiers = [{"from": "0", "until": None, "price": "1/3", "standard": "1/4"}]
    >>> [found.field for found in unfit({"unit": "robot", "mode": "standard", "tiers": tiers})]
    ['tiers.1.price', 'tiers.1.standard']
    """
    terms = read(document)
    is_rate = tariffs.is_rate(terms.unit, terms.mode)
    found = []
    if terms.mode in tariffs.PERCENTAGES and terms.unit != tariffs.SALES:
        ja = "料率は、単位が「円」（売上）の料金表に限り定められます。"
        found.append(_fault("mode", None, ja, "A percentage is of sales: count yen."))
    rows = zip(terms.tiers, terms.flats, terms.standards, _rows(document), strict=True)
    for index, (tier, flat, standard, row) in enumerate(rows, 1):
        printed = [("until", tier.until), ("flat", flat)]
        printed += [] if is_rate else [("price", tier.price), ("standard", standard)]
        found += [
            _fault(f"tiers.{index}.{name}", row[name], *_NOT_PRINTED) for name, value in printed if _endless(value)
        ]
        if is_rate and tier.price > 1:
            found.append(
                _fault(f"tiers.{index}.price", row["price"], "100％以下にしてください。", "Use 100 % or less.")
            )
        if standard is not None and standard < tier.price:
            ja, en = "段階の単価以上にしてください。", "It must not be below the price of the tier."
            found.append(_fault(f"tiers.{index}.standard", row["standard"], ja, en))
    beside = {
        name: getattr(terms, name) for name in ("free_units", "package_size", "fixed", "minimum", *CAPS, "credit")
    }
    found += [_fault(name, document[name], *_NOT_PRINTED) for name, value in beside.items() if _endless(value)]
    return tuple(found)


def _endless(value: Fraction | None) -> bool:
    return value is not None and tariffs.decimal(value) is None


_NOT_PRINTED = (
    "契約書に印刷できるよう、小数で書いてください（例：0.33）。",
    "Write it in decimals, as a contract prints it: 0.33.",
)


def _faults(document: Mapping[str, Any]) -> Iterator[Finding | None]:
    if document.get("unit") not in tariffs.UNITS:
        yield _fault("unit", document.get("unit"), "一覧から選んでください。", "Choose one of the list.")
    if document.get("mode") not in tariffs.MODES:
        yield _fault("mode", document.get("mode"), "一覧から選んでください。", "Choose one of the list.")
    yield from _tier_faults(document.get("tiers"))
    for field in ("free_units", "package_size", "fixed", "minimum", *CAPS, "credit", "advance"):
        if document.get(field) is not None and (field, document[field]) != ("minimum", ""):
            yield _not_a_number(field, document[field])
    regions = document.get("regions") or {}
    for region in regions if isinstance(regions, Mapping) else ():
        yield _not_a_number(f"regions.{region}", regions[region])


def _tier_faults(rows: object) -> Iterator[Finding | None]:
    if not isinstance(rows, list) or not rows:
        yield _fault("tiers", "", "段階を一つ以上入力してください。", "Enter at least one tier.")
        return
    start = Fraction(0)
    for index, row in enumerate(rows, 1):
        for name in ("price", "flat", "standard"):
            if row.get(name) is not None or name == "price":
                yield _not_a_number(f"tiers.{index}.{name}", row.get(name))
        if index == len(rows):
            break
        fault = _not_a_number(f"tiers.{index}.until", row.get("until"))
        yield fault
        if fault is None:
            until = decimal(row["until"])
            if until <= start:
                ja = "直前の段階の上限より大きくしてください。"
                yield _fault(f"tiers.{index}.until", row["until"], ja, "It must lie above the end of the tier before.")
            start = max(start, until)


def _not_a_number(field: str, value: object) -> Finding | None:
    try:
        negative = decimal(value) < 0
    except NotADecimal:
        return _fault(
            field, value, "数を入力してください（例：0.05、12000）。", "Enter a number such as 0.05 or 12000."
        )
    return _fault(field, value, "0 以上にしてください。", "It must not be negative.") if negative else None


def _fault(field: str, value: object, ja: str, en: str) -> Finding:
    shown = "" if value is None else str(value)[:40]
    if not shown:
        return Finding(None, field, "bad-terms", ja, en)
    return Finding(None, field, "bad-terms", "「{value}」：" + ja, "“{value}”: " + en, {"value": shown})


def _regions(document: Mapping[str, Any]) -> dict[str, Fraction]:
    rows = document.get("regions") or {}
    if not isinstance(rows, Mapping):
        raise bad("regions", rows, "地域ごとの料率の表にしてください。", "Give a rate for each region.")
    return {str(region): _amount(rows, region) for region in rows}


def _rows(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    rows = document["tiers"]
    assert isinstance(rows, Sequence), "the tariff has been read"
    return rows


def _events(document: Mapping[str, Any]) -> int:
    value = document.get("free_events", 0)
    if type(value) is not int or value < 0:
        raise bad("free_events", value, "0 以上の整数にしてください。", "It must be a whole number, 0 or more.")
    return value


def _advance_credit(document: Mapping[str, Any]) -> str:
    kind = document.get("advance_credit", advances.CARRIED)
    if kind not in advances.KINDS:
        raise bad("advance_credit", kind, "一覧から選んでください。", "Choose one of the list.")
    if "advance_credit" in document and not _amount(document, "advance"):
        raise bad(
            "advance_credit", kind, "前払金の額がないと効果がありません。", "Without an advance it has no effect."
        )
    return str(kind)


def _whole(row: Mapping[str, Any], field: str) -> Fraction:
    """An amount that is invoiced as it stands, and so has no part of a yen."""
    value = _amount(row, field)
    if value.denominator != 1:
        raise bad(field, exact(value), "1円単位にしてください。", "It must be whole yen.")
    return value


def _amount(row: Mapping[str, Any], field: str, default: str = "0") -> Fraction:
    value = decimal(row.get(field, default))
    if value < 0:
        raise bad(field, exact(value), "0 以上にしてください。", "It must not be negative.")
    return value


def bad(field: str, value: object, ja: str, en: str) -> BadTerms:
    """The refusal of one field, with what was given and how to mend it."""
    return BadTerms(field=field, value=str(value)[:80], mend=Text(ja, en))
