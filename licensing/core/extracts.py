"""A member's extract of an adopted allocation: what `disclosure` shows it of every right, as a document of its own.

Its lines and points, its share of each right, the totals that it may see, opened against the root that the adoption
stated; of totals that it may not see the commitments alone, each with its path to that root. Nothing in it names or
measures another member, at any level of disclosure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from contributions.core.committed import openings, sealed
from contributions.core.errors import Refused
from contributions.core.money import fraction_text
from licensing.core import inputs, policies
from licensing.core.pools import CATEGORY
from licensing.core.suppression import category_of
from licensing.core.views import AllocationView, CategoryView, LineView, PartView, ShareView

Document = Mapping[str, Any]
MISSING = "factor-missing"
HEADING = ("allocation", "release", "window", "checkpoint", "policy_sha256", "inputs_sha256", "rows_root")


def extract(
    views: Sequence[AllocationView],
    *,
    member: str,
    heading: Document,
    policy: Document,
    committed: list[dict[str, Any]],
) -> dict[str, Any]:
    """The document, from the member's view of each right; `heading` holds the facts of the adoption by these names,
    and a `notice` where all of it is invented."""
    rule = policies.read(policy)
    lines = next((view.own.lines for view in views if view.own and view.own.lines), ())
    shown = {
        f"category:{category_of(row.category)}"
        for view in views
        for row in view.categories
        if row.shown and row.kind == CATEGORY
    }
    hidden = {f"category:{category.code}" for category in rule.categories} - shown
    own = {own_row(rule.v, view.right or "", member) for view in views}
    sentences = list(dict.fromkeys(sentence for view in views for sentence in view.sentences))
    return {
        "v": 1,
        "notice": heading.get("notice"),
        "member": member,
        **{name: heading[name] for name in HEADING},
        "disclosure": rule.disclosure,
        "points": {category.code: fraction_text(_points(lines, category.code)) for category in rule.categories},
        "lines": [_line(line) for line in lines],
        "unproven": [],
        "rights": [_right(view, view.own) for view in views if view.own],
        "opened": openings(committed, own | shown),
        "sealed": sealed(committed, hidden),
        "sentences": [{"ja": sentence.ja, "en": sentence.en} for sentence in sentences],
    }


def own_row(v: int, right: str, member: str) -> str:
    """The name of the row that commits to a member's share; version 1 knew one right and does not name it."""
    return f"member:{member}" if v == 1 else f"right:{right}:member:{member}"


def unproven(document: Document, statements: Iterable[dict[str, Any]], policy: Document) -> list[str]:
    """The categories whose lines do not follow from these statements: quantities, parts that count, and reasons.

    The statements are the member's own and the common ones, folded by the rule of `inputs` as the allocation was, but
    for rated factors: their tables speak of all members at once and are nobody's own. Where a factor was missing, the
    quantities alone are compared.
    """
    categories = sorted({line["category"] for line in document["lines"]} | set(document["points"]))
    try:
        folded = inputs.fold(
            statements,
            policy=_unrated(policy),
            release=document["release"],
            window=(document["window"][0], document["window"][1]),
            log={"size": document["checkpoint"], "root": ""},
        )
    except Refused:
        return categories
    own = [line for line in folded["lines"] if line["member"] == document["member"]]
    return [code for code in categories if not _agree(of_category(document["lines"], code), of_category(own, code))]


def of_category(lines: Iterable[Document], code: str) -> list[Document]:
    """The lines of one category."""
    return [line for line in lines if line["category"] == code]


def _agree(stated: list[Document], folded: list[Document]) -> bool:
    rated = not any(MISSING in line["reasons"] for line in stated)
    return _amounts(stated, rated) == _amounts(folded, rated)


def _amounts(lines: Iterable[Document], rated: bool) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        key = (line["asset"], line["unit"], line["month"])
        key += (line["counted"], *line["reasons"]) if rated else ()
        found[key] += int(line["quantity"])
    return found


def _unrated(policy: Document) -> dict[str, Any]:
    """The same rule of what counts, without rated factors, and with nothing shared out that needs more than lines."""
    if policy["v"] == 1:
        rows = [{key: value for key, value in row.items() if key != "factors"} for row in policy["categories"]]
        return {**policy, "categories": rows}
    rows = [
        {key: value for key, value in row.items() if key != "vintage"} | {"factors": []}
        for row in policy["points"]["categories"]
    ]
    return of_lines({**policy, "points": {**policy["points"], "categories": rows}})


def of_lines(policy: Document) -> dict[str, Any]:
    """The same rule of what counts and how much, with nothing shared out that needs more than lines."""
    if policy["v"] == 1:
        return dict(policy)
    first = next(row for row in policy["rights"] if row["method"] is not None)
    return {**policy, "rights": [{**first, "method": {"name": "equal/1"}}]}


def _points(lines: Iterable[LineView], code: str) -> Fraction:
    return sum((line.points for line in lines if line.category == code), Fraction(0))


def _line(line: LineView) -> dict[str, Any]:
    return {
        "category": line.category,
        "asset": line.asset,
        "unit": line.unit,
        "month": line.month,
        "quantity": str(line.quantity),
        "factors": [list(factor) for factor in line.factors],
        "counted": fraction_text(line.counted),
        "reasons": list(line.reasons),
        "points": fraction_text(line.points),
    }


def _right(view: AllocationView, own: ShareView) -> dict[str, Any]:
    method = next(row.method for row in view.rights if row.right == view.right)
    form = next(row.form for row in view.rights if row.right == view.right)
    parts = {part.category: part for part in own.parts}
    return {
        "right": view.right,
        "form": form,
        "method": method,
        "grid": view.grid,
        "share": own.grid,
        "clip": own.clip,
        "raw": _text(own.raw),
        "exact": _text(own.exact),
        "terms": [_term(row, parts.get(row.category, PartView(row.category))) for row in view.categories],
    }


def _term(row: CategoryView, part: PartView) -> dict[str, Any]:
    return {
        "term": row.category,
        "kind": row.kind,
        "method": row.method,
        "weight": fraction_text(row.weight),
        "effective": _text(row.effective),
        "total": _text(row.total),
        "amount": _text(part.points),
        "part": _text(part.part),
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else fraction_text(value)
