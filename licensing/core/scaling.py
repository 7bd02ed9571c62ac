"""A declared scaling law: what a coalition could train with its pooled data and compute, as whole numbers.

Law `power/1`: the loss of a model falls with each resource by a power of it,

    loss(x) = floor + Σ_r coefficient_r · (1 + x_r / reference_r)^(−exponent_r)

and a coalition is worth, in whole points, what it lowers the loss by: ⌊ points · (loss(0) − loss(x)) ⌋, or 0 while it
lacks a resource that the law says training needs. The irreducible floor falls out. Parameters are decimal strings,
declared and signed by people; the form follows Kaplan et al. 2020 and Hoffmann et al. 2022, with 1 + so that nothing
pooled has a finite loss.

Every machine gets the same integers: powers are exp(−exponent · ln(1 + x/reference)), in decimal arithmetic of a stated
number of digits, rounded half-even at each step; exp and ln of the decimal standard are correctly rounded. No float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing.core import arrays
from licensing.core.coalitions import Table, TooManyPlayers, table

LAW = "power/1"
PLAYERS_MAX = 16  # 2^n evaluations of exp and ln
DIGITS_MIN, DIGITS_MAX = 20, 100
AMOUNT_MAX = 10**24
_DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_FIELDS = {"law", "digits", "points", "needed", "terms"}
_TERM_FIELDS = {"resource", "coefficient", "exponent", "reference"}


class BadLaw(Refused):
    code = "bad-scaling-law"
    ja = "スケーリング則の「{field}」が正しくありません（{value}）。{mend}"
    en = "The scaling law’s “{field}” is not right ({value}). {mend}"


@dataclass(frozen=True, slots=True)
class Term:
    """How the loss falls with one resource; `reference` is in the resource's own unit."""

    resource: str
    coefficient: Decimal
    exponent: Decimal
    reference: Decimal


@dataclass(frozen=True, slots=True)
class Law:
    """A declared law: digits of arithmetic, points for a loss of 1, the resources without which nothing is trained."""

    digits: int
    points: int
    needed: frozenset[str]
    terms: tuple[Term, ...]


def read(document: Mapping[str, Any]) -> Law:
    """The law of a document, refused with the field that is wrong.

    {"law": "power/1", "digits": 50, "points": 1000000, "needed": ["data", "compute"], "terms": [{"resource": "data",
    "coefficient": "1.8", "exponent": "0.28", "reference": "1000000000"}, …]}
    """
    if set(document) != _FIELDS:
        raise _bad("law", sorted(set(document) ^ _FIELDS), _ALL_FIELDS)
    if document["law"] != LAW:
        raise _bad("law", document["law"], Text(f"「{LAW}」と書いてください。", f"Write {LAW}."))
    digits = _integer(document, "digits", DIGITS_MIN, DIGITS_MAX)
    points = _integer(document, "points", 1, 10**12)
    rows = document["terms"]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        raise _bad("terms", rows, Text("項を一つ以上の表で書いてください。", "Write one or more terms."))
    terms = tuple(_term(row) for row in rows)
    names = [term.resource for term in terms]
    if len(set(names)) != len(names):
        raise _bad("terms", names, Text("資源ごとに項は一つです。", "Each resource has one term."))
    needed = document["needed"]
    if not isinstance(needed, list) or not all(isinstance(name, str) and name in names for name in needed):
        raise _bad("needed", needed, Text("項にある資源の名だけを並べてください。", "List resources that have a term."))
    return Law(digits, points, frozenset(needed), terms)


def points(law: Law, pooled: Mapping[str, int]) -> int:
    """What a coalition with those amounts is worth, in whole points, rounded down.

    Worked example: one term with coefficient 2, exponent 1, reference 100, a million points; 100 pooled halve the term
    → 1,000,000.
    """
    context = _context(law)
    if any(pooled.get(name, 0) <= 0 for name in law.needed):
        return 0
    falls = [_fall(context, term, pooled.get(term.resource, 0)) for term in law.terms]
    return _whole(context, law, falls)


def worths(law: Law, players: Sequence[str], resources: Mapping[str, Sequence[int]]) -> Table:
    """The game of those players, who hold of each resource the amounts listed in their order."""
    if len(players) > PLAYERS_MAX:
        raise TooManyPlayers(count=len(players), most=PLAYERS_MAX)
    context = _context(law)
    columns = {term.resource: _pooled(term, resources, len(players)) for term in law.terms}
    falls = {
        term.resource: {amount: _fall(context, term, amount) for amount in set(columns[term.resource])}
        for term in law.terms
    }
    found = []
    for place in range(1 << len(players)):
        pooled = {name: column[place] for name, column in columns.items()}
        lacking = any(pooled[name] == 0 for name in law.needed)
        found.append(0 if lacking else _whole(context, law, [falls[name][amount] for name, amount in pooled.items()]))
    return table(players, arrays.column(found))


def _pooled(term: Term, resources: Mapping[str, Sequence[int]], count: int) -> list[int]:
    """For each coalition what it holds of the term's resource together."""
    held = resources.get(term.resource, [0] * count)
    wrong = [amount for amount in held if type(amount) is not int or not 0 <= amount <= AMOUNT_MAX]
    if wrong or len(held) != count:
        mend = Text(
            "参加者ごとに 0 以上の整数を一つずつ与えてください。", "Give one whole number of 0 or more a player."
        )
        raise _bad(term.resource, wrong or len(held), mend)
    return [int(amount) for amount in arrays.subset_sums(held)]


def _fall(context: Context, term: Term, amount: int) -> Decimal:
    """coefficient · (1 − (1 + x/reference)^(−exponent)): what that much of the resource takes off the loss."""
    if amount == 0:
        return Decimal(0)
    ratio = context.add(Decimal(1), context.divide(Decimal(amount), term.reference))
    power = context.exp(context.minus(context.multiply(term.exponent, context.ln(ratio))))
    return context.multiply(term.coefficient, context.subtract(Decimal(1), power))


def _whole(context: Context, law: Law, falls: Sequence[Decimal]) -> int:
    total = Decimal(0)
    for fall in falls:
        total = context.add(total, fall)
    return int(context.multiply(total, Decimal(law.points)).to_integral_value(ROUND_FLOOR))


def _context(law: Law) -> Context:
    return Context(prec=law.digits, rounding=ROUND_HALF_EVEN, Emin=-999_999, Emax=999_999)


def _term(row: Mapping[str, Any]) -> Term:
    if set(row) != _TERM_FIELDS or not isinstance(row["resource"], str):
        raise _bad("terms", sorted(map(str, row)), _ALL_FIELDS)
    return Term(row["resource"], *(_decimal(row, name) for name in ("coefficient", "exponent", "reference")))


def _decimal(row: Mapping[str, Any], name: str) -> Decimal:
    value = row[name]
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value) or not Decimal(value):
        mend = Text("0 より大きい小数を文字列で書いてください。", "Write a decimal above 0 as text.")
        raise _bad(name, value, mend)
    return Decimal(value)


def _integer(document: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = document[name]
    if type(value) is not int or not least <= value <= most:
        mend = Text(f"{least} 以上 {most} 以下の整数にしてください。", f"Write a whole number from {least} to {most}.")
        raise _bad(name, value, mend)
    return value


_ALL_FIELDS = Text(
    "項目を過不足なく書いてください。", "Write exactly the fields that the law has: none missing, none more."
)


def _bad(field: str, value: object, mend: Text) -> BadLaw:
    return BadLaw(field=field, value=str(value)[:60], mend=mend)
