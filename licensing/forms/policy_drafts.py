"""A policy as it is typed: every field a text, right by right; turned into the document that members vote on.

What is typed is kept as it is. Shares and weights may be typed as 45%, 0.45 or 45/100; points are typed for the unit
people read and stand in the document for the smallest one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.units import UNITS
from contributions.forms.fields import plain
from licensing.core import methods, policies, policy_drafts, rights, vintages
from licensing.core.categories import CATEGORIES, FACTORS_OF, UNITS_OF
from licensing.core.decimals import decimal, exact
from licensing.core.methods import PARAMETERS

ANSWERS = ("ownership", "use", "further_training", "form", "lead", "method")
SIMPLE = ("empty_category", "basis", "table", "category", "estate", "source", "valuation", "quota", "unions", "seed",
          "samples", "own", "floor", "cap", "grid")  # fmt: skip
VINTAGE = ("rule", "per", "factor", "until")
SOURCES = ("quota", "valuation", "law")
INNER = ("equal/1", "stakes/1", "proportional/1", "time-weighted/1", methods.WEIGHTED, methods.TIERED)
PARTS = 3
MORE_MAX, TEXT_MAX = 20_000, 200
_DEFAULTS = {"empty_category": "renormalise", "basis": "points", "unions": methods.GROUPS, "floor": "0%", "cap": "100%",
             "grid": "1000000", "form": rights.CLAIM}  # fmt: skip

Given = dict[str, Any]


# ---- what was sent ----
def typed(data: Any) -> Given:
    """What was sent, kept as it is; the rights in the order in which they stood."""

    def text(name: str, most: int = TEXT_MAX) -> str:
        return str(data.get(name, "")).strip()[:most]

    order = [code for code in dict.fromkeys(data.getlist("right")) if code in rights.RIGHTS]
    order += [code for code in rights.RIGHTS if code not in order]
    return {
        **{name: text(name) for name in ("number", "version", "residency", "disclosure", "coalitions")},
        "equity_counts": "equity_counts" in data,
        "categories": {
            code: {
                "on": f"{code}.on" in data,
                "units": {unit: text(f"{code}.units.{unit}") for unit in UNITS},
                "factors": [one for one in data.getlist(f"{code}.factors") if one in FACTORS_OF.get(code, ())],
                **{name: text(f"{code}.vintage.{name}") for name in VINTAGE},
            }
            for code in CATEGORIES
        },
        "rights": {
            code: {
                "on": f"{code}.on" in data,
                **{name: text(f"{code}.{name}") for name in (*ANSWERS, *SIMPLE)},
                "weights": {each: text(f"{code}.weights.{each}") for each in CATEGORIES},
                "categories": [one for one in data.getlist(f"{code}.categories") if one in CATEGORIES],
                "parts": [(text(f"{code}.parts.{n}.weight"), text(f"{code}.parts.{n}.method")) for n in range(PARTS)],
                "more": text(f"{code}.more", MORE_MAX),
            }
            for code in order
        },
    }


# ---- from what was typed to a document ----
def document(given: Given) -> policy_drafts.Document:
    """The policy document that the texts make; what is no number stays as typed, for the core to name."""
    return {
        "v": 2,
        "number": given["number"],
        "version": int(given["version"]) if re.fullmatch(r"[0-9]{1,9}", given["version"]) else given["version"],
        "eligibility": {
            "step": policies.ELIGIBILITY,
            "reviewed": True,
            "residency": re.findall(r"[^\s,、，]+", unicodedata.normalize("NFKC", given["residency"]).upper()),
            "state_paid": policies.EXCLUDED,
            "rewarded": policies.EXCLUDED,
            "equity_counts": given["equity_counts"],
        },
        "points": {
            "step": policies.POINTS,
            "categories": [_category(code, row) for code, row in given["categories"].items() if row["on"]],
        },
        "rights": [_right(code, row) for code, row in given["rights"].items() if row["on"]],
        "disclosure": given["disclosure"],
        "coalitions": given["coalitions"],
    }


def _category(code: str, row: Mapping[str, Any]) -> dict[str, Any]:
    units = {unit: _points(text, UNITS[unit].per) for unit, text in row["units"].items() if text}
    stated = {"code": code, "units": units, "factors": row["factors"]}
    if row["rule"]:
        rule = {"rule": row["rule"], "per": row["per"], "factor": share(row["factor"]), "until": row["until"]}
        stated["vintage"] = {name: rule[name] for name in vintages.RULES.get(row["rule"], ("rule",))}
    return stated


def _right(code: str, row: Mapping[str, Any]) -> dict[str, Any]:
    stated = {"right": code, **{name: row[name] for name in ("form", "ownership", "use", "further_training")}}
    if row["ownership"] == rights.LEAD:
        stated["lead"] = row["lead"]
    stated["method"] = method(row["method"], row)
    if stated["method"] is not None:
        grid = plain(row["grid"])
        stated["bounds"] = {"step": policies.BOUNDS, "floor": share(row["floor"]), "cap": share(row["cap"])}
        stated["rounding"] = {**policy_drafts.ROUNDED, "grid": int(grid) if grid.isdecimal() else grid}
    return stated


def method(name: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The method of that name with the parameters it takes; what is written as JSON goes before the fields."""
    if not name:
        return None
    stated: dict[str, Any] = {"name": name, **{each: _parameter(each, row) for each in PARAMETERS.get(name, ())}}
    if row["more"] and name == row["method"]:
        stated |= _read(row["more"]) or {}
    return stated


def unreadable(given: Given) -> list[str]:
    """The rights whose JSON is no JSON object."""
    return [code for code, row in given["rights"].items() if row["on"] and row["more"] and _read(row["more"]) is None]


def _read(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _parameter(name: str, row: Mapping[str, Any]) -> Any:
    if name == "weights":
        return {code: share(text) for code, text in row["weights"].items() if text}
    if name == "basis":
        return _basis(row)
    if name == "game":
        return _game(row)
    if name == "own":
        return method(row["own"], row | {"more": ""}) or {}
    if name == "parts":
        inner = row | {"more": ""}
        return [{"weight": share(w), "method": method(m, inner) or {}} for w, m in row["parts"] if w or m]
    if name == "estate":
        return plain(row["estate"])
    if name == "samples":
        samples = plain(row["samples"])
        return int(samples) if samples.isdecimal() and len(samples) < 10 else samples
    return row[name]


def _basis(row: Mapping[str, Any]) -> dict[str, Any]:
    more = {methods.POINTS: {"categories": row["categories"]}, methods.ON_TABLE: {"table": row["table"]}}
    return {"of": row["basis"], **more.get(row["basis"], {})}


def _game(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["source"] == "valuation":
        return {"valuation": row["valuation"].lower()}
    return {"quota": share(row["quota"]), "weights": _basis(row)} if row["source"] == "quota" else {}


def share(text: str) -> str:
    """A fraction as documents write it: 45% → 45/100, 0.005 → 1/200; what is no number stays as typed.

    >>> share("45%"), share("0.5 %"), share("1/3"), share("much")
    ('45/100', '1/200', '1/3', 'much')
    """
    typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    hundredths = typed.endswith("%")
    if hundredths and re.fullmatch(r"[1-9][0-9]?", typed[:-1]):
        return f"{typed[:-1]}/100"
    try:
        value = decimal(plain(typed.removesuffix("%")))
    except Refused:
        return text
    if "/" in typed and not hundredths:
        return typed
    return fraction_text(value / 100 if hundredths else value)


def _points(text: str, per: int) -> str:
    stated = share(text)
    try:
        return fraction_text(decimal(stated) / per)
    except Refused:
        return stated


# ---- from a document to what would have been typed ----
def start_from(stated: Mapping[str, Any]) -> Given:
    """A document of the present form as it would have been typed."""
    held = {row["right"]: row for row in stated["rights"]}
    rows = {row["code"]: row for row in stated["points"]["categories"]}
    order = [*held, *(code for code in rights.RIGHTS if code not in held)]
    return {
        "number": stated["number"],
        "version": str(stated["version"]),
        "residency": "、".join(stated["eligibility"]["residency"]),
        "equity_counts": stated["eligibility"]["equity_counts"],
        "categories": {code: _typed_category(rows.get(code)) for code in CATEGORIES},
        "rights": {code: _typed_right(held.get(code), list(rows)) for code in order},
        "disclosure": stated["disclosure"],
        "coalitions": stated["coalitions"],
    }


def _typed_category(row: Mapping[str, Any] | None) -> Given:
    held = row or {"units": {}, "factors": []}
    vintage = held.get("vintage") or {}
    shown = {name: str(vintage.get(name, "")) for name in VINTAGE}
    return {
        "on": row is not None,
        "units": {
            unit: exact_or_text(held["units"][unit], UNITS[unit].per) if unit in held["units"] else "" for unit in UNITS
        },
        "factors": list(held["factors"]),
        **shown,
        "factor": exact_or_text(shown["factor"]) if shown["factor"] else "",
        "per": shown["per"] or "year",
    }


def _typed_right(row: Mapping[str, Any] | None, codes: list[str]) -> Given:
    blank: Given = {
        "on": row is not None,
        **dict.fromkeys((*ANSWERS, *SIMPLE), ""),
        **_DEFAULTS,
        "weights": dict.fromkeys(CATEGORIES, ""),
        "categories": [],
        "parts": [("", "")] * PARTS,
        "more": "",
    }
    if row is None:
        return blank
    found = blank | {name: row.get(name) or "" for name in ANSWERS if name != "method"}
    if row["method"] is None:
        return found
    bounds = {name: percentage(row["bounds"][name]) for name in ("floor", "cap")}
    found |= {**bounds, "grid": str(row["rounding"]["grid"]), "method": row["method"]["name"]}
    return _with_parameters(found, row["method"], codes)


def _with_parameters(found: Given, stated: Mapping[str, Any], codes: list[str]) -> Given:
    """The method's parameters in fields where they fit, else as JSON."""
    shown = found
    for each in (stated, *(part["method"] for part in stated.get("parts", ())), stated.get("own")):
        shown = shown | _fields(each or {})
    shown["own"] = (stated.get("own") or {}).get("name", "")
    parts = [(percentage(part["weight"]), part["method"]["name"]) for part in stated.get("parts", ())]
    shown["parts"] = [*parts, *[("", "")] * (PARTS - len(parts))][: max(PARTS, len(parts))]
    try:
        fits = len(parts) <= PARTS and methods.read(method(stated["name"], shown), codes, "") == methods.read(
            stated, codes, ""
        )
    except Refused:
        fits = False
    if fits:
        return shown
    parameters = {name: value for name, value in stated.items() if name != "name"}
    return found | {"more": json.dumps(parameters, ensure_ascii=False, indent=1)}


def _fields(stated: Mapping[str, Any]) -> Given:
    found: Given = {
        name: str(stated[name]) for name in ("empty_category", "table", "category", "seed") if name in stated
    }
    if "weights" in stated:
        found["weights"] = {code: percentage(stated["weights"].get(code, "")) for code in CATEGORIES}
    if "estate" in stated:
        found["estate"] = exact_or_text(stated["estate"])
    if "samples" in stated:
        found["samples"] = str(stated["samples"])
    game = stated.get("game") or {}
    found |= {"valuation": game["valuation"], "source": "valuation"} if "valuation" in game else {}
    found |= {"quota": percentage(game["quota"]), "source": "quota"} if "quota" in game else {}
    found |= {"source": "law"} if "law" in game else {}
    basis = stated.get("basis") or game.get("weights") or {}
    if basis:
        found |= {"basis": basis["of"], "categories": list(basis.get("categories", []))}
        found |= {"table": basis["table"]} if "table" in basis else {}
    return found


def percentage(text: str) -> str:
    """45/100 → 45%; a third stays 1/3.

    >>> percentage("45/100"), percentage("1/200"), percentage("1/3")
    ('45%', '0.5%', '1/3')
    """
    try:
        shown = exact(decimal(text) * 100)
    except Refused:
        return text
    return text if "/" in shown else f"{shown}%".replace(",", "")


def exact_or_text(text: str, times: int = 1) -> str:
    """A fraction as people read it: a decimal where it ends, else a fraction."""
    try:
        return exact(Fraction(decimal(text)) * times).replace(",", "")
    except Refused:
        return text


assert all(unit in UNITS for units in UNITS_OF.values() for unit in units)
