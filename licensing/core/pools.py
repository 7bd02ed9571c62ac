"""What methods divide by, and what a division is made of.

The pool holds what was folded from the log: points, stakes, days, tables, valuations, groups, parents. A division is a
sum of terms; each says of what kind it is, and what a viewer may know of each kind is decided in `disclosure`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import methods
from licensing.core.methods import Basis
from licensing.core.named_games import Game

ZERO, ONE = Fraction(0), Fraction(1)
CATEGORY, OWN, COMMON, VALUED, USAGE, PARENT = "category", "own", "common", "game", "usage", "parent"
DESK, ALL = "desk", "all"


class NothingCounts(Refused):
    code = "nothing-counts"
    ja = "数えられる拠出が一つもないため、配分を計算できません。審査と確認の状況を見てください。"
    en = "No contribution counts, so there is nothing to allocate by. Look at reviews and acceptances."


class TableIncomplete(Refused):
    code = "table-incomplete"
    ja = "表「{table}」に {missing} の行がありません。すべての会員の行がある表を採択してから計算してください。"
    en = "The table “{table}” has no line for {missing}. Adopt a table with a line for every member first."


class NotAdopted(Refused):
    code = "valuation-not-adopted"
    ja = "規程が指す提携値表（SHA-256 {digest}…）は、この時点までに採択されていません。"
    en = "The valuation that the policy names (SHA-256 {digest}…) was not adopted by this checkpoint."


class ValuationIncomplete(Refused):
    code = "valuation-incomplete"
    ja = "提携値表（SHA-256 {digest}…）は {held} 行で、{wanted} 行すべてが必要です。"
    en = "The valuation (SHA-256 {digest}…) has {held} of the {wanted} coalitions; every one is needed."


class NotMembers(Refused):
    code = "players-not-members"
    ja = "「{where}」にある {names} は、対象期間の会員ではありません。"
    en = "“{where}” names {names}, who were no members in the period."


class NegativeShare(Refused):
    code = "negative-share"
    ja = "方法 {method} では {member} の値が負になるため、配分比率にできません。別の方法か提携値表を使ってください。"
    en = "By {method} the value of {member} is negative, which is no share. Use another method or valuation."


@dataclass(frozen=True, slots=True)
class Pool:
    """What the methods may look at, as folded from the log."""

    members: tuple[str, ...]
    points: Mapping[str, Mapping[str, Fraction]]
    stakes: Mapping[str, Fraction] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    valuations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    groups: Sequence[Sequence[str]] = ()
    lineage: Sequence[tuple[str, Fraction]] = ()
    parents: Mapping[str, Mapping[str, Mapping[str, Fraction]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: its weight in the policy and in effect, each member's amount, their total.

    `touches` are the categories whose totals the amounts or the total depend on, other than as x/X of the term itself.
    """

    code: str
    kind: str
    method: str
    weight: Fraction
    effective: Fraction
    amounts: Mapping[str, Fraction]
    total: Fraction
    touches: tuple[str, ...] = ()

    def part(self, member: str) -> Fraction:
        """effective · amount / total."""
        amount = self.amounts.get(member, ZERO)
        return self.effective * amount / self.total if amount else ZERO

    def within(self, prefix: str, weight: Fraction) -> Term:
        """The same term as a part of a mix, or of what was added to a parent."""
        return replace(
            self, code=f"{prefix}{self.code}", weight=self.weight * weight, effective=self.effective * weight
        )


@dataclass(frozen=True, slots=True)
class Note:
    """What must be said of a game; to all, or to the desk alone where it tells what a coalition is worth."""

    text: Text
    audience: str = ALL


@dataclass(frozen=True, slots=True)
class Division:
    """The terms, what they share out, and the notes; `steps` is the trace; `game` what coalitions could do alone."""

    terms: tuple[Term, ...]
    whole: Fraction = ONE
    notes: tuple[Note, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()
    game: Game | None = None

    def raw(self, member: str) -> Fraction:
        """Σ of the member's parts."""
        return sum((term.part(member) for term in self.terms), ZERO)


def amounts_of(basis: Basis, pool: Pool) -> dict[str, Fraction]:
    """Each member's amount; a signed table must have a line for every member."""
    if basis.of == methods.POINTS:
        return {
            member: sum((pool.points[code].get(member, ZERO) for code in basis.categories), ZERO)
            for member in pool.members
        }
    if basis.of == methods.STAKES:
        return {member: pool.stakes.get(member, ZERO) for member in pool.members}
    if basis.of == methods.EACH:
        return dict.fromkeys(pool.members, ONE)
    lines = pool.tables.get(basis.table, {})
    missing = [member for member in pool.members if member not in lines]
    if missing:
        raise TableIncomplete(table=basis.table, missing=", ".join(missing))
    return {member: lines[member] for member in pool.members}


def kind_of(basis: Basis) -> tuple[str, str, tuple[str, ...]]:
    """The kind of a term over that basis, its code, and the categories it depends on."""
    if basis.of == methods.POINTS:
        if len(basis.categories) == 1:
            return CATEGORY, basis.categories[0], ()
        return OWN, "+".join(basis.categories), basis.categories
    return (COMMON, basis.of, ()) if basis.of == methods.EACH else (OWN, basis.table or basis.of, ())
