"""What an allocation comes to, as data: lines, points, and for each right its terms, bounds, rounding and shares.

The documents are canonical and stored. Version 2 speaks of several rights; version 1, which knew one, is still written
for a policy of version 1, byte for byte, so that old allocations and bundles go on verifying. `rights_of`, `points_of`
and `lines_of` read either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core.money import fraction, fraction_text

ENGINE = "allocation/2"
CATEGORY = "category"
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inputs and the points it earned."""

    member: str
    category: str
    asset: str
    unit: str
    month: str
    quantity: int
    factors: tuple[tuple[str, str], ...]
    counted: Fraction
    reasons: tuple[str, ...]
    points: Fraction

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "category": self.category,
            "asset": self.asset,
            "unit": self.unit,
            "month": self.month,
            "quantity": str(self.quantity),
            "factors": [list(factor) for factor in self.factors],
            "counted": fraction_text(self.counted),
            "reasons": list(self.reasons),
            "points": fraction_text(self.points),
        }


@dataclass(frozen=True, slots=True)
class Total:
    """One term of a right: its weight in the policy and in effect, the total of all amounts, and how many hold any."""

    term: str
    kind: str
    method: str
    weight: Fraction
    effective: Fraction
    total: Fraction
    contributors: int
    touches: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "term": self.term,
            "kind": self.kind,
            "method": self.method,
            "weight": fraction_text(self.weight),
            "effective": fraction_text(self.effective),
            "total": fraction_text(self.total),
            "contributors": self.contributors,
            "touches": list(self.touches),
        }


@dataclass(frozen=True, slots=True)
class Part:
    """What a member has from one term: part = effective · amount / total."""

    term: str
    amount: Fraction
    part: Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """A member's share: raw Σ parts, exact after floor and cap, and `grid` of 1/grid-ths: the adopted share."""

    member: str
    raw: Fraction
    exact: Fraction
    clip: str | None
    grid: int
    delta: Fraction
    parts: tuple[Part, ...]

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "member": self.member,
            "raw": fraction_text(self.raw),
            "exact": fraction_text(self.exact),
            "clip": self.clip,
            "grid": self.grid,
            "delta": fraction_text(self.delta),
            "parts": [
                {"term": part.term, "amount": fraction_text(part.amount), "part": fraction_text(part.part)}
                for part in self.parts
            ],
        }


@dataclass(frozen=True, slots=True)
class Shared:
    """One right as it is shared out. Σ share.grid + held = grid."""

    right: str
    form: str
    method: str
    grid: int
    scale: Fraction
    held: int
    terms: tuple[Total, ...]
    members: tuple[Share, ...]
    steps: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[Mapping[str, str], ...] = ()
    leaving: tuple[Mapping[str, Any], ...] = ()

    def share(self, member: str) -> Share:
        """The share of that member, who must have one."""
        return next(share for share in self.members if share.member == member)

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "right": self.right,
            "form": self.form,
            "method": self.method,
            "grid": self.grid,
            "scale": fraction_text(self.scale),
            "held": self.held,
            "terms": [term.document() for term in self.terms],
            "steps": [dict(step) for step in self.steps],
            "notes": [dict(note) for note in self.notes],
            "leaving": [dict(one) for one in self.leaving],
            "members": [share.document() for share in self.members],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """A whole allocation: what everybody put in, and every right of the policy shared out by it."""

    v: int
    policy_sha256: str
    inputs_sha256: str
    release: str
    window: tuple[str, str]
    points: Mapping[str, Mapping[str, Fraction]]
    lines: Mapping[str, Sequence[Line]]
    rights: tuple[Shared, ...]
    main: Shared

    def right(self, code: str) -> Shared:
        """That right, which the policy must share out."""
        return next(right for right in self.rights if right.right == code)

    def document(self) -> dict[str, Any]:
        """The canonical form, as it is stored, hashed and disclosed."""
        return self._first() if self.v == 1 else self._second()

    def _heading(self) -> dict[str, Any]:
        return {
            "v": self.v,
            "policy_sha256": self.policy_sha256,
            "inputs_sha256": self.inputs_sha256,
            "release": self.release,
            "window": list(self.window),
        }

    def _second(self) -> dict[str, Any]:
        return self._heading() | {
            "engine": ENGINE,
            "steps": [{"step": "eligibility/1"}, {"step": "points/1"}],
            "categories": [
                {
                    "category": code,
                    "points": fraction_text(sum(held.values(), Fraction(0))),
                    "contributors": sum(1 for amount in held.values() if amount),
                }
                for code, held in self.points.items()
            ],
            "members": [
                {
                    "member": member,
                    "points": [
                        {"category": code, "points": fraction_text(held[member])} for code, held in self.points.items()
                    ],
                    "lines": [line.document() for line in lines],
                }
                for member, lines in self.lines.items()
            ],
            "rights": [right.document() for right in self.rights],
        }

    def _first(self) -> dict[str, Any]:
        (right,) = self.rights
        return self._heading() | {
            "method": right.method,
            "grid": right.grid,
            "scale": fraction_text(right.scale),
            "held": right.held,
            "categories": [
                {
                    "category": term.term,
                    "weight": fraction_text(term.weight),
                    "effective": fraction_text(term.effective),
                    "points": fraction_text(term.total),
                    "contributors": term.contributors,
                }
                for term in right.terms
            ],
            "members": [self._first_share(share) for share in right.members],
        }

    def _first_share(self, share: Share) -> dict[str, Any]:
        parts = [
            {"category": part.term, "points": fraction_text(part.amount), "part": fraction_text(part.part)}
            for part in share.parts
        ]
        lines = [line.document() for line in self.lines[share.member]]
        return share.document() | {"parts": parts, "lines": lines}


# ---- reading either version ----
def rights_of(document: Document, policy: Document) -> list[dict[str, Any]]:
    """Every right of a stored result, in the form of version 2; the first version's right is named by its policy."""
    if document["v"] != 1:
        return list(document["rights"])
    terms = [
        {
            "term": row["category"],
            "kind": CATEGORY,
            "method": document["method"],
            "weight": row["weight"],
            "effective": row["effective"],
            "total": row["points"],
            "contributors": row["contributors"],
            "touches": [],
        }
        for row in document["categories"]
    ]
    members = [
        {field: row[field] for field in ("member", "raw", "exact", "clip", "grid", "delta")}
        | {
            "parts": [
                {"term": part["category"], "amount": part["points"], "part": part["part"]} for part in row["parts"]
            ]
        }
        for row in document["members"]
    ]
    named = {"right": policy["right"], "form": policy["form"], "method": document["method"]}
    found = {field: document[field] for field in ("grid", "scale", "held")}
    return [named | found | {"terms": terms, "members": members, "steps": [], "notes": [], "leaving": []}]


def right_of(document: Document, policy: Document, code: str | None = None) -> dict[str, Any]:
    """One right of a stored result: the one named, or the one that money is distributed by, or the first."""
    found = rights_of(document, policy)
    wanted = [code] if code else ["revenue"]
    named = [right for right in found if right["right"] in wanted]
    return (named or found)[0] if code is None or named else {}


def points_of(document: Document) -> dict[str, dict[str, Fraction]]:
    """Category → member → points."""
    field = "parts" if document["v"] == 1 else "points"
    found: dict[str, dict[str, Fraction]] = {row["category"]: {} for row in document["categories"]}
    for row in document["members"]:
        for part in row[field]:
            found[part["category"]][row["member"]] = fraction(part["points"])
    return found


def lines_of(document: Document) -> dict[str, list[Document]]:
    """Member → lines as stored."""
    return {row["member"]: row["lines"] for row in document["members"]}
