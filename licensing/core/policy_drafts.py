"""A policy while it is drafted: every fault with its place, an older document in the present form, a deal taken in.

`policies.read` refuses at the first fault, which is right at the door of a ballot. Who drafts wants all of them at
once, each beside its field; so every part of a draft is read within a document that is otherwise sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from contributions.core.errors import Finding, Refused
from contributions.core.words import Text
from licensing.core import deals, methods, policies, rights
from licensing.core.categories import CATEGORIES

Document = dict[str, Any]

ROUNDED = {"method": policies.ROUNDING, "grid": 1_000_000, "tie": policies.TIE}
FREE = {"step": policies.BOUNDS, "floor": "0", "cap": "1"}
_FIRST_ANSWERS = {"ownership": "not-owned", "use": "by-policy", "further_training": "not-applicable"}


class FaultyPolicy(Refused):
    """Holds every finding; the sentence tells the first and how many there are."""

    code = "faulty-policy"
    ja = "配分規程に {count} 件の誤りがあります。何も提案していません。{first}"
    en = "The policy has {count} faults. Nothing was proposed. {first}"

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(count=len(findings), first=Text(findings[0].text("ja"), findings[0].text("en")))


def check(document: Mapping[str, Any]) -> None:
    """Refuse a faulty document of version 2 with all that is wrong with it, for whoever proposes it in one piece."""
    if document.get("v") == 2 and (found := examine(document)):
        raise FaultyPolicy(found)


def examine(document: Mapping[str, Any]) -> list[Finding]:
    """Every fault of a policy document of version 2, by the path of its field; empty exactly where `read` accepts it.

    A category's path begins with its code, a right's with rights[its place].
    """
    points, rows = document.get("points"), document.get("rights")
    if document.get("v") != 2 or not isinstance(points, dict) or not isinstance(rows, list):
        return _told(document, "")
    categories = points.get("categories")
    if not isinstance(categories, list):
        return _told(document, "")
    found = _told({**document, "points": _SOUND["points"], "rights": _SOUND["rights"]}, "")
    for row in categories:
        found += _told(_with(points={**points, "categories": [row]}), "")
    codes = [row["code"] for row in categories if isinstance(row, dict) and row.get("code") in CATEGORIES]
    for place, row in enumerate(rows):
        found += _of_right(row, sorted(set(codes)), place)
    return found or _told(document, "")


def _of_right(row: Any, codes: list[str], place: int) -> list[Finding]:
    """The faults of one right: each answer, its method and its bounds, read beside sound others; else it as a whole."""
    counted = [{"code": code, "units": {"JPY": "1"}, "factors": []} for code in codes]
    points = {"step": policies.POINTS, "categories": counted or _SOUND["points"]["categories"]}
    sound = {**_SOUND["rights"][0], "right": "weights", "ownership": "consortium"}
    stated = row if isinstance(row, dict) else {}
    tried = [{**sound, **answer} for answer in _answers(stated)]
    if stated.get("method") is not None:
        tried.append({**sound, "method": stated["method"]})
        tried.append({**sound, **{name: stated[name] for name in ("bounds", "rounding") if name in stated}})
    found = [each for one in tried for each in _told(_with(points=points, rights=[one]), f"rights[{place}]")]
    if found or any(stated.get(axis) in ("", None) for axis in ("ownership", "form")):
        return found
    other = {**sound, "right": next(code for code in rights.RIGHTS if code != stated.get("right"))}
    return _told(_with(points=points, rights=[row, other]), f"rights[{place}]")


def _answers(stated: Mapping[str, Any]) -> list[Document]:
    """Each answer by itself, with what it needs beside it; the form and the ownership last, together."""
    found: list[Document] = [{axis: stated[axis]} for axis in ("use", "further_training") if axis in stated]
    ownership, form = stated.get("ownership"), stated.get("form")
    if ownership == rights.LEAD:
        found.append({"ownership": ownership, "lead": stated.get("lead", "")})
    elif "ownership" in stated:
        common = rights.CO_OWNERSHIP if ownership == rights.CO_OWNED else rights.CLAIM
        found.append({"ownership": ownership, "form": common})
    if "form" in stated and form not in (rights.CLAIM, rights.CO_OWNERSHIP):
        found.append({"form": form})
    if (form == rights.CO_OWNERSHIP) != (ownership == rights.CO_OWNED) and {"form", "ownership"} <= set(stated):
        found.append({"form": form, "ownership": ownership, **({"lead": "–"} if ownership == rights.LEAD else {})})
    return found


def _told(document: Mapping[str, Any], where: str) -> list[Finding]:
    try:
        policies.read(document)
    except Refused as refusal:
        field = str(refusal.facts.get("field", refusal.facts.get("where", "")))
        moved = field.replace("rights[0]", where, 1) if where else field
        facts = {name: moved if value == field else value for name, value in refusal.facts.items()}
        return [Finding(None, moved, refusal.code, refusal.ja, refusal.en, facts)]
    return []


def _with(**parts: Any) -> Document:
    return {**_SOUND, **parts}


_SOUND: Document = {
    "v": 2,
    "number": "P",
    "version": 1,
    "eligibility": {
        "step": policies.ELIGIBILITY,
        "reviewed": True,
        "residency": [],
        "state_paid": policies.EXCLUDED,
        "rewarded": policies.EXCLUDED,
        "equity_counts": False,
    },
    "points": {"step": policies.POINTS, "categories": [{"code": "cash", "units": {"JPY": "1"}, "factors": []}]},
    "rights": [
        {
            "right": rights.MONEY,
            "form": rights.CLAIM,
            **_FIRST_ANSWERS,
            "method": {"name": "equal/1"},
            "bounds": FREE,
            "rounding": ROUNDED,
        }
    ],
    "disclosure": "own-lines/1",
    "coalitions": "desk",
}


def blank(number: str = "P-0001") -> Document:
    """Where a first policy begins: licence revenue in equal parts, nothing else said."""
    return {**deepcopy(_SOUND), "number": number, "disclosure": "safe-totals/1"}


def present(document: Mapping[str, Any]) -> Document:
    """The same rule in the present form; of an older one, what it did not state is filled in for money and votes and
    left open, to be asked for, of any other right."""
    if document.get("v") != 1:
        return deepcopy(dict(document))
    open_answers = dict.fromkeys(_FIRST_ANSWERS, "")
    row = {
        "right": document["right"],
        "form": document["form"],
        **(_FIRST_ANSWERS if document["right"] in rights.NOT_OWNED else open_answers),
        "method": {
            "name": methods.WEIGHTED,
            "weights": {category["code"]: category["weight"] for category in document["categories"]},
            "empty_category": document["empty_category"],
        },
        "bounds": {"step": policies.BOUNDS, "floor": document["floor"], "cap": document["cap"]},
        "rounding": dict(document["rounding"]),
    }
    categories = [
        {"code": each["code"], "units": dict(each["units"]), "factors": list(each.get("factors", []))}
        for each in document["categories"]
    ]
    return {
        **blank(document["number"]),
        "version": document["version"],
        "eligibility": {
            **_SOUND["eligibility"],
            "residency": list(document["residency"]),
            "equity_counts": document["equity_counts"],
        },
        "points": {"step": policies.POINTS, "categories": categories},
        "rights": [row],
        "disclosure": document["disclosure"],
    }


def take(document: Mapping[str, Any], terms: deals.Terms) -> Document:
    """The document with a deal's four answers for every right; how a right is shared stays as it was.

    A right that becomes co-owned needs a method: without one of its own it takes that of the money. The leading party
    of a deal is left open, since the deal does not name it.
    """
    held = {row["right"]: row for row in document["rights"]}
    money = held.get(rights.MONEY) or next(row for row in document["rights"] if row.get("method"))
    rows = []
    for right, answers in terms.items():
        row = {name: value for name, value in held.get(right, {"method": None}).items() if name != "lead"}
        row = {"right": right, **row, **answers}
        if answers["ownership"] == rights.LEAD:
            row["lead"] = held.get(right, {}).get("lead", "")
        if answers["form"] == rights.CO_OWNERSHIP and row["method"] is None:
            row |= {name: deepcopy(money[name]) for name in ("method", "bounds", "rounding")}
        rows.append(row)
    order = [*held, *(right for right in terms if right not in held)]
    return {**deepcopy(dict(document)), "rights": sorted(rows, key=lambda row: order.index(row["right"]))}


def notes(policy: policies.Policy) -> list[tuple[str, Text]]:
    """What follows from each right held in common, by right."""
    terms = {right.right: {"form": right.form} for right in policy.rights}
    return [(warning.right, warning.text) for warning in deals.warnings(terms)]
