"""Dividing one right by its method: terms of weight · amount / total, which sum to what is shared out.

Whatever the method, the answer has one form, so that a page explains all alike: each term has a weight, an amount for
each member (points, stakes, days, a game's values, awards) and their total, and a member's part is

    part(i, t) = effective(t) · amount(i, t) / total(t)          raw(i) = Σ_t part(i, t)          Σ_i raw(i) = whole

`whole` is 1, or less where an empty category is held. A term says of what kind it is; what a viewer may know of each
kind is decided in `disclosure`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from contributions.core.words import Text
from licensing.core import airport, claims, game_files, games, methods, sampling, scaling, splits
from licensing.core.game_files import GameFile
from licensing.core.methods import Basis, GameRule, Method
from licensing.core.named_games import Game, Voting, Worths

ZERO, ONE = Fraction(0), Fraction(1)
CATEGORY, OWN, COMMON, VALUED, USAGE, PARENT = "category", "own", "common", "game", "usage", "parent"
DESK, ALL = "desk", "all"
LEFT = Text(
    "親モデルの配分のうち、すでに会員でない者の分は、残る会員に比例して配りました。",
    "Of a parent’s allocation, the part of those who are no members any more went to the others in proportion.",
)


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
def _amounts(basis: Basis, pool: Pool) -> dict[str, Fraction]:
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


def _kind(basis: Basis) -> tuple[str, str, tuple[str, ...]]:
    """The kind of a term over that basis, its code, and the categories it depends on."""
    if basis.of == methods.POINTS:
        if len(basis.categories) == 1:
            return CATEGORY, basis.categories[0], ()
        return OWN, "+".join(basis.categories), basis.categories
    return (COMMON, basis.of, ()) if basis.of == methods.EACH else (OWN, basis.table or basis.of, ())


def _by_amounts(method: Method, amounts: Mapping[str, Fraction], basis: Basis) -> Division:
    splits.proportional(amounts)  # refuses negative amounts, and nothing to share by
    kind, code, touches = _kind(basis)
    term = Term(code, kind, method.name, ONE, ONE, amounts, sum(amounts.values(), ZERO), touches)
    return Division((term,), steps=({"step": method.name, "basis": code},))


def _equal(method: Method, pool: Pool, right: str) -> Division:
    basis = Basis(methods.EACH)
    return _by_amounts(method, _amounts(basis, pool), basis)


def _stakes(method: Method, pool: Pool, right: str) -> Division:
    basis = Basis(methods.STAKES)
    return _by_amounts(method, _amounts(basis, pool), basis)


def _proportional(method: Method, pool: Pool, right: str) -> Division:
    assert method.basis is not None
    return _by_amounts(method, _amounts(method.basis, pool), method.basis)


def _time_weighted(method: Method, pool: Pool, right: str) -> Division:
    """amount · days of membership; the total is of amounts by days, no category's own."""
    assert method.basis is not None
    amounts = {member: amount * pool.days.get(member, 0) for member, amount in _amounts(method.basis, pool).items()}
    found = _by_amounts(method, amounts, method.basis)
    kind, code, touches = _kind(method.basis)
    kind = OWN if kind == CATEGORY else kind
    term = replace(found.terms[0], kind=kind, code=f"{code}·days", touches=touches or method.basis.categories)
    return replace(found, terms=(term,))


def _tiered(method: Method, pool: Pool, right: str) -> Division:
    """Each section of a cost in equal parts by those who need it: what each pays, as a part of the whole cost."""
    assert method.basis is not None
    needs = _amounts(method.basis, pool)
    splits.proportional(needs)
    paid = dict(zip(needs, airport.tiered(list(needs.values())), strict=True))
    return _settled(method, paid, max(needs.values()), method.basis)


def _claimed(method: Method, pool: Pool, right: str) -> Division:
    assert method.basis is not None
    claimed = _amounts(method.basis, pool)
    awards = claims.METHODS[method.name](method.estate, list(claimed.values()))
    return _settled(method, dict(zip(claimed, awards, strict=True)), method.estate, method.basis)


def _settled(method: Method, parts: Mapping[str, Fraction], total: Fraction, basis: Basis) -> Division:
    term = Term(method.name, OWN, method.name, ONE, ONE, parts, total, basis.categories)
    return Division((term,), steps=({"step": method.name, "basis": _kind(basis)[1], "total": fraction_text(total)},))


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


# ---- by games ----
def _game(rule: GameRule, pool: Pool) -> Game:
    if rule.valuation:
        return _valued(rule.valuation, pool)
    if rule.law is not None:
        return _scaled(rule, pool)
    assert rule.weights is not None
    weights = _amounts(rule.weights, pool)
    splits.proportional(weights)
    quota = rule.quota * sum(weights.values(), ZERO)
    return Voting(tuple(weights), quota, tuple(weights.values()))


def _valued(digest: str, pool: Pool) -> Game:
    table = pool.valuations.get(digest)
    if table is None:
        raise NotAdopted(digest=digest[:12])
    found = _table(canonical.dumps({"players": list(table["players"]), "values": dict(table["values"])}))
    strangers = set(found.players) - set(pool.members)
    if strangers:
        raise NotMembers(where=digest[:12], names=", ".join(sorted(strangers)))
    wanted = (1 << len(found.players)) - 1
    held = len(cast(Worths, found).values)
    if held != wanted:
        raise ValuationIncomplete(digest=digest[:12], held=held, wanted=wanted)
    return found


@lru_cache(maxsize=8)
def _table(document: bytes) -> Game:
    """The same table serves several rights of one run, and the desk's comparison of methods."""
    return game_files.read(document).game


@dataclass(frozen=True, slots=True)
class _Scaled:
    """Members whose pooled points a declared law turns into worths, one coalition at a time, for a sample."""

    players: tuple[str, ...]
    law: scaling.Law
    resources: Mapping[str, Sequence[int]]
    costs = False

    def worth(self, coalition: int) -> Fraction:
        pooled = {
            name: sum(amount for place, amount in enumerate(amounts) if coalition >> place & 1)
            for name, amounts in self.resources.items()
        }
        return Fraction(scaling.points(self.law, pooled))


def _pooled(rule: GameRule, pool: Pool) -> tuple[scaling.Law, dict[str, list[int]]]:
    assert rule.law is not None
    pooled = {
        name: [int(sum((pool.points[code].get(member, ZERO) for code in codes), ZERO)) for member in pool.members]
        for name, codes in rule.resources.items()
    }
    return scaling.read(rule.law), pooled


def _scaled(rule: GameRule, pool: Pool) -> Game:
    law, pooled = _pooled(rule, pool)
    table = scaling.worths(law, pool.members, pooled)
    return Worths(pool.members, {place: table.worth(place) for place in range(1, table.everybody + 1)})


def _by_game(method: Method, pool: Pool, right: str) -> Division:
    assert method.game is not None
    game = _game(method.game, pool)
    unions = _unions(method, pool, game.players) if method.name == methods.OWEN else ()
    found = games.answer(GameFile(game, unions), method.name.partition("/")[0])
    notes = tuple(note for text in found.notes if text != games.NO_UNIONS for note in _noted(text))
    whole = game.worth((1 << len(game.players)) - 1)
    return _of_values(method, found.values, whole, notes, game, {"players": len(game.players)})


def _sampled(method: Method, pool: Pool, right: str) -> Division:
    """Above 25 players, or wherever a policy asks for it: seeded, under its own name, with standard errors."""
    assert method.game is not None
    law, pooled = _pooled(method.game, pool) if method.game.law is not None else (None, {})
    game = _game(method.game, pool) if law is None else _Scaled(pool.members, law, pooled)
    found = sampling.shapley(len(game.players), game.worth, seed=method.seed, samples=method.samples)
    values = dict(zip(game.players, found.values, strict=True))
    whole = game.worth((1 << len(game.players)) - 1)
    errors = dict(zip(game.players, found.errors, strict=True))
    facts = {"players": len(game.players), "seed": method.seed, "samples": method.samples, "errors": errors}
    return _of_values(method, values, whole, (Note(games.SAMPLED_NOTE),), None, facts)


def _of_values(
    method: Method,
    values: Mapping[str, Fraction],
    whole: Fraction,
    notes: tuple[Note, ...],
    game: Game | None,
    facts: Mapping[str, Any],
) -> Division:
    if whole <= 0:
        raise splits.NothingToShareBy()
    assert method.game is not None
    touches = {code for codes in method.game.resources.values() for code in codes}
    if method.game.weights is not None:
        touches |= set(method.game.weights.categories)
    term = Term(method.name, VALUED, method.name, ONE, ONE, values, whole, tuple(sorted(touches)))
    steps = ({"step": method.name, "worth": fraction_text(whole), **facts},)
    return Division((term,), notes=notes, steps=steps, game=game)


def _unions(method: Method, pool: Pool, players: Sequence[str]) -> tuple[int, ...]:
    """Declared unions, or the groups of the organization tree on the window's last day."""
    rows = pool.groups if method.unions == methods.GROUPS else method.unions
    named = {name for row in rows for name in row}
    if method.unions != methods.GROUPS and named - set(pool.members):
        raise NotMembers(where="unions", names=", ".join(sorted(named - set(pool.members))))
    places = {name: 1 << place for place, name in enumerate(players)}
    found = (sum(places[name] for name in row if name in places) for row in rows)
    return tuple(union for union in found if union.bit_count() > 1)


def _noted(text: Text) -> list[Note]:
    """A note; one that tells what coalitions are worth is for the desk, and its bare statement for all."""
    bare = games.NOT_SUPERADDITIVE
    if text.en.startswith(bare.en) and text.en != f"{bare.en}.":
        return [Note(Text(f"{bare.ja}。", f"{bare.en}.")), Note(text, DESK)]
    return [Note(text)]


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
    **dict.fromkeys(methods.GAMES, _by_game),
    methods.SAMPLED: _sampled,
    "pro-rata/1": _pro_rata,
    "licensee-centric/1": _licensee_centric,
    "share-pool/1": _share_pool,
    methods.INHERITED: _inherited,
    methods.MIX: _mix,
}
assert set(_RULES) == set(methods.PARAMETERS)
