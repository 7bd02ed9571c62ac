"""The allocation: from a policy and its inputs to shares that sum to exactly one, every step kept.

Pure and exact. The result holds, for each member, the points of each line, the part of each category, the share before
and after the bounds, the share on the grid and the rounding between them. The share on the grid is the adopted one.
What a viewer may know of it is decided in `disclosure`, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from contributions.core import canonical, merkle
from contributions.core.errors import Refused
from contributions.core.money import apportion, fraction, fraction_text
from licensing.core import policies
from licensing.core.bounds import clip
from licensing.core.policies import METHOD, Policy

HELD = "~held"  # stands after every member code, so that a member wins a tie against what is held


class NothingCounts(Refused):
    code = "nothing-counts"
    ja = "数えられる拠出が一つもないため、配分を計算できません。審査と確認の状況を見てください。"
    en = "No contribution counts, so there is nothing to allocate by. Look at reviews and acceptances."


class BadInputs(Refused):
    code = "bad-inputs"
    ja = "配分の入力文書を読めません（{reason}）。"
    en = "The inputs document cannot be read ({reason})."


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


@dataclass(frozen=True, slots=True)
class Total:
    """A category: its weight in the policy, the weight in effect, all points, and how many members earned some."""

    category: str
    weight: Fraction
    effective: Fraction
    points: Fraction
    contributors: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a member has from one category: part = effective weight · points / total."""

    category: str
    points: Fraction
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
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A whole allocation. Σ share.grid + held = grid."""

    policy_sha256: str
    inputs_sha256: str
    release: str
    window: tuple[str, str]
    grid: int
    scale: Fraction
    held: int
    categories: tuple[Total, ...]
    members: tuple[Share, ...]

    def share(self, member: str) -> Share:
        """The share of that member, who must have one."""
        return next(share for share in self.members if share.member == member)

    def document(self) -> dict[str, Any]:
        """The canonical form, as it is stored, hashed and disclosed."""
        return {
            "v": 1,
            "method": METHOD,
            "policy_sha256": self.policy_sha256,
            "inputs_sha256": self.inputs_sha256,
            "release": self.release,
            "window": list(self.window),
            "grid": self.grid,
            "scale": fraction_text(self.scale),
            "held": self.held,
            "categories": [_total_document(total) for total in self.categories],
            "members": [_share_document(share) for share in self.members],
        }


def allocate(policy: dict[str, Any], inputs: dict[str, Any]) -> Result:
    """Category-weighted points, bounded and rounded.

    points = quantity · counted · points per unit · Π factors        (of each line)
    part(i,c) = weight(c) · points(i,c) / Σ points(c)                (an empty category: policy's rule)
    exact(i) = clip(λ · Σ_c part(i,c), floor, cap)
    grid(i) = largest remainder of exact(i) on the grid

    Worked example (domain.md T6): weights 50/30/20; data 600, 300, 100; GPU-hours 0, 8,000, 2,000; cash 10, 0, 30
    → 0.35, 0.39, 0.26. Shares are dimensionless fractions.
    """
    rule = policies.read(policy)
    lines, members = _lines(rule, inputs), _members(inputs)
    totals = _totals(rule, lines, members)
    whole = sum((total.effective for total in totals), Fraction(0))
    parts = {member: _parts(member, lines, totals) for member in members}
    raw = [sum((part.part for part in parts[member]), Fraction(0)) for member in members]
    earning = sum(1 for share in raw if share > 0)
    policies.check_bounds(rule, members=len(members), earning=earning, whole=whole)
    scale, exact = clip(raw, floor=rule.floor, cap=rule.cap, whole=whole)
    assert sum(raw, Fraction(0)) == whole == sum(exact, Fraction(0)), "shares must be conserved"
    *grid, held = apportion(rule.grid, [*exact, 1 - whole], [*members, HELD])
    shares = tuple(
        Share(
            member=member,
            raw=raw[i],
            exact=exact[i],
            clip=_clip_name(scale * raw[i], exact[i]),
            grid=grid[i],
            delta=Fraction(grid[i], rule.grid) - exact[i],
            parts=parts[member],
            lines=tuple(lines[member]),
        )
        for i, member in enumerate(members)
    )
    assert sum(share.grid for share in shares) + held == rule.grid, "the grid must be conserved"
    return Result(
        policy_sha256=policies.address(policy),
        inputs_sha256=canonical.sha256_hex(canonical.dumps(inputs)),
        release=inputs["release"],
        window=(inputs["window"][0], inputs["window"][1]),
        grid=rule.grid,
        scale=scale,
        held=held,
        categories=totals,
        members=shares,
    )


def rows(result: Result, salts: Callable[[str], str]) -> list[dict[str, Any]]:
    """The rows that an adopted allocation commits to, in order of name, each with its own salt.

    One row per category total, one per member share, one for what is held. A row opens alone: a member's row holds the
    share on the grid and not the exact fraction, from which totals could be worked out.
    """
    held = {f"held:{HELD}": {"share": result.held, "of": result.grid}} if result.held else {}
    facts: dict[str, dict[str, Any]] = {
        **{f"category:{total.category}": {"points": fraction_text(total.points)} for total in result.categories},
        **{f"member:{share.member}": {"share": share.grid, "of": result.grid} for share in result.members},
        **held,
    }
    return [{"v": 1, "row": name, "salt": salts(name), **facts[name]} for name in sorted(facts)]


def row_hash(row: dict[str, Any]) -> bytes:
    """The RFC 9162 leaf hash of a canonical row: its commitment."""
    return merkle.leaf_hash(canonical.dumps(row))


def rows_root(committed: list[dict[str, Any]]) -> str:
    """The RFC 9162 root over the rows, in hex: what the adopted allocation's statement holds."""
    return merkle.root([row_hash(row) for row in committed]).hex()


def commitments(committed: list[dict[str, Any]]) -> dict[str, str]:
    """Row name → its commitment in hex, as `disclosure.view` shows them."""
    return {row["row"]: row_hash(row).hex() for row in committed}


def _members(inputs: Mapping[str, Any]) -> list[str]:
    members = sorted({row["member"] for row in inputs["members"]})
    if not members:
        raise NothingCounts()
    return members


def _lines(rule: Policy, inputs: Mapping[str, Any]) -> dict[str, list[Line]]:
    """Each member's lines with their points. A line of somebody who is no member cannot count."""
    lines: dict[str, list[Line]] = {member: [] for member in _members(inputs)}
    for row in inputs["lines"]:
        line = _line(rule, row)
        if line.member in lines:
            lines[line.member].append(line)
        elif line.points:
            raise BadInputs(reason=f"{line.member}: no membership")
    return lines


def _line(rule: Policy, row: Mapping[str, Any]) -> Line:
    category = rule.category(row["category"])
    quantity, counted = int(row["quantity"]), fraction(row["counted"])
    factors = tuple((str(name), str(value)) for name, value in row["factors"])
    names = [name for name, _ in factors]
    if category is None or quantity < 0 or not 0 <= counted <= 1:
        raise BadInputs(reason=f"{row['member']} {row['category']} {row['asset']}")
    if len(names) != len(set(names)) or not set(names) <= set(category.factors):
        raise BadInputs(reason=f"{row['member']} {row['asset']}: {names}")
    values = [fraction(value) for _, value in factors]
    if counted and (row["unit"] not in category.units or any(value < 0 for value in values)):
        raise BadInputs(reason=f"{row['member']} {row['asset']}: {row['unit']}")
    points = quantity * counted * category.units.get(row["unit"], Fraction(0)) * prod(values, start=Fraction(1))
    return Line(
        row["member"],
        category.code,
        row["asset"],
        row["unit"],
        row["month"],
        quantity,
        factors,
        counted,
        tuple(row["reasons"]),
        points,
    )


def _totals(rule: Policy, lines: Mapping[str, list[Line]], members: list[str]) -> tuple[Total, ...]:
    """All points of each category and the weight in effect, after the rule for empty categories."""
    sums = {category.code: {member: Fraction(0) for member in members} for category in rule.categories}
    for member in members:
        for line in lines[member]:
            sums[line.category][member] += line.points
    points = {code: sum(by_member.values(), Fraction(0)) for code, by_member in sums.items()}
    filled = sum((category.weight for category in rule.categories if points[category.code]), Fraction(0))
    if not filled:
        raise NothingCounts()
    spread = filled if rule.empty_category == "renormalise" else Fraction(1)
    return tuple(
        Total(
            category=category.code,
            weight=category.weight,
            effective=category.weight / spread if points[category.code] else Fraction(0),
            points=points[category.code],
            contributors=sum(1 for earned in sums[category.code].values() if earned),
        )
        for category in rule.categories
    )


def _parts(member: str, lines: Mapping[str, list[Line]], totals: tuple[Total, ...]) -> tuple[Part, ...]:
    parts = []
    for total in totals:
        points = sum((line.points for line in lines[member] if line.category == total.category), Fraction(0))
        parts.append(Part(total.category, points, total.effective * points / total.points if points else Fraction(0)))
    return tuple(parts)


def _clip_name(scaled: Fraction, bounded: Fraction) -> str | None:
    if bounded == scaled:
        return None
    return "floor" if bounded > scaled else "cap"


def _total_document(total: Total) -> dict[str, Any]:
    return {
        "category": total.category,
        "weight": fraction_text(total.weight),
        "effective": fraction_text(total.effective),
        "points": fraction_text(total.points),
        "contributors": total.contributors,
    }


def _share_document(share: Share) -> dict[str, Any]:
    return {
        "member": share.member,
        "raw": fraction_text(share.raw),
        "exact": fraction_text(share.exact),
        "clip": share.clip,
        "grid": share.grid,
        "delta": fraction_text(share.delta),
        "parts": [
            {"category": part.category, "points": fraction_text(part.points), "part": fraction_text(part.part)}
            for part in share.parts
        ],
        "lines": [_line_document(line) for line in share.lines],
    }


def _line_document(line: Line) -> dict[str, Any]:
    return {
        "category": line.category,
        "asset": line.asset,
        "unit": line.unit,
        "month": line.month,
        "quantity": str(line.quantity),
        "factors": [list(factor) for factor in line.factors],
        "counted": fraction_text(line.counted),
        "reasons": list(line.reasons),
        "points": fraction_text(line.points),
    }
