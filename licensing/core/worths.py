"""Dividing a right by a game: where the worths come from, what the methods answer, and what must be said of it.

Worths are an adopted valuation, a declared scaling law over pooled points, or a quota over weights. A share is what the
game gives a member, over what all are worth together; a value below 0 is no share and is refused by `divisions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from contributions.core import canonical
from contributions.core.money import fraction_text
from contributions.core.words import Text
from licensing.core import game_files, games, methods, sampling, scaling, splits
from licensing.core.game_files import GameFile
from licensing.core.methods import GameRule, Method
from licensing.core.named_games import Game, Voting, Worths
from licensing.core.pools import (
    DESK,
    ONE,
    VALUED,
    ZERO,
    Division,
    NotAdopted,
    Note,
    NotMembers,
    Pool,
    Term,
    ValuationIncomplete,
    amounts_of,
)


def _game(rule: GameRule, pool: Pool) -> Game:
    if rule.valuation:
        return _valued(rule.valuation, pool)
    if rule.law is not None:
        return _scaled(rule, pool)
    assert rule.weights is not None
    weights = amounts_of(rule.weights, pool)
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


def by_game(method: Method, pool: Pool, right: str) -> Division:
    """What the game gives each player, over the worth of all; the answer of `games.answer`, with its notes."""
    assert method.game is not None
    game = _game(method.game, pool)
    unions = _unions(method, pool, game.players) if method.name == methods.OWEN else ()
    found = games.answer(GameFile(game, unions), method.name.partition("/")[0])
    notes = tuple(note for text in found.notes if text != games.NO_UNIONS for note in _noted(text))
    whole = game.worth((1 << len(game.players)) - 1)
    return _of_values(method, found.values, whole, notes, game, {"players": len(game.players)})


def by_sample(method: Method, pool: Pool, right: str) -> Division:
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
