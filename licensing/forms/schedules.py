"""A price list as it is typed: every field a text, tiers and regions in rows; turned into terms for the core."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contributions.core.errors import Finding
from contributions.core.words import Text
from contributions.forms.fields import plain, read_date
from licensing.core.advances import CARRIED
from licensing.core.tariffs import is_rate

WORDS = ("number", "name_ja", "name_en", "field_of_use", "licensee_class")
CHOICES = ("unit", "mode", "free_per", "advance_credit")
AMOUNTS = (
    "free_units", "minimum", "cap", "category_cap", "group_cap", "package_size", "fixed", "free_events", "credit",
    "advance",
)  # fmt: skip
DAYS = ("valid_from", "valid_until")
TIER, REGION = ("until", "price", "flat", "standard"), ("region", "rate")
TIERS_MAX, REGIONS_MAX = 20, 40
NUMBER = re.compile(r"[A-Z][A-Z0-9-]{1,18}")


def typed(data) -> dict[str, Any]:
    """What was sent, kept as it is; rows that are empty altogether fall out."""
    found: dict[str, Any] = {
        name: str(data.get(name, "")).strip()[:200] for name in (*WORDS, *CHOICES, *AMOUNTS, *DAYS)
    }
    found["number"] = unicodedata.normalize("NFKC", found["number"]).upper()
    found["tiers"] = _rows(data, "tier", TIER, TIERS_MAX)
    found["regions"] = _rows(data, "region", REGION, REGIONS_MAX)
    return found


def _rows(data, prefix: str, names: tuple[str, ...], most: int) -> list[dict[str, str]]:
    rows = [
        {name: str(data.get(f"{prefix}-{index}-{name}", "")).strip()[:60] for name in names}
        for index in range(1, most + 1)
    ]
    return [row for row in rows if any(row.values())]


def terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """The terms' document that the texts make; what is no number stays as typed, for the core to name."""
    rated = is_rate(given["unit"], given["mode"])
    document: dict[str, Any] = {"unit": given["unit"], "mode": given["mode"], "tiers": []}
    start = "0"
    for index, row in enumerate(given["tiers"], 1):
        last = index == len(given["tiers"])
        until = None if last else _number(row["until"])
        tier: dict[str, Any] = {
            "from": start,
            "until": until,
            "price": _rate(row["price"]) if rated else _number(row["price"]),
        }
        if row["flat"]:
            tier["flat"] = _number(row["flat"])
        if row["standard"]:
            tier["standard"] = _rate(row["standard"]) if rated else _number(row["standard"])
        document["tiers"].append(tier)
        start = until or start
    for name in AMOUNTS:
        if given[name]:
            document[name] = _number(given[name])
    document.setdefault("minimum", "0")
    if document.get("free_events", "").isdecimal():
        document["free_events"] = int(document["free_events"])
    if given["free_per"] not in ("", "licensee"):
        document["free_per"] = given["free_per"]
    if given.get("advance_credit") and (given["advance"] or given["advance_credit"] != CARRIED):
        document["advance_credit"] = given["advance_credit"]
    if given["regions"]:
        document["regions"] = {row["region"]: _rate(row["rate"] or "1") for row in given["regions"]}
    return document


def faults(given: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the list's own words and days, beside its terms."""
    found = [] if NUMBER.fullmatch(given["number"]) else [_fault("number", _NUMBER)]
    found += [_fault(name, _BOTH) for name in ("name_ja", "name_en") if not given[name]]
    if read_date(given["valid_from"]) is None:
        found.append(_fault("valid_from", _START))
    if given["valid_until"] and read_date(given["valid_until"]) is None:
        found.append(_fault("valid_until", _DAY))
    if given["tiers"] and given["tiers"][-1]["until"]:
        found.append(_fault(f"tiers.{len(given['tiers'])}.until", _OPEN))
    codes = [row["region"] for row in given["regions"]]
    for index, code in enumerate(codes):
        if not code or code in codes[:index]:
            found.append(_fault(f"regions.{code}", _ONCE))
    return found


def start_from(number: str, names: Mapping[str, str], document: Mapping[str, Any]) -> dict[str, Any]:
    """A list as it would have been typed, for the next version of it."""
    rows = [{name: _shown(row.get(name)) for name in TIER} for row in document["tiers"]]
    regions = [{"region": code, "rate": _shown(rate)} for code, rate in (document.get("regions") or {}).items()]
    amounts = {name: _shown(document.get(name)) for name in AMOUNTS}
    kept = {name: str(names.get(name, "")) for name in (*WORDS[1:], *DAYS)}
    chosen = {name: str(document.get(name, "")) for name in CHOICES}
    return {"number": number, **kept, **chosen, **amounts, "tiers": rows, "regions": regions}


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _number(text: str) -> str:
    return plain(text) if text else ""


def _rate(text: str) -> str:
    """5% → 1/20; other texts as numbers are read."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    return str(Fraction(match[1]) / 100) if match else _number(text)


def _fault(field: str, words: Text) -> Finding:
    return Finding(None, field, "not-typed-right", words.ja, words.en)


_NUMBER = Text(
    "番号は「S-ROBOT」のように、半角の英大文字・数字・ハイフンで入力してください。",
    "Write the number in capital letters, digits and hyphens, such as S-ROBOT.",
)
_BOTH = Text("名称を日本語と英語の両方で入力してください。", "Give the name in both languages.")
_START = Text(
    "適用を始める日を入力してください（例：2026-12-01）。", "Give the day from which it applies, such as 2026-12-01."
)
_DAY = Text("日付を入力してください（例：2027-04-01）。", "Write a day such as 2027-04-01.")
_OPEN = Text(
    "最後の段階の上限は空欄にしてください。上限を置くと、それを超える数量の価格がなくなります。",
    "Leave the end of the last tier open: beyond it there would be no price.",
)
_ONCE = Text("地域は一度ずつ選んでください。", "Choose each region once.")
