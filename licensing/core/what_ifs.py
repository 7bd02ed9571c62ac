"""What if: one right shared out again under other assumptions, beside what it is. Nothing here is ever stored.

Whoever sees everything (desk, auditor) changes the pool itself: other weights, another method, a contribution added, a
member left out. A member below the open level changes only its own points and public weights, and works with the totals
that its page shows; where one it would need is hidden, there is no answer, so no what-if tells more than the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from contributions.core.errors import Refused
from licensing.core import divisions, methods
from licensing.core.allocations import complaint, share_out
from licensing.core.categories import CATEGORIES
from licensing.core.coalitions import members
from licensing.core.methods import Basis, Method
from licensing.core.named_games import Game, Voting
from licensing.core.policies import Policy, Right
from licensing.core.pools import CATEGORY, Pool
from licensing.core.results import Shared
from licensing.core.suppression import category_of
from licensing.core.views import AllocationView

ZERO = Fraction(0)
ALTERNATIVES = ("equal/1", "stakes/1", "proportional/1", methods.WEIGHTED)
FOR_GAMES = ("shapley/1", "banzhaf/1", methods.OWEN, "nucleolus/1", "prenucleolus/1")


class TotalHidden(Refused):
    code = "total-hidden"
    ja = "この試算には「{category}」の総量が必要ですが、開示水準により示されていません。ほかの区分で試してください。"
    en = "This would need the total of {category}, which the disclosure level does not show. Try another category."


class NoWeights(Refused):
    code = "no-weights"
    ja = "この権利は区分の重みで配分していないため、重みを変える試算はできません。"
    en = "This right is not shared by weights of categories, so there are none to change."


@dataclass(frozen=True, slots=True)
class Change:
    """What is assumed instead: weights by category, another method, points added for a member, a member left out."""

    weights: Mapping[str, Fraction] = field(default_factory=dict)
    method: str = ""
    added: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    without: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One member's share before and after; None where it has none."""

    member: str
    before: Fraction | None
    after: Fraction | None

    @property
    def difference(self) -> Fraction:
        """After less before."""
        return (self.after or ZERO) - (self.before or ZERO)


@dataclass(frozen=True, slots=True)
class Compared:
    """One method in the comparison of several: its shares, how concentrated they are, and how stable.

    `complaint` is the greatest complaint of any coalition at these shares, as a part of v(N): not above 0 where nobody
    would gain by leaving. `leaving` names that coalition, but for votes, which leavers take nowhere.
    """

    name: str
    shares: Mapping[str, Fraction]
    refusal: Refused | None = None
    complaint: Fraction | None = None
    leaving: Sequence[str] = ()

    @property
    def concentration(self) -> Fraction:
        """Σ share²: 1/n if all have the same, 1 if one has all (Herfindahl)."""
        return sum((share * share for share in self.shares.values()), ZERO)

    @property
    def largest(self) -> Fraction:
        """The largest share."""
        return max(self.shares.values(), default=ZERO)


def changed(right: Right, pool: Pool, change: Change) -> Shared:
    """The right shared out under the change; refused where it cannot be.

    Worked example: data 3 and 1 at weight 1; A adds 4 → 7/8 and 1/8; without B → 1.
    """
    if change.weights:
        right = replace(right, method=_reweighed(right, change.weights))
    if change.method:
        right = replace(right, method=_alternative(change.method, right, pool))
    return share_out(right, pool_of(pool, change))


def same(rule: Policy, right: Right) -> Right:
    """The same right in another version; the one money goes by where that version does not share it."""
    return next((each for each in rule.shared if each.right == right.right), rule.main)


def beside(before: Shared, after: Shared) -> list[Row]:
    """Both side by side, by member."""
    shares = [{share.member: share.exact for share in one.members} for one in (before, after)]
    return [Row(member, shares[0].get(member), shares[1].get(member)) for member in sorted({*shares[0], *shares[1]})]


def own(view: AllocationView, change: Change, member: str) -> tuple[Fraction, Fraction]:
    """A member’s own share before floor, cap and rounding: as it is, and under the change; from its own view alone.

    Σ_c w(c) · (own + added) / (total + added), of categories whose totals the view shows.
    """
    assert view.own is not None
    if change.weights and not all(row.kind == CATEGORY for row in view.categories):
        raise NoWeights()
    amounts = {part.category: part for part in view.own.parts}
    found = [ZERO, ZERO]
    for row in view.categories:
        part, code = amounts[row.category], category_of(row.category)
        if row.kind != CATEGORY:
            if part.part is None:
                raise TotalHidden(category=methods.NAMES[row.method])
            found = [each + part.part for each in found]
            continue
        points, more = part.points or ZERO, change.added.get((member, code), ZERO)
        weight = change.weights.get(code, row.weight)
        if points + more and (row.total is None or row.effective is None):
            raise TotalHidden(category=CATEGORIES[code])
        if points + more:
            assert row.total is not None and row.effective is not None
            spread = row.effective / row.weight if row.weight else Fraction(1)
            found[0] += row.effective * points / row.total if points else ZERO
            found[1] += weight * spread * (points + more) / (row.total + more)
    return found[0], found[1]


def compared(right: Right, pool: Pool, game: Method | None) -> list[Compared]:
    """The usual methods on the same pool, without floor and cap; games too where the policy declares one."""
    free = replace(right, floor=ZERO, cap=Fraction(1))
    found = []
    assert right.method is not None
    named = [right.method, *(_alternative(name, right, pool) for name in ALTERNATIVES if name != right.method.name)]
    if game is not None:
        named += [replace(game, name=name, unions=methods.GROUPS) for name in FOR_GAMES if name != right.method.name]
    declared = _declared(game, pool, right.right)
    for method in named:
        try:
            shared = share_out(replace(free, method=method), pool)
        except Refused as refusal:
            found.append(Compared(method.name, {}, refusal))
            continue
        shares = {share.member: share.exact for share in shared.members}
        found.append(Compared(method.name, shares, None, *_stability(declared, shares)))
    return found


def _declared(method: Method | None, pool: Pool, right: str) -> Game | None:
    """The game that the policy declares, over this pool; none where it declares none, or none that can be played."""
    if method is None:
        return None
    try:
        return divisions.divide(method, pool, right).game
    except Refused:
        return None


def _stability(game: Game | None, shares: Mapping[str, Fraction]) -> tuple[Fraction | None, Sequence[str]]:
    """The greatest complaint at these shares as a part of v(N), and who would gain by leaving: by any method alike."""
    found = complaint(game, shares) if game is not None else None
    whole = game.worth((1 << len(game.players)) - 1) if game is not None else ZERO
    if found is None or game is None or whole <= 0:
        return None, ()
    coalition, gain = found
    named = gain > 0 and not isinstance(game, Voting)
    return gain / whole, [game.players[place] for place in members(coalition)] if named else ()


def game_of(right: Right, others: Sequence[Right]) -> Method | None:
    """A method of the policy that declares a game: the right’s own, else another right’s."""
    for each in (right, *others):
        found = next((one for one in (each.method.all() if each.method else ()) if one.game is not None), None)
        if found is not None:
            return found
    return None


def _reweighed(right: Right, weights: Mapping[str, Fraction]) -> Method:
    method = right.method
    assert method is not None
    if method.name != methods.WEIGHTED:
        raise NoWeights()
    methods.check_whole(sum(weights.values(), ZERO), right.right)
    return replace(method, weights={code: weight for code, weight in weights.items() if weight})


def _alternative(name: str, right: Right, pool: Pool) -> Method:
    codes = tuple(sorted(pool.points))
    if name == "proportional/1":
        return Method(name, basis=Basis(methods.POINTS, categories=codes))
    if name == methods.WEIGHTED:
        return Method(name, weights=dict.fromkeys(codes, Fraction(1, len(codes))))
    return Method(name)


def pool_of(pool: Pool, change: Change) -> Pool:
    """The pool with the points added, and without whoever is left out."""
    points = {code: dict(held) for code, held in pool.points.items()}
    for (member, code), amount in change.added.items():
        points[code][member] = points[code].get(member, ZERO) + amount
    if not change.without:
        return replace(pool, points=points)
    left = change.without
    return replace(
        pool,
        members=tuple(member for member in pool.members if member != left),
        points={code: {m: amount for m, amount in held.items() if m != left} for code, held in points.items()},
        stakes={member: share for member, share in pool.stakes.items() if member != left},
        groups=[[member for member in group if member != left] for group in pool.groups],
    )
