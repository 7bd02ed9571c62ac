"""Which totals one member may be shown, run after run, so that no figure of a rival follows from all of them together.

A total is a candidate if it is safe by itself: without the member and its group, three unrelated contributors stand
behind it and none makes more than half. From that two things are taken away.

*Differences.* Against every total of the same category that the member was shown before, what changed must be safe by
the same rule, or be nothing: else the difference of two shown totals would tell what one rival added. And of all totals
of a category that the member knows, taken together, no combination may speak of fewer than three unrelated rivals
(`sums`): three totals can tell what no two of them do. Nor may they, with nothing but that no amount is below zero,
leave any rival's amount less room than from nothing to twice what it is (`ranges`): that is what “none makes more than
half” means of one total, held of all of them.

*Equations.* Each right gives one equation, Σ effective·own points·(1/total) = share, and with floor or cap one more
unknown, λ. All rights of all runs so far are looked at together; equal totals are one unknown. What the equations give
away even with every total hidden cannot be protected by hiding, and is said so. Of all else nothing may be determined:
while something is, the shown total with the member's largest part is hidden too.

A group knows what each of its members is shown, so it is one reader: its members' equations stand side by side, and its
members are shown the same totals. What signed tables and stakes sum to is judged like a category's total.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from contributions.core.money import fraction
from licensing.core import equations, ranges
from licensing.core.pools import OWN
from licensing.core.results import CATEGORY, points_of, rights_of
from licensing.core.sums import SUMS_MAX, Sum, Unknown, telling

UNRELATED_NEEDED = 3
TOTAL = "1/total"
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
    """What an allocation shows a member: categories with their totals, those that follow though hidden, the rights
    whose scale of floor and cap follows, and what else is summed and shown: stakes, tables."""

    totals: frozenset[str] = frozenset()
    derivable: frozenset[str] = frozenset()
    scales: frozenset[str] = frozenset()
    summed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Knowledge:
    """What one member, with its group, has been shown so far.

    Equations; totals by their unknown; each known total's make-up, one after another; everything that any total stood
    for, by its unknown; and amounts of others that an open level showed one by one.
    """

    member: str
    rows: list[dict[Name, Fraction]] = field(default_factory=list)
    known: set[Name] = field(default_factory=set)
    shown: dict[str, list[Amounts]] = field(default_factory=dict)
    told: dict[Name, list[Sum]] = field(default_factory=dict)
    amounts: dict[str, set[Unknown]] = field(default_factory=dict)
    runs: int = 0

    def learn(self, told: Told, *, shows: bool, all_of: bool = False) -> Shown:
        """Take in one more allocation: the categories whose totals it shows, and what cannot be protected.

        `shows` is whether the level shows totals at all; `all_of` whether it shows every one, safe or not.
        """
        mine = told.group_of.get(self.member, self.member)
        if all(told.group_of.get(row["member"], row["member"]) != mine for row in told.document["members"]):
            return Shown()  # whoever had no share in it was shown that it exists, and no more
        points = points_of(told.document)
        names = {code: self._name(code, held, told.group_of) for code, held in points.items()}
        before = self._follows(self.known)
        rows, parts = self._equations(told, points, names)
        self.rows += rows
        hopeless = self._follows(self.known)
        filled = all(any(held.values()) for held in points.values())
        # What only this run's own equations give away to within rounding is not therefore shown to the last digit.
        told_of = before | (hopeless - set(names.values()))
        safe = {code for code, held in points.items() if self._is_candidate(code, held, told.group_of, told_of)}
        if all_of:
            safe = set(points)
        elif not (shows and filled):
            safe = set()
        while not all_of:
            open_names = self.known | {names[code] for code in safe}
            betrayed = self._follows(open_names) - hopeless - self._same(open_names)
            spare = [code for code in safe if parts.get(code) and names[code] not in hopeless]
            if not betrayed or not spare:
                break
            # The largest part leaves the widest room for what the first hidden one may be.
            safe.discard(min(spare, key=lambda code: (-parts[code], code)))
        self.known |= {names[code] for code in safe}
        given_away = self._follows(self.known)
        derivable = {code for code in names if code not in safe and names[code] in given_away}
        for code, held in points.items():
            self._remember(code, held, told.group_of, is_known=code in safe | derivable, all_of=all_of)
        scales = {name[2] for name in given_away if name[:2] == ("scale", self.runs)}
        summed = self._learn_sums(told, shows=shows, all_of=all_of)
        self.runs += 1
        return Shown(frozenset(safe), frozenset(derivable), frozenset(scales), frozenset(summed))

    def _name(self, code: str, held: Amounts, group_of: Mapping[str, str]) -> Name:
        name = _name(code, held, self.member, group_of)
        self.told.setdefault(name, []).append(_sum_of(held))
        return name

    def _follows(self, known: Collection[Name]) -> set[Name]:
        """Every unknown that has one value, given those known: by the equations, and from one total to another."""
        found = set(known)
        while True:
            more = equations.determined(self.rows, found)
            more |= self._same(found | more)
            if more <= found:
                return found
            found |= more

    def _same(self, known: Collection[Name]) -> set[Name]:
        """The totals that differ from known ones by nothing but the group's own amounts."""
        settled = {name[:3] for name in known if name[0] == TOTAL}
        return {name for name in self.told if name[:3] in settled}

    def _learn_sums(self, told: Told, *, shows: bool, all_of: bool) -> set[str]:
        """What is summed beside points and shown below the open level: stakes and signed tables."""
        found = set()
        for code, held in sums_of(told).items():
            name = self._name(code, held, told.group_of)
            is_shown = all_of or (shows and self._is_candidate(code, held, told.group_of, self.known))
            if is_shown:
                found.add(code)
                self.known.add(name)
            self._remember(code, held, told.group_of, is_known=is_shown, all_of=all_of)
        return found

    def _remember(self, code: str, held: Amounts, group_of: Mapping[str, str], *, is_known: bool, all_of: bool) -> None:
        mine = group_of.get(self.member, self.member)
        seen = self.amounts.setdefault(code, set())
        everything = _sum_of(held)
        seen |= {each for each in everything if all_of or group_of.get(each[0], each[0]) == mine}
        if is_known:
            self.shown.setdefault(code, []).append(held)

    def _is_candidate(self, code: str, held: Amounts, group_of: Mapping[str, str], told_of: Collection[Name]) -> bool:
        """Whether a total is safe by itself, against each one shown before, and with all that are known together."""
        return (
            is_safe(held, self.member, group_of)
            and all(_is_safe_change(before, held, self.member, group_of) for before in self.shown.get(code, ()))
            and self._is_safe_together(code, held, group_of, told_of)
        )

    def _is_safe_together(
        self, code: str, held: Amounts, group_of: Mapping[str, str], told_of: Collection[Name]
    ) -> bool:
        """Whether this total lets no combination speak of fewer than three rivals that did not without it."""
        mine = group_of.get(self.member, self.member)
        new = {_sum_of(held)}
        before = {one for name, each in self.told.items() if name[1] == code and name in told_of for one in each}
        if new <= before:
            return True
        if len(before | new) > SUMS_MAX:
            return False
        known = self.amounts.get(code, set()) | {
            each for one in before | new for each in one if group_of.get(each[0], each[0]) == mine
        }

        if self._narrowed(before, new, known, group_of):
            return False

        def told_by(rows: Iterable[Sum]) -> dict[frozenset[str], int]:
            ordered = sorted(rows, key=sorted)
            return telling(ordered, lambda who: group_of.get(who, who), few=UNRELATED_NEEDED - 1, known=known)

        return told_by(before | new) == told_by(before)

    def _narrowed(
        self, before: set[Sum], new: set[Sum], known: Collection[Unknown], group_of: Mapping[str, str]
    ) -> bool:
        """Whether, with this total, all that are known leave an amount of a rival less room than a safe total must."""

        def narrow(rows: Iterable[Sum]) -> set[frozenset[Unknown]]:
            held = [{one: cast(Fraction, one[1]) for one in row} for row in sorted(rows, key=sorted)]
            return ranges.narrow(held, lambda who: group_of.get(who, who), known=known)

        found = narrow(before | new)
        return bool(found) and not found <= narrow(before)

    def _equations(
        self, told: Told, points: Mapping[str, Amounts], names: Mapping[str, Name]
    ) -> tuple[list[dict[Name, Fraction]], dict[str, Fraction]]:
        """One row for each right that depends on a category and each member of the group, and the group's largest part
        of each category."""
        rows: list[dict[Name, Fraction]] = []
        parts: dict[str, Fraction] = {}
        mine = told.group_of.get(self.member, self.member)
        for right in rights_of(told.document, told.policy):
            for own in right["members"]:
                if told.group_of.get(own["member"], own["member"]) != mine:
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


def sums_of(told: Told) -> dict[str, dict[str, Fraction]]:
    """What rights are shared by that is neither points nor made of them: member → amount, by the code of the term."""
    found: dict[str, dict[str, Fraction]] = {}
    for right in rights_of(told.document, told.policy):
        for term in right["terms"]:
            if term["kind"] == OWN and not term["touches"]:
                found[category_of(term["term"])] = {
                    row["member"]: fraction(part["amount"])
                    for row in right["members"]
                    for part in row["parts"]
                    if part["term"] == term["term"]
                }
    return found


def _name(code: str, held: Amounts, member: str, group_of: Mapping[str, str]) -> Name:
    """The unknown that a total is to a member: what the others put in, of which nothing is known, and its group's own.

    Two totals of which the others' part is the same differ by what the member knows: to know one is to know the other.
    """
    mine = group_of.get(member, member)
    others = frozenset(each for each in _sum_of(held) if group_of.get(each[0], each[0]) != mine)
    own = sum((amount for who, amount in held.items() if group_of.get(who, who) == mine), Fraction(0))
    return TOTAL, code, others, own


def _sum_of(held: Amounts) -> Sum:
    return frozenset((member, amount) for member, amount in held.items() if amount)


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
    rows = [{(TOTAL, code): weight for code, weight in row.items()} for row in weights]
    found = equations.determined(rows)
    return equations.rank(rows), {code for code in codes if (TOTAL, code) in found}
