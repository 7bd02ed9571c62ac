"""The negotiation and approval rules as they are typed: rows of texts, turned into the document that the core reads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from contributions.forms.fields import plain
from licensing.core.approvals import APPROVE, CONSULT, ROUTED
from licensing.core.decimals import percent

STEPS_MAX, SPARE_ROUTES, SPARE_POSTS, SPARE_CLAUSES = 4, 2, 1, 2
POSTS_MAX, ROUTES_MAX, FIGURES_MAX, CLAUSES_MAX = 20, 30, 60, 120
WORDS = ("source_ja", "source_en", "valid_from", "reason", "valid_days", "default_tier")
PRICE = ("price_acceptable", "price_approval", "price_tier")
POST, FIGURE, CLAUSE = (
    ("code", "ja", "en", "holders"),
    ("name", "standard", "acceptable", "approval", "tier"),
    ("code", "tier", "fixed"),
)


def typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, kept as it is; rows that are empty altogether fall out."""
    found: dict[str, Any] = {name: str(data.get(name, "")).strip()[:4000] for name in (*WORDS, *PRICE)}
    found["posts"] = _rows(data, "post", POST, POSTS_MAX, "code")
    found["figures"] = _rows(data, "figure", FIGURE, FIGURES_MAX, "name")
    found["clauses"] = _rows(data, "clause", CLAUSE, CLAUSES_MAX, "code")
    names = ("from", "until", *ROUTED, *(f"step{n}" for n in range(1, STEPS_MAX + 1)))
    found["routes"] = _rows(data, "route", names, ROUTES_MAX, "from")
    return found


def _rows(data: Mapping[str, Any], prefix: str, names: tuple[str, ...], most: int, key: str) -> list[dict[str, str]]:
    rows = [
        {name: str(data.get(f"{prefix}-{n}-{name}", "")).strip()[:400] for name in names} for n in range(1, most + 1)
    ]
    return [row for row in rows if row[key] or (key == "from" and any(row.values()))]


def document(given: Mapping[str, Any]) -> dict[str, Any]:
    """The rules that the texts make; what is no number stays as typed, for the core to refuse by its field."""
    days = plain(given["valid_days"])
    return {
        "v": 1,
        "posts": {
            row["code"]: {"ja": row["ja"], "en": row["en"], "holders": re.split(r"[\s、,]+", row["holders"].strip())}
            for row in given["posts"]
        },
        "routes": [_route(row) for row in given["routes"]],
        "clauses": {
            row["code"]: {"tier": row["tier"], **({"fixed": True} if row["fixed"] else {})} for row in given["clauses"]
        },
        "default_tier": given["default_tier"],
        "figures": {
            row["name"]: {name: _rate(row[name]) for name in FIGURE[1:4]} | {"tier": row["tier"]}
            for row in given["figures"]
        },
        "prices": {
            "acceptable": _rate(given["price_acceptable"]),
            "approval": _rate(given["price_approval"]),
            "tier": given["price_tier"],
        },
        "approval_valid_days": int(days) if days.isdecimal() else days,
    }


def _route(row: Mapping[str, str]) -> dict[str, Any]:
    steps = []
    for n in range(1, STEPS_MAX + 1):
        kind, _, post = row[f"step{n}"].partition(":")
        if kind:
            steps.append({"code": f"{post}-opinion" if kind == CONSULT else post, "kind": kind, "post": post})
    return {
        "from": plain(row["from"] or "0"),
        "until": plain(row["until"]) if row["until"] else None,
        "tiers": [tier for tier in ROUTED if row[tier]],
        "steps": steps,
    }


def start_from(stored: Mapping[str, Any], *, source_ja: str = "", source_en: str = "") -> dict[str, Any]:
    """Rules as they would have been typed, for the next version of them."""
    return {
        "source_ja": source_ja,
        "source_en": source_en,
        "valid_from": "",
        "reason": "",
        "valid_days": str(stored["approval_valid_days"]),
        "default_tier": stored["default_tier"],
        "price_acceptable": shown(stored["prices"]["acceptable"]),
        "price_approval": shown(stored["prices"]["approval"]),
        "price_tier": stored["prices"]["tier"],
        "posts": [
            {"code": code, "ja": row["ja"], "en": row["en"], "holders": " ".join(row["holders"])}
            for code, row in stored["posts"].items()
        ],
        "figures": [
            {"name": name, **{one: shown(row[one]) for one in FIGURE[1:4]}, "tier": row["tier"]}
            for name, row in stored["figures"].items()
        ],
        "clauses": [
            {"code": code, "tier": row.get("tier", stored["default_tier"]), "fixed": "1" if row.get("fixed") else ""}
            for code, row in stored["clauses"].items()
        ],
        "routes": [
            {
                "from": str(row["from"]),
                "until": "" if row["until"] is None else str(row["until"]),
                **{tier: "1" if tier in row["tiers"] else "" for tier in ROUTED},
                **{
                    f"step{n}": f"{row['steps'][n - 1]['kind']}:{row['steps'][n - 1]['post']}"
                    if n <= len(row["steps"])
                    else ""
                    for n in range(1, STEPS_MAX + 1)
                },
            }
            for row in stored["routes"]
        ],
    }


def step_choices(posts: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Every kind of step with every post, as a route's row may name it."""
    return [(f"{kind}:{row['code']}", kind) for row in posts for kind in (APPROVE, CONSULT)]


def shown(value: object) -> str:
    """A rate in per cent where it has few decimals, a count as it is."""
    try:
        number = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return str(value)
    percents = number * 10000
    if number.denominator == 1:
        return str(number)
    return percent(number) if percents.denominator == 1 else str(value)


def _rate(text: str) -> str:
    """14.6% → 73/500; other texts as numbers are read."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    return str(Fraction(match[1]) / 100) if match else plain(text)
