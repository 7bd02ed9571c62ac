"""Allocation policies: a published rule as data, validated once.

A policy is a document that members vote on. It names a method and its steps; there is no program in it. Every weight
is an exact fraction; a document with a float, an unknown step, or weights that do not sum to one is refused before
anybody votes. Its address is the SHA-256 of its canonical bytes, and that is what a ballot adopts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.money import NotAFraction, fraction
from contributions.core.units import unit
from contributions.core.words import Text
from licensing.core.categories import CATEGORIES, FACTORS_OF
from licensing.core.decimals import percent
from licensing.core.disclosure import LEVELS

METHOD = "category-weighted/1"
ROUNDING = "largest-remainder/1"
TIE = "member-code"
GRID_MAX = 10**12

RIGHTS = {
    "revenue": Text("利用料収入", "licence revenue"),
    "use": Text("利用枠", "capacity of use"),
    "votes": Text("議決数", "votes"),
}
FORMS = {
    "claim": Text("契約上の請求権（所有権・共有持分ではありません）", "a contractual claim, not ownership"),
    "co-ownership": Text(
        "共有。第三者への許諾には他の共有者の同意が必要です（特許法73条、著作権法65条）",
        "co-ownership: licensing to others then needs every co-owner’s consent (Patent Act 73, Copyright Act 65)",
    ),
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
_FIELDS = frozenset(
    [
        "v",
        "number",
        "version",
        "right",
        "form",
        "method",
        "categories",
        "equity_counts",
        "residency",
        "empty_category",
        "floor",
        "cap",
        "rounding",
        "disclosure",
    ]
)
_CATEGORY_FIELDS = frozenset({"code", "weight", "units", "factors"})


class BadPolicy(Refused):
    code = "bad-policy"
    ja = "配分規程の「{field}」が正しくありません（{value}）。{mend}"
    en = "The policy’s “{field}” is not right ({value}). {mend}"


class FloatInPolicy(Refused):
    code = "float-in-policy"
    ja = '配分規程の「{field}」に小数（浮動小数点数）{value} があります。分数の文字列（例 "45/100"）で書いてください。'
    en = 'The policy holds a floating-point number {value} at “{field}”. Write a fraction as text, such as "45/100".'


class WeightsNotOne(Refused):
    code = "weights-not-one"
    ja = "区分の重みの合計が {total} です。ちょうど 1 になるようにしてください。"
    en = "The weights of the categories sum to {total}; they must sum to exactly 1."


class BoundsInfeasible(Refused):
    code = "bounds-infeasible"
    ja = (
        "配分できる {whole} を、会員 {members} 者（うち点数のある者 {earning} 者）に"
        "下限 {floor}・上限 {cap} で分けることはできません。下限を下げるか、上限を上げてください。"
    )
    en = (
        "{whole} cannot be shared among {members} members, {earning} of them with points, between the floor {floor}"
        " and the cap {cap}. Lower the floor or raise the cap."
    )


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of contribution: its weight, points per smallest unit, and the rated factors that multiply them."""

    code: str
    weight: Fraction
    units: Mapping[str, Fraction]
    factors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A validated policy. `floor` and `cap` lie on the grid; `residency` empty means no such condition."""

    number: str
    version: int
    right: str
    form: str
    categories: tuple[Category, ...]
    equity_counts: bool
    residency: frozenset[str]
    empty_category: str
    floor: Fraction
    cap: Fraction
    grid: int
    disclosure: str

    def category(self, code: str) -> Category | None:
        """The category of that code, if the policy has one."""
        return next((category for category in self.categories if category.code == code), None)


def address(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical bytes: what a ballot adopts and an allocation names."""
    return canonical.sha256_hex(canonical.dumps(dict(document)))


def read(document: Mapping[str, Any]) -> Policy:
    """Validate a policy document.

    Weights are fractions that sum to exactly 1; floor and cap are multiples of 1/grid, so that a clipped share is
    never moved off its bound by rounding. Whether n·floor ≤ 1 ≤ n·cap holds is known only with the members.
    """
    _no_floats(document, "policy")
    _known_fields(document, _FIELDS, "policy")
    rounding = _one_of(document, "rounding", (dict,))
    _choice(rounding, "method", {ROUNDING})
    _choice(rounding, "tie", {TIE})
    _choice(document, "method", {METHOD})
    if document.get("v") != 1:
        raise _bad("v", document.get("v"), "1 にしてください。", "It must be 1.")
    grid = _count(rounding, "grid", GRID_MAX)
    floor, cap = _bound(document, "floor", grid), _bound(document, "cap", grid)
    if cap == 0 or floor > cap:
        raise _bad("cap", cap, "下限以上で 0 より大きくしてください。", "It must be positive and not below the floor.")
    return Policy(
        number=_text(document, "number"),
        version=_count(document, "version", 10**6),
        right=_choice(document, "right", set(RIGHTS)),
        form=_choice(document, "form", set(FORMS)),
        categories=_categories(document),
        equity_counts=_one_of(document, "equity_counts", (bool,)),
        residency=frozenset(_strings(document, "residency")),
        empty_category=_choice(document, "empty_category", set(EMPTY)),
        floor=floor,
        cap=cap,
        grid=grid,
        disclosure=_choice(document, "disclosure", set(LEVELS)),
    )


def check_bounds(policy: Policy, *, members: int, earning: int, whole: Fraction = Fraction(1)) -> None:
    """Refuse bounds no scale can meet: Σ floor ≤ whole ≤ earning·cap + (members − earning)·floor."""
    highest = earning * policy.cap + (members - earning) * policy.floor
    if not members * policy.floor <= whole <= highest:
        raise BoundsInfeasible(
            whole=percent(whole), members=members, earning=earning, floor=percent(policy.floor), cap=percent(policy.cap)
        )


def _categories(document: Mapping[str, Any]) -> tuple[Category, ...]:
    rows = _one_of(document, "categories", (list,))
    categories = tuple(_category(row) for row in rows)
    codes = [category.code for category in categories]
    if not codes or len(codes) != len(set(codes)):
        raise _bad(
            "categories",
            codes,
            "区分は一つ以上、重複なく書いてください。",
            "Name each category once, and at least one.",
        )
    total = sum((category.weight for category in categories), Fraction(0))
    if total != 1:
        raise WeightsNotOne(total=total)
    return categories


def _category(row: Any) -> Category:
    if not isinstance(row, dict):
        raise _bad("categories", row, "区分ごとの表にしてください。", "Each category is an object.")
    _known_fields(row, _CATEGORY_FIELDS, "category", optional={"factors"})
    code = _choice(row, "code", set(CATEGORIES))
    factors = tuple(_strings(row, "factors")) if "factors" in row else ()
    unknown = set(factors) - FACTORS_OF.get(code, set())
    if unknown or len(set(factors)) != len(factors):
        raise _bad(
            f"{code}.factors",
            "、".join(factors),
            "この区分の係数だけを一度ずつ書いてください。",
            "Name only factors of this category, once each.",
        )
    weight = _fraction(row, "weight")
    if weight <= 0:
        raise _bad(f"{code}.weight", weight, "0 より大きくしてください。", "It must be positive.")
    return Category(code, weight, _units(row, code), factors)


def _units(row: Mapping[str, Any], code: str) -> dict[str, Fraction]:
    units = _one_of(row, "units", (dict,))
    read_units = {unit(name).code: _fraction(units, name) for name in units}
    if not read_units or any(points <= 0 for points in read_units.values()):
        raise _bad(
            f"{code}.units",
            units,
            "単位ごとの点数を 0 より大きく書いてください。",
            "Give each unit a positive number of points.",
        )
    return read_units


def _bound(document: Mapping[str, Any], field: str, grid: int) -> Fraction:
    bound = _fraction(document, field)
    if not 0 <= bound <= 1 or (bound * grid).denominator != 1:
        raise _bad(
            field,
            bound,
            f"0 から 1 までの 1/{grid:,} の倍数にしてください。",
            f"It must be a multiple of 1/{grid:,} from 0 to 1.",
        )
    return bound


def _bad(field: str, value: object, ja: str, en: str) -> BadPolicy:
    return BadPolicy(field=field, value=str(value)[:80], mend=Text(ja, en))


def _known_fields(row: Mapping[str, Any], known: frozenset[str], where: str, optional: set[str] | None = None) -> None:
    unknown, missing = set(row) - known, known - set(row) - (optional or set())
    if unknown:
        raise _bad(where, "、".join(sorted(map(str, unknown))), "知られていない項目です。", "Such a step is not known.")
    if missing:
        raise _bad(where, "、".join(sorted(missing)), "この項目を補ってください。", "This is missing.")


def _no_floats(value: Any, field: str) -> None:
    if isinstance(value, float):
        raise FloatInPolicy(field=field, value=repr(value))
    if isinstance(value, dict):
        for name, item in value.items():
            _no_floats(item, f"{field}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _no_floats(item, f"{field}[{index}]")


def _one_of(row: Mapping[str, Any], field: str, kinds: tuple[type, ...]) -> Any:
    value = row.get(field)
    if type(value) not in kinds:
        raise _bad(field, value, "型が違います。", "It is of the wrong type.")
    return value


def _text(row: Mapping[str, Any], field: str) -> str:
    return str(_one_of(row, field, (str,)))


def _count(row: Mapping[str, Any], field: str, most: int) -> int:
    value = int(_one_of(row, field, (int,)))
    if not 1 <= value <= most:
        raise _bad(field, value, f"1 から {most:,} までにしてください。", f"It must be from 1 to {most:,}.")
    return value


def _strings(row: Mapping[str, Any], field: str) -> list[str]:
    values = _one_of(row, field, (list,))
    if not all(isinstance(value, str) for value in values):
        raise _bad(field, values, "文字列を並べてください。", "It must be a list of texts.")
    return [str(value) for value in values]


def _choice(row: Mapping[str, Any], field: str, choices: set[str]) -> str:
    value = _one_of(row, field, (str,))
    if value not in choices:
        known = "、".join(sorted(choices))
        raise _bad(field, value, f"{known} のいずれかにしてください。", f"Use one of: {known}.")
    return str(value)


def _fraction(row: Mapping[str, Any], field: str) -> Fraction:
    try:
        return fraction(_text(row, field))
    except NotAFraction:
        raise _bad(
            field, row[field], "分数の文字列（例 3/10）にしてください。", "Write a fraction as text, such as 3/10."
        ) from None
