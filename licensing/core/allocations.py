"""The allocation: from a policy and its inputs to shares of every right that sum to exactly one, every step kept.

    eligibility/1 → points/1 → the right's method → clip-lambda/1 → largest-remainder/1          (→ disclosure)

Pure and exact. The first step was taken when the inputs were folded; the last is taken for each viewer in `disclosure`.
The result holds the points of each line, and for each right its terms, the share before and after the bounds, the share
on the grid and the rounding between them. The share on the grid is the adopted one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.money import apportion, fraction, fraction_text
from licensing.core import divisions, policies
from licensing.core.bounds import clip
from licensing.core.coalitions import members as places
from licensing.core.named_games import Game, Voting
from licensing.core.policies import Policy, Right
from licensing.core.pools import Division, NothingCounts, Pool, Term
from licensing.core.results import Line, Part, Result, Share, Shared, Total

__all__ = ["NothingCounts"]

HELD = "~held"  # stands after every member code, so that a member wins a tie against what is held
LEAVING_PLAYERS_MAX = 16  # beyond, the 2^n coalitions are not gone through


class BadInputs(Refused):
    code = "bad-inputs"
    ja = "配分の入力文書を読めません（{reason}）。"
    en = "The inputs document cannot be read ({reason})."


def allocate(policy: dict[str, Any], inputs: dict[str, Any]) -> Result:
    """Every right of the policy, each divided by its method, bounded and rounded.

    points = quantity · counted · points per unit · Π factors        (of each line)
    raw(i) = Σ over the method's terms of effective · amount(i) / total
    exact(i) = clip(λ · raw(i), floor, cap)
    grid(i) = largest remainder of exact(i) on the grid

    Worked example (domain.md T6): weights 50/30/20; data 600, 300, 100; GPU-hours 0, 8,000, 2,000; cash 10, 0, 30
    → 0.35, 0.39, 0.26. Shares are dimensionless fractions.
    """
    rule = policies.read(policy)
    lines = rated(rule, inputs)
    pool = _pool(rule, inputs, lines)
    shared = {right.right: share_out(right, pool) for right in rule.shared}
    return Result(
        v=rule.v,
        policy_sha256=policies.address(policy),
        inputs_sha256=canonical.sha256_hex(canonical.dumps(inputs)),
        release=inputs["release"],
        window=(inputs["window"][0], inputs["window"][1]),
        points=pool.points,
        lines=lines,
        rights=tuple(shared.values()),
        main=shared[rule.main.right],
    )


def pooled(policy: dict[str, Any], inputs: dict[str, Any]) -> tuple[Policy, Pool]:
    """The rule, and what its methods may look at: where a what-if begins."""
    rule = policies.read(policy)
    return rule, _pool(rule, inputs, rated(rule, inputs))


# ---- the rows that an adoption commits to ----
def rows(result: Result, salts: Callable[[str], str]) -> list[dict[str, Any]]:
    """The rows that an adopted allocation commits to, in order of name, each with its own salt.

    One row per category total; per right, one for each member's share and one for what is held. A row opens alone: a
    member's row holds the share on the grid and not the exact fraction, from which totals could be worked out.
    """
    facts: dict[str, dict[str, Any]] = {
        f"category:{code}": {"points": fraction_text(sum(held.values(), Fraction(0)))}
        for code, held in result.points.items()
    }
    for right in result.rights:
        within = "" if result.v == 1 else f"right:{right.right}:"
        for share in right.members:
            facts[f"{within}member:{share.member}"] = {"share": share.grid, "of": right.grid}
        if right.held:
            facts[f"{within}held:{HELD}"] = {"share": right.held, "of": right.grid}
    return [{"v": 1, "row": name, "salt": salts(name), **facts[name]} for name in sorted(facts)]


def shares_of(committed: list[dict[str, Any]], *, first: str = "revenue") -> dict[str, dict[str, str]]:
    """Right → member → share, from the rows of an adopted allocation; rows of version 1 speak of one right, `first`."""
    found: dict[str, dict[str, str]] = {}
    for row in committed:
        parts = row["row"].split(":")
        if parts[-2] == "member":
            right = parts[1] if parts[0] == "right" else first
            found.setdefault(right, {})[parts[-1]] = fraction_text(Fraction(row["share"], row["of"]))
    return found


# ---- points ----
def _members(inputs: Mapping[str, Any]) -> list[str]:
    members = sorted({row["member"] for row in inputs["members"]})
    if not members:
        raise NothingCounts()
    return members


def rated(rule: Policy, inputs: Mapping[str, Any]) -> dict[str, list[Line]]:
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
    if len(names) != len(set(names)) or not set(names) <= set(category.rated):
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


def _pool(rule: Policy, inputs: Mapping[str, Any], lines: Mapping[str, list[Line]]) -> Pool:
    """What the methods may look at: the points, and what else the inputs carry."""
    points = {category.code: dict.fromkeys(lines, Fraction(0)) for category in rule.categories}
    for member, held in lines.items():
        for line in held:
            points[line.category][member] += line.points
    return Pool(
        members=tuple(lines),
        points=points,
        stakes=_fractions(inputs.get("stakes", {})),
        days=inputs.get("days", {}),
        tables={name: _fractions(table) for name, table in inputs.get("tables", {}).items()},
        valuations=inputs.get("valuations", {}),
        groups=inputs["groups"],
        lineage=[(row["release"], fraction(row["weight"])) for row in inputs.get("lineage", ())],
        parents={
            release: {right: _fractions(shares) for right, shares in by_right.items()}
            for release, by_right in inputs.get("parents", {}).items()
        },
    )


def _fractions(row: Mapping[str, str]) -> dict[str, Fraction]:
    return {key: fraction(value) for key, value in row.items()}


# ---- one right ----
def share_out(right: Right, pool: Pool) -> Shared:
    """One right divided by its method, bounded and rounded."""
    assert right.method is not None
    division = divisions.divide(right.method, pool, right.right)
    members, whole = pool.members, division.whole
    raw = [division.raw(member) for member in members]
    earning = sum(1 for share in raw if share > 0)
    policies.check_bounds(right, members=len(members), earning=earning, whole=whole)
    scale, exact = clip(raw, floor=right.floor, cap=right.cap, whole=whole)
    assert sum(raw, Fraction(0)) == whole == sum(exact, Fraction(0)), "shares must be conserved"
    *grid, held = apportion(right.grid, [*exact, 1 - whole], [*members, HELD])
    shares = tuple(
        Share(
            member=member,
            raw=raw[i],
            exact=exact[i],
            clip=_clip_name(scale * raw[i], exact[i]),
            grid=grid[i],
            delta=Fraction(grid[i], right.grid) - exact[i],
            parts=tuple(
                Part(term.code, term.amounts.get(member, Fraction(0)), term.part(member)) for term in division.terms
            ),
        )
        for i, member in enumerate(members)
    )
    assert sum(share.grid for share in shares) + held == right.grid, "the grid must be conserved"
    return Shared(
        right=right.right,
        form=right.form,
        method=right.method.name,
        grid=right.grid,
        scale=scale,
        held=held,
        terms=tuple(_total(term, members) for term in division.terms),
        members=shares,
        steps=(*division.steps, *_last_steps(right, scale, shares)),
        notes=tuple({"ja": note.text.ja, "en": note.text.en, "for": note.audience} for note in division.notes),
        leaving=_leaving(division, dict(zip(members, exact, strict=True))),
    )


def _total(term: Term, members: tuple[str, ...]) -> Total:
    contributors = sum(1 for member in members if term.amounts.get(member))
    return Total(term.code, term.kind, term.method, term.weight, term.effective, term.total, contributors, term.touches)


def _last_steps(right: Right, scale: Fraction, shares: tuple[Share, ...]) -> list[dict[str, Any]]:
    """The bounds and the rounding, as the trace tells them: λ, who met a bound, and who was rounded up."""
    return [
        {
            "step": policies.BOUNDS,
            "floor": fraction_text(right.floor),
            "cap": fraction_text(right.cap),
            "scale": fraction_text(scale),
            "met": {share.member: share.clip for share in shares if share.clip},
        },
        {
            "step": policies.ROUNDING,
            "grid": right.grid,
            "up": [share.member for share in shares if share.delta > 0],
        },
    ]


def _leaving(division: Division, exact: Mapping[str, Fraction]) -> tuple[dict[str, Any], ...]:
    """The coalition that would gain most by leaving, at these shares: v(S) − Σ share · v(N); none if nobody would.

    A quota's worth is a decision, nothing that leavers take along, so no coalition of a voting game is named.
    """
    game = division.game
    if game is None or game.costs or isinstance(game, Voting) or len(game.players) > LEAVING_PLAYERS_MAX:
        return ()
    everybody = (1 << len(game.players)) - 1
    kept = sum((exact.get(player, Fraction(0)) for player in game.players), Fraction(0))
    coalition, gain = everybody, game.worth(everybody) * (1 - kept)
    if (found := complaint(game, exact)) is not None and found[1] >= gain:
        coalition, gain = found
    if gain <= 0:
        return ()
    return (
        {
            "players": _names(game, coalition),
            "gain": fraction_text(gain),
            "worth": fraction_text(game.worth(coalition)),
        },
    )


def complaint(game: Game, exact: Mapping[str, Fraction]) -> tuple[int, Fraction] | None:
    """The coalition, short of all, with the greatest complaint at these shares, and that: max of v(S) − Σ share · v(N).

    Not above 0 where the division lies in the core. None for a game of costs, and beyond so many players.

    Majority of three in equal parts: any two could have all and get two thirds, so a third.
    """
    if game.costs or not 1 < len(game.players) <= LEAVING_PLAYERS_MAX:
        return None
    whole = game.worth((1 << len(game.players)) - 1)
    gets = [exact.get(player, Fraction(0)) * whole for player in game.players]
    held = [Fraction(0)] * (1 << len(gets))
    best, greatest = 0, -whole
    for coalition in range(1, len(held)):
        low = coalition & -coalition
        held[coalition] = held[coalition ^ low] + gets[low.bit_length() - 1]
        excess = game.worth(coalition) - held[coalition]
        if coalition + 1 < len(held) and (not best or excess > greatest):
            best, greatest = coalition, excess
    return best, greatest


def _names(game: Game, coalition: int) -> list[str]:
    return [game.players[place] for place in places(coalition)]


def _clip_name(scaled: Fraction, bounded: Fraction) -> str | None:
    if bounded == scaled:
        return None
    return "floor" if bounded > scaled else "cap"
