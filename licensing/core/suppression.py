"""Which totals one member may be shown, run after run, so that no figure of a rival follows from all of them together.

A total is a candidate if it is safe by itself: without the member and its group, three unrelated contributors stand
behind it and none makes more than half. From that two things are taken away.

*Differences.* Against every total of the same category that the member was shown before, what changed must be safe by
the same rule, or be nothing: else the difference of two shown totals would tell what one rival added.

*Equations.* Each right gives one equation, Σ effective·own points·(1/total) = share, and with floor or cap one more
unknown, λ. All rights of all runs so far are looked at together; equal totals are one unknown. What the equations give
away even with every total hidden cannot be protected by hiding, and is said so. Of all else nothing may be determined:
while something is, the shown total with the member's largest part is hidden too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contributions.core.money import fraction
from licensing.core import equations
from licensing.core.results import CATEGORY, points_of, rights_of

UNRELATED_NEEDED = 3
Amounts = Mapping[str, Fraction]
Name = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An allocation that a member was shown, with the policy it was made by and the groups of its day."""

    document: Mapping[str, Any]
    policy: Mapping[str, Any]
    group_of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an allocation shows a member: categories with their totals, those that follow though hidden, and the rights
    whose scale of floor and cap follows."""

    totals: frozenset[str] = frozenset()
    derivable: frozenset[str] = frozenset()
    scales: frozenset[str] = frozenset()


@dataclass(slots=True)
class Knowledge:
    """What one member has been shown so far: equations, totals by their unknown, and each shown total's make-up."""

    member: str
    rows: list[dict[Name, Fraction]] = field(default_factory=list)
    known: set[Name] = field(default_factory=set)
    shown: dict[str, list[Amounts]] = field(default_factory=dict)
    runs: int = 0

    def learn(self, told: Told, *, shows: bool, all_of: bool = False) -> Shown:
        """Take in one more allocation: the categories whose totals it shows, and what cannot be protected.

        `shows` is whether the level shows totals at all; `all_of` whether it shows every one, safe or not.
        """
        points = points_of(told.document)
        names = {code: ("1/total", code, sum(held.values(), Fraction(0))) for code, held in points.items()}
        rows, parts = self._equations(told, points, names)
        self.rows += rows
        hopeless = equations.determined(self.rows, self.known)
        filled = all(name[2] for name in names.values())
        safe = self._candidates(points, told.group_of) if shows and filled else set()
        if all_of:
            safe = set(points)
        while not all_of:
            open_names = self.known | {names[code] for code in safe}
            betrayed = equations.determined(self.rows, open_names) - hopeless
            spare = [code for code in safe if parts.get(code) and names[code] not in self.known]
            if not betrayed or not spare:
                break
            # The largest part leaves the widest room for what the first hidden one may be.
            safe.discard(min(spare, key=lambda code: (-parts[code], code)))
        self.known |= {names[code] for code in safe}
        derivable = {code for code in names if code not in safe and names[code] in hopeless | self.known}
        for code in safe | derivable:
            self.shown.setdefault(code, []).append(points[code])
        given_away = equations.determined(self.rows, self.known)
        scales = {name[2] for name in given_away if name[:2] == ("scale", self.runs)}
        self.runs += 1
        return Shown(frozenset(safe), frozenset(derivable), frozenset(scales))

    def _candidates(self, points: Mapping[str, Amounts], group_of: Mapping[str, str]) -> set[str]:
        """The totals that are safe by themselves and against each total of the category that was shown before."""
        return {
            code
            for code, held in points.items()
            if is_safe(held, self.member, group_of)
            and all(_is_safe_change(before, held, self.member, group_of) for before in self.shown.get(code, ()))
        }

    def _equations(
        self, told: Told, points: Mapping[str, Amounts], names: Mapping[str, Name]
    ) -> tuple[list[dict[Name, Fraction]], dict[str, Fraction]]:
        """One row for each right that depends on a category, and the member's largest part of each category."""
        rows: list[dict[Name, Fraction]] = []
        parts: dict[str, Fraction] = {}
        for right in rights_of(told.document, told.policy):
            own = next((row for row in right["members"] if row["member"] == self.member), None)
            if own is None:
                continue
            row: dict[Name, Fraction] = {}
            amounts = {part["term"]: part for part in own["parts"]}
            for term in right["terms"]:
                self._add(row, term, amounts[term["term"]], points, names, parts)
            if row and fraction(right["scale"]) != 1:
                row["scale", self.runs, right["right"]] = Fraction(-own["grid"], right["grid"]) or Fraction(-1)
            if row:
                rows.append(row)
        return rows, parts

    def _add(
        self,
        row: dict[Name, Fraction],
        term: Mapping[str, Any],
        own: Mapping[str, str],
        points: Mapping[str, Amounts],
        names: Mapping[str, Name],
        parts: dict[str, Fraction],
    ) -> None:
        """What one term adds to a right's equation. Whatever is no category's total counts as known to the member."""
        part, effective = fraction(own["part"]), fraction(term["effective"])
        if term["kind"] == CATEGORY:
            code = category_of(term["term"])
            if part:
                row[names[code]] = row.get(names[code], Fraction(0)) + effective * fraction(own["amount"])
                parts[code] = max(parts.get(code, Fraction(0)), part)
        elif effective:
            for touched, prime in equations.generic(term["touches"]).items():
                row[names[touched]] = row.get(names[touched], Fraction(0)) + prime
                parts.setdefault(touched, part)


def category_of(term: str) -> str:
    """The category that a term is about, without the place of the term within a mix."""
    return term.rpartition(":")[2]


def is_safe(amounts: Amounts, member: str, group_of: Mapping[str, str]) -> bool:
    """Without the member and its group: three unrelated contributors, none with more than half of what is left."""
    return _is_spread(_others(amounts, member, group_of).values())


def _is_safe_change(before: Amounts, after: Amounts, member: str, group_of: Mapping[str, str]) -> bool:
    """Whether what the others' amounts changed by is nothing at all, or as well spread as a total has to be."""
    changed = {code: after.get(code, Fraction(0)) - before.get(code, Fraction(0)) for code in {*before, *after}}
    others = _others(changed, member, group_of)
    return not others or _is_spread(abs(amount) for amount in others.values())


def _others(amounts: Amounts, member: str, group_of: Mapping[str, str]) -> dict[str, Fraction]:
    """Group → amount, of all groups but the member's own; groups without any are left out."""
    mine = group_of.get(member, member)
    behind: dict[str, Fraction] = {}
    for code, amount in amounts.items():
        group = group_of.get(code, code)
        if group != mine and amount:
            behind[group] = behind.get(group, Fraction(0)) + amount
    return {group: amount for group, amount in behind.items() if amount}


def _is_spread(amounts: Iterable[Fraction]) -> bool:
    held = list(amounts)
    return len(held) >= UNRELATED_NEEDED and 2 * max(held) <= sum(held, Fraction(0))


def exposed(weights: Sequence[Mapping[str, Fraction]], codes: Iterable[str]) -> tuple[int, set[str]]:
    """Of a policy's rights, as rows of weights by category: how many equations are independent, and which totals they
    give away to a member with points in every category, though every total is hidden."""
    rows = [{("1/total", code): weight for code, weight in row.items()} for row in weights]
    found = equations.determined(rows)
    return equations.rank(rows), {code for code in codes if ("1/total", code) in found}
