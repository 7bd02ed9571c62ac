"""Dividing one right by its method: terms of weight · amount / total, which sum to what is shared out.

Whatever the method, the answer has one form, so that a page explains all alike: each term has a weight, an amount for
each member (points, stakes, days, a game's values, awards) and their total, and a member's part is

    part(i, t) = effective(t) · amount(i, t) / total(t)          raw(i) = Σ_t part(i, t)          Σ_i raw(i) = whole

`whole` is 1, or less where an empty category is held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from contributions.core.money import fraction_text
from contributions.core.words import Text
from licensing.core import airport, claims, methods, splits, worths
from licensing.core.methods import Basis, Method
from licensing.core.pools import (
    CATEGORY,
    ONE,
    OWN,
    PARENT,
    USAGE,
    ZERO,
    Division,
    NegativeShare,
    Note,
    NothingCounts,
    NotMembers,
    Pool,
    TableIncomplete,
    Term,
    amounts_of,
    kind_of,
)

LEFT = Text(
    "親モデルの配分のうち、すでに会員でない者の分は、残る会員に比例して配りました。",
    "Of a parent’s allocation, the part of those who are no members any more went to the others in proportion.",
)


def divide(method: Method, pool: Pool, right: str) -> Division:
    """The right divided by the method.

    Worked example: stakes 40, 35, 25 → one term of weight 1, total 100; parts 2/5, 7/20, 1/4.
    """
    rule = _RULES[method.name]
    found = rule(method, pool, right)
    for term in found.terms:
        negative = next((member for member in pool.members if term.amounts.get(member, ZERO) < 0), None)
        if negative is not None:
            raise NegativeShare(method=methods.NAMES[term.method], member=negative)
    return found


# ---- by points ----
def _weighted(method: Method, pool: Pool, right: str) -> Division:
    """part(i,c) = weight(c) · points(i,c) / Σ points(c); an empty category by the policy's rule."""
    totals = {code: sum(pool.points[code].values(), ZERO) for code in pool.points if code in method.weights}
    filled = sum((method.weights[code] for code, total in totals.items() if total), ZERO)
    if not filled:
        raise NothingCounts()
    spread = filled if method.empty_category == "renormalise" else ONE
    terms = tuple(
        Term(
            code,
            CATEGORY,
            method.name,
            method.weights[code],
            method.weights[code] / spread if total else ZERO,
            pool.points[code],
            total,
        )
        for code, total in totals.items()
    )
    whole = sum((term.effective for term in terms), ZERO)
    return Division(terms, whole, steps=({"step": method.name, "shared": fraction_text(whole)},))


# ---- by amounts ----
def _by_amounts(method: Method, amounts: Mapping[str, Fraction], basis: Basis) -> Division:
    splits.proportional(amounts)  # refuses negative amounts, and nothing to share by
    kind, code, touches = kind_of(basis)
    term = Term(code, kind, method.name, ONE, ONE, amounts, sum(amounts.values(), ZERO), touches)
    return Division((term,), steps=({"step": method.name, "basis": code},))


def _equal(method: Method, pool: Pool, right: str) -> Division:
    basis = Basis(methods.EACH)
    return _by_amounts(method, amounts_of(basis, pool), basis)


def _stakes(method: Method, pool: Pool, right: str) -> Division:
    basis = Basis(methods.STAKES)
    return _by_amounts(method, amounts_of(basis, pool), basis)


def _proportional(method: Method, pool: Pool, right: str) -> Division:
    assert method.basis is not None
    return _by_amounts(method, amounts_of(method.basis, pool), method.basis)


def _time_weighted(method: Method, pool: Pool, right: str) -> Division:
    """amount · days of membership; the total is of amounts by days, no category's own."""
    assert method.basis is not None
    amounts = {member: amount * pool.days.get(member, 0) for member, amount in amounts_of(method.basis, pool).items()}
    found = _by_amounts(method, amounts, method.basis)
    kind, code, touches = kind_of(method.basis)
    kind = OWN if kind == CATEGORY else kind
    term = replace(found.terms[0], kind=kind, code=f"{code}·days", touches=touches or method.basis.categories)
    return replace(found, terms=(term,))


def _tiered(method: Method, pool: Pool, right: str) -> Division:
    """Each section of a cost in equal parts by those who need it: what each pays, as a part of the whole cost."""
    assert method.basis is not None
    needs = amounts_of(method.basis, pool)
    splits.proportional(needs)
    paid = dict(zip(needs, airport.tiered(list(needs.values())), strict=True))
    return _settled(method, paid, max(needs.values()), method.basis)


def _claimed(method: Method, pool: Pool, right: str) -> Division:
    assert method.basis is not None
    claimed = amounts_of(method.basis, pool)
    awards = claims.METHODS[method.name](method.estate, list(claimed.values()))
    return _settled(method, dict(zip(claimed, awards, strict=True)), method.estate, method.basis)


def _settled(method: Method, parts: Mapping[str, Fraction], total: Fraction, basis: Basis) -> Division:
    term = Term(method.name, OWN, method.name, ONE, ONE, parts, total, basis.categories)
    return Division((term,), steps=({"step": method.name, "basis": kind_of(basis)[1], "total": fraction_text(total)},))


# ---- by use ----
def _used(pool: Pool, table: str) -> tuple[dict[str, Fraction], dict[str, dict[str, Fraction]]]:
    """What each licensee paid, and used of each member's part: lines `slot` and `slot/member` of the signed table."""
    lines = pool.tables.get(table)
    if lines is None:
        raise TableIncomplete(table=table, missing=table)
    paid = {key: amount for key, amount in lines.items() if "/" not in key}
    used: dict[str, dict[str, Fraction]] = {slot: {} for slot in paid}
    for key, amount in sorted(lines.items()):
        slot, slash, member = key.partition("/")
        if slash and slot not in used:
            raise TableIncomplete(table=table, missing=slot)
        if slash:
            used[slot][member] = amount
    strangers = {member for uses in used.values() for member in uses} - set(pool.members)
    if strangers:
        raise NotMembers(where=table, names=", ".join(sorted(strangers)))
    return paid, used


def _pro_rata(method: Method, pool: Pool, right: str) -> Division:
    _, used = _used(pool, method.table)
    together: dict[str, Fraction] = {}
    for uses in used.values():
        for member, amount in uses.items():
            together[member] = together.get(member, ZERO) + amount
    splits.proportional(together)
    term = Term(method.name, USAGE, method.name, ONE, ONE, together, sum(together.values(), ZERO))
    return Division((term,), steps=({"step": method.name, "table": method.table},))


def _licensee_centric(method: Method, pool: Pool, right: str) -> Division:
    paid, used = _used(pool, method.table)
    splits.licensee_centric(paid, used)  # refuses what cannot be shared
    total = sum(paid.values(), ZERO)
    terms = tuple(
        Term(
            slot, USAGE, method.name, paid[slot] / total, paid[slot] / total, used[slot], sum(used[slot].values(), ZERO)
        )
        for slot in sorted(paid)
        if paid[slot]
    )
    return Division(terms, steps=({"step": method.name, "table": method.table},))


def _share_pool(method: Method, pool: Pool, right: str) -> Division:
    """By transactions, among those who earned points in the category; the table names each of them."""
    lines = pool.tables.get(method.table, {})
    gave = [member for member in pool.members if pool.points[method.category].get(member, ZERO)]
    missing = [member for member in gave if member not in lines]
    if missing:
        raise TableIncomplete(table=method.table, missing=", ".join(missing))
    amounts = {member: lines[member] for member in gave}
    return _by_amounts(method, amounts, Basis(methods.ON_TABLE, table=method.table))


# ---- of several ----
def _inherited(method: Method, pool: Pool, right: str) -> Division:
    """Σ_p w_p · share in the parent, and 1 − Σ w by what was added since."""
    assert method.own is not None
    kept = sum((weight for _, weight in pool.lineage), ZERO)
    if kept > 1 or any(weight < 0 for _, weight in pool.lineage):
        raise splits.BadInheritance(total=kept)
    terms, notes = [], []
    for release, weight in pool.lineage:
        shares = pool.parents[release].get(right, {})
        present = {member: share for member, share in shares.items() if member in pool.members}
        splits.proportional(present)
        notes += [Note(LEFT)] if len(present) != len(shares) else []
        terms.append(
            Term(f"parent:{release}", PARENT, method.name, weight, weight, present, sum(present.values(), ZERO))
        )
    step: dict[str, Any] = {"step": method.name, "parents": [[name, fraction_text(w)] for name, w in pool.lineage]}
    if kept == 1:
        return Division(tuple(terms), notes=tuple(notes), steps=(step,))
    own = divide(method.own, pool, right)
    rest = 1 - kept
    return Division(
        (*terms, *(term.within("own:", rest) for term in own.terms)),
        whole=kept + rest * own.whole,
        notes=(*notes, *own.notes),
        steps=(step, *own.steps),
        game=own.game,
    )


def _mix(method: Method, pool: Pool, right: str) -> Division:
    """Σ of the parts' weights times their divisions."""
    inner = [(weight, divide(part, pool, right)) for weight, part in method.parts]
    terms = [term.within(f"{place}:", weight) for place, (weight, found) in enumerate(inner, 1) for term in found.terms]
    step = {"step": method.name, "weights": [fraction_text(weight) for weight, _ in inner]}
    notes = tuple(dict.fromkeys(note for _, found in inner for note in found.notes))
    return Division(
        tuple(terms),
        whole=sum((weight * found.whole for weight, found in inner), ZERO),
        notes=notes,
        steps=(step, *(one for _, found in inner for one in found.steps)),
        game=next((found.game for _, found in inner if found.game is not None), None),
    )


_RULES: Mapping[str, Callable[[Method, Pool, str], Division]] = {
    "equal/1": _equal,
    "stakes/1": _stakes,
    "proportional/1": _proportional,
    "time-weighted/1": _time_weighted,
    methods.WEIGHTED: _weighted,
    airport.METHOD: _tiered,
    **dict.fromkeys(claims.METHODS, _claimed),
    **dict.fromkeys(methods.GAMES, worths.by_game),
    methods.SAMPLED: worths.by_sample,
    "pro-rata/1": _pro_rata,
    "licensee-centric/1": _licensee_centric,
    "share-pool/1": _share_pool,
    methods.INHERITED: _inherited,
    methods.MIX: _mix,
}
assert set(_RULES) == set(methods.PARAMETERS)
