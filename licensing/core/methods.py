"""The methods that a policy may name for a right, each with its parameters, read from the document.

A method is data: a name with its version, and exactly the parameters that the name takes. What amounts a rule works on,
the *basis*, is named too: stakes, points of some categories, a signed table, or one for everybody. What a game is worth
comes from an adopted valuation, a declared scaling law over the pooled points, or a quota over weights.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import fields, scaling, splits
from licensing.core.airport import METHOD as TIERED
from licensing.core.claims import METHODS as CLAIMS

WEIGHTED, MIX, INHERITED, OWEN, SAMPLED = (
    "category-weighted/1",
    "mix/1",
    "inherited/1",
    "owen/1",
    "shapley-sampled/1",
)
GAMES = ("shapley/1", "banzhaf/1", OWEN, "nucleolus/1", "prenucleolus/1", SAMPLED)
USED = ("pro-rata/1", "licensee-centric/1")

PARAMETERS: dict[str, tuple[str, ...]] = {
    "equal/1": (),
    "stakes/1": (),
    "proportional/1": ("basis",),
    "time-weighted/1": ("basis",),
    WEIGHTED: ("weights", "empty_category"),
    TIERED: ("basis",),
    **dict.fromkeys(CLAIMS, ("estate", "basis")),
    **dict.fromkeys(GAMES, ("game",)),
    OWEN: ("game", "unions"),
    SAMPLED: ("game", "seed", "samples"),
    **dict.fromkeys(USED, ("table",)),
    "share-pool/1": ("table", "category"),
    INHERITED: ("own",),
    MIX: ("parts",),
}
NAMES = {
    "equal/1": Text("均等", "equal parts"),
    "stakes/1": Text("出資比率", "stakes"),
    "proportional/1": Text("比例", "in proportion"),
    "time-weighted/1": Text("在籍日数で加重した比例", "in proportion, weighted by days of membership"),
    WEIGHTED: Text("区分別加重", "points by category, weighted"),
    TIERED: Text("段階費用の分担", "tiered cost"),
    "claims-proportional/1": Text("請求額に比例", "claims, in proportion"),
    "claims-cea/1": Text("請求に対する均等配分", "claims, equal awards"),
    "claims-cel/1": Text("請求に対する均等損失", "claims, equal losses"),
    "claims-talmud/1": Text("請求に対するタルムード則", "claims, the Talmud’s rule"),
    "shapley/1": Text("シャープレイ値", "Shapley value"),
    "banzhaf/1": Text("バンザフ指数（正規化）", "Banzhaf index, normalised"),
    OWEN: Text("オーエン値", "Owen value"),
    "nucleolus/1": Text("仁", "nucleolus"),
    "prenucleolus/1": Text("準仁", "prenucleolus"),
    SAMPLED: Text("シャープレイ値（標本による近似）", "Shapley value, sampled"),
    "pro-rata/1": Text("利用量による按分", "pro rata to all use"),
    "licensee-centric/1": Text("利用者ごとの按分", "each licensee’s money to what it used"),
    "share-pool/1": Text("データ提供者の分配枠", "share pool of those who gave data"),
    INHERITED: Text("親モデルからの承継", "inherited from parents"),
    MIX: Text("方法の組合せ", "a mix of methods"),
}
EMPTY = {
    "renormalise": Text(
        "拠出のない区分の重みは、残りの区分に重みの比で配ります。",
        "The weight of a category without contributions goes to the other categories in proportion to their weights.",
    ),
    "hold": Text(
        "拠出のない区分の重みは配らず、留保します。",
        "The weight of a category without contributions is not shared out; it is held.",
    ),
}
POINTS, STAKES, EACH, ON_TABLE = "points", "stakes", "equal", "table"
GROUPS = "groups"
SAMPLES_MAX = 100_000
DEPTH_MAX = 3
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TABLE = re.compile(r"table-[a-z0-9]{1,10}", re.ASCII)


class WeightsNotOne(Refused):
    code = "weights-not-one"
    ja = "「{where}」の重みの合計が {total} です。ちょうど 1 になるようにしてください。"
    en = "The weights at “{where}” sum to {total}; they must sum to exactly 1."


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule shares by: points of categories, stakes, a signed table keyed by member, or one for everybody."""

    of: str
    categories: tuple[str, ...] = ()
    table: str = ""


@dataclass(frozen=True, slots=True)
class GameRule:
    """Where a game's worths come from: an adopted valuation, a scaling law over pooled points, or a quota."""

    valuation: str = ""
    law: Mapping[str, Any] | None = None
    resources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quota: Fraction = Fraction(0)
    weights: Basis | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its parameters; those it does not take stay empty."""

    name: str
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    empty_category: str = "renormalise"
    basis: Basis | None = None
    estate: Fraction = Fraction(0)
    game: GameRule | None = None
    unions: str | tuple[tuple[str, ...], ...] = ()
    seed: str = ""
    samples: int = 0
    table: str = ""
    category: str = ""
    own: Method | None = None
    parts: tuple[tuple[Fraction, Method], ...] = ()

    def all(self) -> list[Method]:
        """This method and those within it."""
        inner = [*(method for _, method in self.parts), *([self.own] if self.own else [])]
        return [self, *(found for method in inner for found in method.all())]


def read(row: Any, codes: Collection[str], where: str, depth: int = 0) -> Method:
    """A method of the document; `codes` are the categories that the policy counts points in."""
    name = fields.choice(row if isinstance(row, dict) else {}, "name", PARAMETERS, f"{where}.")
    fields.known(row, ("name", *PARAMETERS[name]), where)
    reading: dict[str, Callable[[], Any]] = {
        "weights": lambda: _weights(row, codes, where),
        "empty_category": lambda: fields.choice(row, "empty_category", EMPTY, f"{where}."),
        "basis": lambda: _basis(row["basis"], codes, f"{where}.basis"),
        "estate": lambda: fields.above_zero(row, "estate", f"{where}."),
        "game": lambda: _game(row["game"], codes, f"{where}.game"),
        "unions": lambda: _unions(row["unions"], f"{where}.unions"),
        "seed": lambda: fields.text(row, "seed", f"{where}."),
        "samples": lambda: fields.count(row, "samples", SAMPLES_MAX, f"{where}."),
        "table": lambda: _table(row, where),
        "category": lambda: fields.choice(row, "category", codes, f"{where}."),
        "own": lambda: _inner(row["own"], codes, f"{where}.own", depth, {INHERITED}),
        "parts": lambda: _parts(row, codes, where, depth),
    }
    return Method(name, **{parameter: reading[parameter]() for parameter in PARAMETERS[name]})


def _weights(row: Mapping[str, Any], codes: Collection[str], where: str) -> dict[str, Fraction]:
    stated = fields.of_type(row, "weights", dict, f"{where}.")
    unknown = set(stated) - set(codes)
    if unknown or not stated:
        raise fields.bad(
            f"{where}.weights",
            "、".join(sorted(map(str, unknown))),
            "点数を数える区分だけを、一つ以上書いてください。",
            "Name categories that earn points, and at least one.",
        )
    weights = {code: fields.above_zero(stated, code, f"{where}.weights.") for code in stated}
    check_whole(sum(weights.values(), Fraction(0)), f"{where}.weights")
    return weights


def check_whole(total: Fraction, where: str) -> None:
    """Refuse weights that do not sum to exactly 1."""
    if total != 1:
        raise WeightsNotOne(where=where, total=total)


def _basis(row: Any, codes: Collection[str], where: str) -> Basis:
    of = fields.choice(row if isinstance(row, dict) else {}, "of", (POINTS, STAKES, EACH, ON_TABLE), f"{where}.")
    fields.known(row, {POINTS: ("of", "categories"), ON_TABLE: ("of", "table")}.get(of, ("of",)), where)
    if of == POINTS:
        return Basis(of, categories=_categories(row, codes, where))
    return Basis(of, table=_table(row, where)) if of == ON_TABLE else Basis(of)


def _categories(
    row: Mapping[str, Any], codes: Collection[str], where: str, field: str = "categories"
) -> tuple[str, ...]:
    named = fields.strings(row, field, f"{where}.")
    if not named or len(set(named)) != len(named) or set(named) - set(codes):
        raise fields.bad(
            f"{where}.{field}",
            "、".join(named),
            "点数を数える区分を一度ずつ、一つ以上書いてください。",
            "Name categories that earn points, once each, and at least one.",
        )
    return tuple(sorted(named))


def _table(row: Mapping[str, Any], where: str) -> str:
    name = fields.text(row, "table", f"{where}.")
    if not _TABLE.fullmatch(name):
        raise fields.bad(
            f"{where}.table",
            name,
            "「table-」で始まる署名済みの表の名を書いてください。",
            "Name a signed table; its name begins with “table-”.",
        )
    return name


def _game(row: Any, codes: Collection[str], where: str) -> GameRule:
    forms = {"valuation": ("valuation",), "law": ("law", "resources"), "quota": ("quota", "weights")}
    form = next((name for name in forms if isinstance(row, dict) and name in row), None)
    if form is None:
        raise fields.bad(
            where, row, "valuation、law、quota のいずれかを書いてください。", "Write valuation, law or quota."
        )
    fields.known(row, forms[form], where)
    if form == "valuation":
        return GameRule(valuation=_digest(row, where))
    if form == "quota":
        quota = fields.above_zero(row, "quota", f"{where}.")
        return GameRule(quota=quota, weights=_basis(row["weights"], codes, f"{where}.weights"))
    law = scaling.read(fields.of_type(row, "law", dict, f"{where}."))
    pooled = fields.of_type(row, "resources", dict, f"{where}.")
    if set(pooled) != {term.resource for term in law.terms}:
        raise fields.bad(
            f"{where}.resources",
            "、".join(sorted(map(str, pooled))),
            "スケーリング則の資源ごとに、点数を合わせる区分を書いてください。",
            "Say for each resource of the law which categories’ points are pooled.",
        )
    resources = {name: _categories(pooled, codes, f"{where}.resources", name) for name in pooled}
    return GameRule(law=row["law"], resources=resources)


def _digest(row: Mapping[str, Any], where: str) -> str:
    digest = fields.text(row, "valuation", f"{where}.")
    if not _DIGEST.fullmatch(digest):
        raise fields.bad(
            f"{where}.valuation",
            digest,
            "採択された提携値表の SHA-256（小文字の16進64桁）を書いてください。",
            "Write the SHA-256 of an adopted valuation, 64 hexadecimal digits.",
        )
    return digest


def _unions(value: Any, where: str) -> str | tuple[tuple[str, ...], ...]:
    if value == GROUPS:
        return GROUPS
    rows = value if isinstance(value, list) and all(isinstance(row, list) for row in value) else None
    names = [name for row in rows or [] for name in row]
    if rows is None or not all(isinstance(name, str) and name for name in names) or len(set(names)) != len(names):
        raise fields.bad(
            where,
            value,
            f"「{GROUPS}」か、会員コードの組の並び（同じ会員は一度だけ）にしてください。",
            f"Write “{GROUPS}”, or lists of member codes with nobody twice.",
        )
    return tuple(sorted(tuple(sorted(row)) for row in rows if row))


def _inner(row: Any, codes: Collection[str], where: str, depth: int, without: Collection[str]) -> Method:
    method = read(row, codes, where, depth + 1)
    if depth + 1 >= DEPTH_MAX or method.name in without:
        raise fields.bad(where, method.name, "ここには書けない方法です。", "This method cannot stand here.")
    return method


def _parts(
    row: Mapping[str, Any], codes: Collection[str], where: str, depth: int
) -> tuple[tuple[Fraction, Method], ...]:
    stated = fields.of_type(row, "parts", list, f"{where}.")
    parts = []
    for place, part in enumerate(stated):
        at = f"{where}.parts[{place}]"
        fields.known(part, ("weight", "method"), at)
        parts.append((fields.above_zero(part, "weight", f"{at}."), _inner(part["method"], codes, at, depth, {MIX})))
    check_whole(sum((weight for weight, _ in parts), Fraction(0)), f"{where}.parts")
    return tuple(parts)


assert set(splits.METHODS) <= set(PARAMETERS) and set(NAMES) == set(PARAMETERS)
