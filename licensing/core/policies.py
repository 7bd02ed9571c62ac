"""Allocation policies: a published rule as data, validated once.

A policy is a document that members vote on; there is no program in it. It says who and what is eligible, what earns
points, and then, right by right, whose the right is, who may use it, and by which method it is shared out. Every step
has a name with a version. A document with a float, an unknown step, or weights that do not sum to one is refused before
anybody votes. Its address is the SHA-256 of its canonical bytes, and that is what a ballot adopts.

Version 1 knew one right and one method; it is read into the same structure, so that whatever was calculated by it can
be calculated again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contributions.core import canonical
from contributions.core.errors import Refused
from contributions.core.units import unit
from contributions.core.words import Text
from licensing.core import fields, methods, rights, vintages
from licensing.core.categories import CATEGORIES, FACTORS_OF
from licensing.core.decimals import percent
from licensing.core.disclosure import LEVELS
from licensing.core.equations import generic
from licensing.core.fields import BadPolicy, FloatInPolicy
from licensing.core.methods import EMPTY, Method, WeightsNotOne
from licensing.core.rights import FORMS, RIGHTS
from licensing.core.vintages import Vintage

__all__ = ["EMPTY", "FORMS", "RIGHTS", "BadPolicy", "FloatInPolicy", "WeightsNotOne"]

METHOD = methods.WEIGHTED
ELIGIBILITY, POINTS, BOUNDS, ROUNDING = "eligibility/1", "points/1", "clip-lambda/1", "largest-remainder/1"
TIE = "member-code"
GRID_MAX = 10**12
VERSION_MAX = 10**6
EXCLUDED = "excluded"
COALITIONS = {
    "desk": Text(
        "離脱した方が得になる提携は、配分デスクと監査人だけが見ます。",
        "Which coalition would gain by leaving is seen by the allocation desk and the auditor alone.",
    ),
    "released": Text(
        "離脱した方が得になる提携は、この規程の採択により会員に示します。",
        "Which coalition would gain by leaving is shown to the members, by adoption of this policy.",
    ),
}
_FIELDS_1 = [
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
_FIELDS_2 = ["v", "number", "version", "eligibility", "points", "rights", "disclosure", "coalitions"]
_ELIGIBILITY = ["step", "reviewed", "residency", "state_paid", "rewarded", "equity_counts"]
_STATED = ["right", "form", "ownership", "use", "further_training", "method"]
_SHARED = (*_STATED, "bounds", "rounding")


class BoundsInfeasible(Refused):
    code = "bounds-infeasible"
    ja = (
        "{right}：配分できる {whole} を、会員 {members} 者（うち点数等のある者 {earning} 者）に"
        "下限 {floor}・上限 {cap} で分けることはできません。下限を下げるか、上限を上げてください。"
    )
    en = (
        "{right}: {whole} cannot be shared among {members} members, {earning} of them with something to share by,"
        " between the floor {floor} and the cap {cap}. Lower the floor or raise the cap."
    )


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of contribution: points per smallest unit, the rated factors that multiply them, and its vintage."""

    code: str
    units: Mapping[str, Fraction]
    factors: tuple[str, ...]
    vintage: Vintage | None = None

    @property
    def rated(self) -> tuple[str, ...]:
        """Every factor that a line of this category may carry."""
        return (*self.factors, vintages.FACTOR) if self.vintage else self.factors


@dataclass(frozen=True, slots=True)
class Right:
    """One right: its legal form, whose it is, who uses it, who trains on, and how it is shared; `method` None: not.

    `floor` and `cap` lie on the grid. What version 1 did not state is None.
    """

    right: str
    form: str
    ownership: str | None
    use: str | None
    further_training: str | None
    lead: str
    method: Method | None
    floor: Fraction = Fraction(0)
    cap: Fraction = Fraction(1)
    grid: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """A validated policy. `residency` empty means no such condition."""

    v: int
    number: str
    version: int
    categories: tuple[Category, ...]
    equity_counts: bool
    residency: frozenset[str]
    rights: tuple[Right, ...]
    disclosure: str
    coalitions: str

    @property
    def shared(self) -> tuple[Right, ...]:
        """The rights that are shared out by a method."""
        return tuple(right for right in self.rights if right.method is not None)

    @property
    def main(self) -> Right:
        """The right that money is distributed by; without one, the first that is shared out."""
        return next((right for right in self.shared if right.right == rights.MONEY), self.shared[0])

    def category(self, code: str) -> Category | None:
        """The category of that code, if the policy has one."""
        return next((category for category in self.categories if category.code == code), None)

    def methods(self) -> list[Method]:
        """Every method that any right names, those within mixes included."""
        return [method for right in self.rights if right.method for method in right.method.all()]


def address(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical bytes: what a ballot adopts and an allocation names."""
    return canonical.sha256_hex(canonical.dumps(dict(document)))


def read(document: Mapping[str, Any]) -> Policy:
    """Validate a policy document of version 1 or 2.

    Weights are fractions that sum to exactly 1; floor and cap are multiples of 1/grid, so that a clipped share is
    never moved off its bound by rounding. Whether n·floor ≤ 1 ≤ n·cap holds is known only with the members.
    """
    fields.no_floats(document, "policy")
    readers = {1: _read_first, 2: _read_second}
    v = document.get("v")
    if type(v) is not int or v not in readers:
        raise fields.bad("v", v, "1 か 2 にしてください。", "It must be 1 or 2.")
    return readers[v](document)


def check_bounds(right: Right, *, members: int, earning: int, whole: Fraction = Fraction(1)) -> None:
    """Refuse bounds no scale can meet: Σ floor ≤ whole ≤ earning·cap + (members − earning)·floor."""
    highest = earning * right.cap + (members - earning) * right.floor
    if not members * right.floor <= whole <= highest:
        raise BoundsInfeasible(
            right=RIGHTS[right.right],
            whole=percent(whole),
            members=members,
            earning=earning,
            floor=percent(right.floor),
            cap=percent(right.cap),
        )


def equations(policy: Policy) -> list[dict[str, Fraction]]:
    """The policy's rights as rows of weights by category, for `caveats.warnings`: what a member's shares tell of
    totals. A right that looks at points in another way stands for a row that nothing else cancels."""
    rows = []
    for right in policy.shared:
        assert right.method is not None
        row: dict[str, Fraction] = {}
        for weight, method in _weighed(right.method, Fraction(1)):
            for code, part in method.weights.items():
                row[code] = row.get(code, Fraction(0)) + weight * part
            for code, prime in generic(_touched(method)).items():
                row[code] = row.get(code, Fraction(0)) + prime
        if row:
            rows.append(row)
    return rows


def _weighed(method: Method, weight: Fraction) -> list[tuple[Fraction, Method]]:
    inner = [(weight * part, each) for part, each in method.parts]
    inner += [(weight, method.own)] if method.own is not None else []
    return [(weight, method), *(found for part, each in inner for found in _weighed(each, part))]


def _touched(method: Method) -> set[str]:
    """The categories whose points a method looks at without weighing them."""
    bases = [method.basis, method.game.weights if method.game is not None else None]
    found = {code for basis in bases if basis is not None for code in basis.categories}
    return found | {code for codes in (method.game.resources.values() if method.game else ()) for code in codes}


# ---- version 2 ----
def _read_second(document: Mapping[str, Any]) -> Policy:
    fields.known(document, _FIELDS_2, "policy")
    eligible = fields.known(document["eligibility"], _ELIGIBILITY, "eligibility")
    _steps(eligible)
    points = fields.known(document["points"], ("step", "categories"), "points")
    fields.choice(points, "step", {POINTS}, "points.")
    categories = _categories(points, weighted=False)
    policy = Policy(
        v=2,
        number=fields.text(document, "number"),
        version=fields.count(document, "version", VERSION_MAX),
        categories=categories,
        equity_counts=fields.of_type(eligible, "equity_counts", bool, "eligibility."),
        residency=_residency(eligible, "eligibility."),
        rights=_rights(document, {category.code for category in categories}),
        disclosure=fields.choice(document, "disclosure", LEVELS),
        coalitions=fields.choice(document, "coalitions", COALITIONS),
    )
    if not policy.shared:
        raise fields.bad(
            "rights", "", "方法のある権利を一つ以上書いてください。", "At least one right must be shared by a method."
        )
    return policy


def _steps(eligible: Mapping[str, Any]) -> None:
    """What the step eligibility/1 always asks stands in the document in so many words, so that members vote on it."""
    fields.choice(eligible, "step", {ELIGIBILITY}, "eligibility.")
    if fields.of_type(eligible, "reviewed", bool, "eligibility.") is not True:
        raise fields.bad(
            "eligibility.reviewed",
            False,
            "審査を経ないものを数える規程は採択できません。true にしてください。",
            "No policy may count what was not reviewed; write true.",
        )
    for field in ("state_paid", "rewarded"):
        fields.choice(eligible, field, {EXCLUDED}, "eligibility.")


def _residency(row: Mapping[str, Any], where: str = "") -> frozenset[str]:
    return frozenset(fields.strings(row, "residency", where))


def _rights(document: Mapping[str, Any], codes: set[str]) -> tuple[Right, ...]:
    rows = fields.of_type(document, "rights", list)
    found = tuple(_right(row, codes, f"rights[{place}]") for place, row in enumerate(rows))
    named = [right.right for right in found]
    if not named or len(set(named)) != len(named):
        raise fields.bad(
            "rights",
            "、".join(named),
            "権利は一つ以上、重複なく書いてください。",
            "Name each right once, and at least one.",
        )
    return found


def _right(row: Any, codes: set[str], where: str) -> Right:
    stated = row if isinstance(row, dict) else {}
    shared = stated.get("method") is not None
    lead = stated.get("ownership") == rights.LEAD
    fields.known(row, (*(_SHARED if shared else _STATED), *(("lead",) if lead else ())), where)
    right = fields.choice(row, "right", RIGHTS, f"{where}.")
    form = fields.choice(row, "form", FORMS, f"{where}.")
    ownership = fields.choice(row, "ownership", rights.OWNERSHIP, f"{where}.")
    _check_form(right, form, ownership, shared, where)
    facts: dict[str, Any] = {
        "right": right,
        "form": form,
        "ownership": ownership,
        "use": fields.choice(row, "use", rights.USE, f"{where}."),
        "further_training": fields.choice(row, "further_training", rights.FURTHER_TRAINING, f"{where}."),
        "lead": fields.text(row, "lead", f"{where}.") if lead else "",
        "method": methods.read(row["method"], codes, f"{where}.method") if shared else None,
    }
    return Right(**facts, **(_bounds(row, where) if shared else {}))


def _check_form(right: str, form: str, ownership: str, shared: bool, where: str) -> None:
    """Co-ownership stands only where it is chosen twice, in form and ownership, of a right that can be owned."""
    common = form == rights.CO_OWNERSHIP
    if common != (ownership == rights.CO_OWNED) or (common and (right in rights.NOT_OWNED or not shared)):
        raise fields.bad(
            f"{where}.form",
            f"{form} / {ownership}",
            "共有とするときは form を co-ownership、ownership を co-owned とし、配分の方法を定めてください。"
            "収入・議決数・利用枠は共有にできません。",
            "Co-ownership needs form co-ownership, ownership co-owned and a method; revenue, votes and capacity of use"
            " cannot be owned in common.",
        )


def _bounds(row: Mapping[str, Any], where: str) -> dict[str, Any]:
    rounding = fields.known(row["rounding"], ("method", "grid", "tie"), f"{where}.rounding")
    grid = _grid(rounding, f"{where}.rounding.")
    bounds = fields.known(row["bounds"], ("step", "floor", "cap"), f"{where}.bounds")
    fields.choice(bounds, "step", {BOUNDS}, f"{where}.bounds.")
    floor, cap = _floor_and_cap(bounds, grid, f"{where}.bounds.")
    return {"floor": floor, "cap": cap, "grid": grid}


def _grid(rounding: Mapping[str, Any], where: str) -> int:
    fields.choice(rounding, "method", {ROUNDING}, where)
    fields.choice(rounding, "tie", {TIE}, where)
    return fields.count(rounding, "grid", GRID_MAX, where)


def _floor_and_cap(row: Mapping[str, Any], grid: int, where: str = "") -> tuple[Fraction, Fraction]:
    floor, cap = (fields.bound(row, field, grid, where) for field in ("floor", "cap"))
    if cap == 0 or floor > cap:
        raise fields.bad(
            f"{where}cap", cap, "下限以上で 0 より大きくしてください。", "It must be positive and not below the floor."
        )
    return floor, cap


# ---- version 1 ----
def _read_first(document: Mapping[str, Any]) -> Policy:
    fields.known(document, _FIELDS_1, "policy")
    rounding = fields.of_type(document, "rounding", dict)
    grid = _grid(rounding, "rounding.")
    floor, cap = _floor_and_cap(document, grid)
    fields.choice(document, "method", {METHOD})
    categories = _categories(document, weighted=True)
    weights = {row["code"]: fields.above_zero(row, "weight", f"{row['code']}.") for row in document["categories"]}
    methods.check_whole(sum(weights.values(), Fraction(0)), "categories")
    method = Method(METHOD, weights=weights, empty_category=fields.choice(document, "empty_category", EMPTY))
    right = fields.choice(document, "right", RIGHTS), fields.choice(document, "form", FORMS)
    return Policy(
        v=1,
        number=fields.text(document, "number"),
        version=fields.count(document, "version", VERSION_MAX),
        categories=categories,
        equity_counts=fields.of_type(document, "equity_counts", bool),
        residency=_residency(document),
        rights=(Right(*right, None, None, None, "", method, floor, cap, grid),),
        disclosure=fields.choice(document, "disclosure", LEVELS),
        coalitions="desk",
    )


# ---- categories, in both versions ----
def _categories(document: Mapping[str, Any], *, weighted: bool) -> tuple[Category, ...]:
    categories = tuple(_category(row, weighted) for row in fields.of_type(document, "categories", list))
    codes = [category.code for category in categories]
    if not codes or len(codes) != len(set(codes)):
        raise fields.bad(
            "categories",
            codes,
            "区分は一つ以上、重複なく書いてください。",
            "Name each category once, and at least one.",
        )
    return categories


def _category(row: Any, weighted: bool) -> Category:
    known, optional = (["code", "weight", "units", "factors"], ["factors"]) if weighted else (
        ["code", "units", "factors", "vintage"], ["vintage"]
    )  # fmt: skip
    fields.known(row, known, "category", optional)
    code = fields.choice(row, "code", CATEGORIES)
    factors = tuple(fields.strings(row, "factors", f"{code}.")) if "factors" in row else ()
    unknown = set(factors) - FACTORS_OF.get(code, set())
    if unknown or len(set(factors)) != len(factors):
        raise fields.bad(
            f"{code}.factors",
            "、".join(factors),
            "この区分の係数だけを一度ずつ書いてください。",
            "Name only factors of this category, once each.",
        )
    vintage = vintages.read(row["vintage"], f"{code}.vintage.") if "vintage" in row else None
    return Category(code, _units(row, code), factors, vintage)


def _units(row: Mapping[str, Any], code: str) -> dict[str, Fraction]:
    units = fields.of_type(row, "units", dict, f"{code}.")
    read_units = {unit(name).code: fields.ratio(units, name, f"{code}.units.") for name in units}
    if not read_units or any(points <= 0 for points in read_units.values()):
        raise fields.bad(
            f"{code}.units",
            units,
            "単位ごとの点数を 0 より大きく書いてください。",
            "Give each unit a positive number of points.",
        )
    return read_units
