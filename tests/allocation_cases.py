"""Policies, inputs and statements in small, as the tests of allocation and disclosure build them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

POLICY: dict[str, Any] = {
    "v": 1,
    "number": "P-0001",
    "version": 3,
    "right": "revenue",
    "form": "claim",
    "method": "category-weighted/1",
    "categories": [
        {
            "code": "data",
            "weight": "50/100",
            "units": {"media_second": "1/3600", "record": "1/1000"},
            "factors": ["quality", "uniqueness"],
        },
        {"code": "compute", "weight": "30/100", "units": {"gpu_s": "1/3600"}, "factors": ["accelerator"]},
        {"code": "cash", "weight": "20/100", "units": {"JPY": "1/1000000"}},
    ],
    "equity_counts": False,
    "residency": ["JP"],
    "empty_category": "renormalise",
    "floor": "0",
    "cap": "1",
    "rounding": {"method": "largest-remainder/1", "grid": 1_000_000, "tie": "member-code"},
    "disclosure": "safe-totals/1",
}


def policy(**changes: Any) -> dict[str, Any]:
    """The policy above with some fields changed."""
    return {**deepcopy(POLICY), **changes}


def weights(**by_code: str) -> dict[str, Any]:
    """A policy that weighs yen only, one category per name: points are yen."""
    rows = [{"code": code, "weight": weight, "units": {"JPY": "1"}} for code, weight in by_code.items()]
    return policy(categories=rows)


def line(member: str, category: str, quantity: int, unit: str = "JPY", **more: Any) -> dict[str, Any]:
    """One line of inputs that counts in full."""
    return {
        "member": member,
        "category": category,
        "asset": more.get("asset", "X-1"),
        "unit": unit,
        "month": more.get("month", "2026-05"),
        "quantity": str(quantity),
        "factors": more.get("factors", []),
        "counted": more.get("counted", "1"),
        "reasons": more.get("reasons", []),
    }


def inputs(lines: list[dict[str, Any]], *others: str, groups: list[list[str]] | None = None) -> dict[str, Any]:
    """An inputs document with those lines; `others` are members without a line."""
    members = sorted({row["member"] for row in lines} | set(others))
    return {
        "v": 1,
        "release": "R-0.3",
        "window": ["2026-04-01", "2026-10-01"],
        "log": {"size": 10, "root": "00" * 32},
        "members": [{"member": member, "from": "2026-04-01", "until": None} for member in members],
        "groups": groups or [],
        "lines": lines,
    }


def points(table: dict[str, dict[str, int]], **more: Any) -> dict[str, Any]:
    """Inputs from category → member → points, for a policy of `weights`."""
    lines = [line(member, code, amount) for code, row in table.items() for member, amount in row.items() if amount]
    members = {member for row in table.values() for member in row}
    return inputs(lines, *members, **more)


# ---- version 2 ----
ROUNDING = {"method": "largest-remainder/1", "grid": 1_000_000, "tie": "member-code"}
METERED = {"data": "JPY", "compute": "JPY", "cash": "JPY", "people": "JPY", "background": "JPY"}


def right(name: str = "revenue", method: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A right of a policy of version 2: a claim, shared by that method between 0 and all; without a method, not."""
    stated: dict[str, Any] = {
        "right": name,
        "form": "claim",
        "ownership": "consortium",
        "use": "internal",
        "further_training": "licensed",
        "method": method,
    }
    if method is not None:
        stated |= {"bounds": {"step": "clip-lambda/1", "floor": "0", "cap": "1"}, "rounding": ROUNDING}
    return stated | changes


def between(floor: str, cap: str) -> dict[str, Any]:
    """Bounds for `right`."""
    return {"bounds": {"step": "clip-lambda/1", "floor": floor, "cap": cap}}


def weighted(empty: str = "renormalise", **by_code: str) -> dict[str, Any]:
    """The method category-weighted/1."""
    return {"name": "category-weighted/1", "weights": by_code, "empty_category": empty}


def second(
    *rights: dict[str, Any], codes: tuple[str, ...] = ("data", "compute", "cash"), **changes: Any
) -> dict[str, Any]:
    """A policy of version 2 over those rights, whose points are yen."""
    return {
        "v": 2,
        "number": "P-0001",
        "version": 4,
        "eligibility": {
            "step": "eligibility/1",
            "reviewed": True,
            "residency": ["JP"],
            "state_paid": "excluded",
            "rewarded": "excluded",
            "equity_counts": False,
        },
        "points": {
            "step": "points/1",
            "categories": [{"code": code, "units": {METERED[code]: "1"}, "factors": []} for code in codes],
        },
        "rights": list(rights),
        "disclosure": "safe-totals/1",
        "coalitions": "desk",
    } | changes


def beyond(document: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Those inputs as version 2 carries them."""
    return document | {"v": 2, "stakes": {}, "days": {}, "tables": {}, "valuations": {}} | more
