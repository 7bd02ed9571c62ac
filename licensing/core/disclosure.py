"""What a viewer may know of an allocation. Decided here and nowhere else.

Members are rivals, and recomputing leaks: whoever knows its own points and its part of a category knows the total.
So a policy carries a disclosure level. A member always sees its own lines, its own points and its own share; a
category's total only as the level allows. Where a total is hidden, so are the member's part of that category, every
exact fraction and every rounding remainder: the member sees the total's commitment and the desk's attestation.

The unknowns of a member are the hidden totals of the categories it has points in, and the scale of floor and cap where
they moved anybody. Its share is one equation in them. With exactly one unknown the equation would give it away, so a
second is hidden as well. Where there is nothing else to hide, the share itself reveals it, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Protocol

from contributions.core import roles
from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core.views import AllocationView, CategoryView, LineView, PartView, ShareView

OWN_LINES, SAFE_TOTALS, OPEN = "own-lines/1", "safe-totals/1", "open/1"

LEVELS = {
    OWN_LINES: Text(
        "会員には自社の明細と配分比率だけを示し、区分の総量は示しません。",
        "A member sees its own lines and share only, and no category’s total.",
    ),
    SAFE_TOTALS: Text(
        "会員には自社の明細と配分比率を示します。区分の総量は、その会員と企業グループを除いてもなお"
        "互いに関係のない拠出者が三者以上あり、いずれも半分を超えない場合に限り示します。",
        "A member sees its own lines and share. A category’s total shows only if, without the member and its group,"
        " three unrelated contributors stand behind it and none makes more than half.",
    ),
    OPEN: Text(
        "会員には全会員の配分比率と、区分ごとの点数・総量を示します。明細は自社分だけです。",
        "A member sees every member’s share, points and the totals; lines are its own only.",
    ),
}

UNRELATED_NEEDED = 3
FULL, SHARES, OWN, EXISTENCE = "full", "shares", "own", "existence"

RUN, ATTESTED, ADOPTED = "run", "attested", "adopted"
_STANDINGS = {
    RUN: Text(
        "この配分計算はまだ再計算による確認も採択もされていません。配分比率の合計はちょうど 1 です。",
        "This allocation has been neither attested nor adopted yet. Its shares sum to exactly 1.",
    ),
    ATTESTED: Text(
        "この配分計算は配分デスクと監査人が再計算して確認しましたが、まだ採択されていません。"
        "配分比率の合計はちょうど 1 です。",
        "Desk and auditor have recomputed this allocation; it is not adopted yet. Its shares sum to exactly 1.",
    ),
    ADOPTED: Text(
        "採択された配分計算があり、配分比率の合計はちょうど 1 です。",
        "An adopted allocation exists, and its shares sum to exactly 1.",
    ),
}
_RECOMPUTED_ALL = Text(
    "すべての明細・総量・配分比率をこの画面で再計算できます。", "Every line, total and share can be recomputed here."
)
_OWN_POINTS = Text(
    "自社の明細から自社の点数を再計算できます。", "Your own points can be recomputed from your own lines."
)
_OWN_SHARE = Text(
    "自社に関わる区分の総量がすべて示されているため、自社の配分比率も再計算できます。",
    "Every total behind your share is shown, so your share can be recomputed too.",
)
_NOT_CHECKED = Text(
    "「検算・署名済み」とある区分では、総量そのものは確かめられません。確かめられるのは、総量のコミットメント値が採択時の記録に含まれることと、"
    "配分デスクの署名です。",
    "Where it says “attested”, the total itself cannot be checked here: only that its commitment stands in the adopted"
    " record, and the desk’s signature.",
)
_PAYOUTS = Text(
    "ただし、配分比率と支払額は自社に示されるため、回を重ねると区分の総量をある程度まで推し量れることがあります。",
    "Even so, your share and your payments are known to you, and over several rounds they can narrow down a total.",
)
_SINGLE = Text(
    "自社の点数が一つの区分だけにあるため、配分比率からその区分の総量を端数の範囲で推し量れます。これは避けられません。",
    "Your points stand in one category only, so your share lets its total be estimated to within rounding."
    " This cannot be avoided.",
)
_SHARES_ONLY = Text(
    "支払と権利の管理に必要な配分比率だけを示します。点数・総量・明細は配分デスクと監査人が確かめます。",
    "Shares are shown as payment and rights need them; points, totals and lines are checked by desk and auditor.",
)
_OTHERS_LINES = Text("他の会員の明細は示しません。", "Lines of other members are not shown.")


class ViewerLike(Protocol):
    """What is asked of a viewer: the chosen workplace and the organization it acts for."""

    @property
    def workplace(self) -> str: ...
    @property
    def acting(self) -> str | None: ...


def groups_of(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Member code → the name of its group, from an inputs document; who stands alone is absent."""
    return {member: group[0] for group in inputs["groups"] for member in group}


def view(
    document: Mapping[str, Any],
    *,
    policy: Mapping[str, Any],
    viewer: ViewerLike,
    group_of: Mapping[str, str],
    names: Mapping[str, Text],
    commitments: Mapping[str, str] | None = None,
    standing: str = ADOPTED,
    attested: bool = True,
) -> AllocationView:
    """What this viewer may know of the result `document`; `standing` is how far it has come.

    `group_of` gives the group of each member (absent: alone); `commitments` the hash of each committed row by name.
    The desk, the auditor and the machine see all. Finance, which pays, and legal, which answers for rights, see
    shares, and more only at an open level. A member sees itself. Everybody else learns that it exists.
    """
    seen = _seen(document, str(policy["disclosure"]), viewer, group_of, names, commitments or {})
    return replace(
        seen,
        sentences=(_STANDINGS[standing], *seen.sentences),
        attested=attested,
        categories=tuple(replace(category, attested=attested) for category in seen.categories),
    )


def _seen(
    document: Mapping[str, Any],
    level: str,
    viewer: ViewerLike,
    group_of: Mapping[str, str],
    names: Mapping[str, Text],
    commitments: Mapping[str, str],
) -> AllocationView:
    if viewer.workplace in {roles.DESK, roles.AUDITOR, roles.SYSTEM}:
        return _full(document, level, names, commitments)
    if viewer.workplace in {roles.LEGAL, roles.FINANCE}:
        if level == OPEN:
            return _open(document, None, names, commitments)
        return _shares(document, level, names, commitments)
    own = next((row for row in document["members"] if row["member"] == viewer.acting), None)
    if viewer.workplace != roles.MEMBER or own is None:
        return AllocationView(EXISTENCE, level, None, (), (), None, None, False, ())
    if level == OPEN:
        return _open(document, own["member"], names, commitments)
    return _own(document, level, own, group_of, names, commitments)


def _full(
    document: Mapping[str, Any], level: str, names: Mapping[str, Text], commitments: Mapping[str, str]
) -> AllocationView:
    return AllocationView(
        audience=FULL,
        level=level,
        grid=document["grid"],
        categories=_all_categories(document, commitments, counts=True),
        shares=tuple(replace(_exact_share(row, names), lines=_lines(row)) for row in document["members"]),
        scale=fraction(document["scale"]),
        held=document["held"],
        recomputed=True,
        sentences=(_RECOMPUTED_ALL,),
    )


def _open(
    document: Mapping[str, Any], member: str | None, names: Mapping[str, Text], commitments: Mapping[str, str]
) -> AllocationView:
    """The open level: all shares, points and totals; lines are the viewer's own."""
    shares = (
        replace(
            _exact_share(row, names), own=row["member"] == member, lines=_lines(row) if row["member"] == member else ()
        )
        for row in document["members"]
    )
    return AllocationView(
        audience=OWN if member else SHARES,
        level=OPEN,
        grid=document["grid"],
        categories=_all_categories(document, commitments, counts=False),
        shares=tuple(shares),
        scale=fraction(document["scale"]),
        held=document["held"],
        recomputed=True,
        sentences=(_OWN_POINTS, _OWN_SHARE, _OTHERS_LINES) if member else (_OTHERS_LINES,),
    )


def _shares(
    document: Mapping[str, Any], level: str, names: Mapping[str, Text], commitments: Mapping[str, str]
) -> AllocationView:
    """Shares on the grid, and nothing that they were made of."""
    return AllocationView(
        audience=SHARES,
        level=level,
        grid=document["grid"],
        categories=tuple(_hidden(row, commitments) for row in document["categories"]),
        shares=tuple(
            ShareView(row["member"], _name(row, names), own=False, grid=row["grid"], clip=row["clip"])
            for row in document["members"]
        ),
        scale=None,
        held=document["held"],
        recomputed=False,
        sentences=(_SHARES_ONLY,),
    )


def _own(
    document: Mapping[str, Any],
    level: str,
    own: Mapping[str, Any],
    group_of: Mapping[str, str],
    names: Mapping[str, Text],
    commitments: Mapping[str, str],
) -> AllocationView:
    """A member's view below the open level."""
    earning = {part["category"] for part in own["parts"] if fraction(part["points"])}
    shown = _shown(document, own, group_of) if level == SAFE_TOTALS else frozenset()
    scaled = fraction(document["scale"]) != 1
    whole = earning <= shown and not scaled and bool(shown)
    parts = tuple(
        PartView(
            part["category"], fraction(part["points"]), fraction(part["part"]) if part["category"] in shown else None
        )
        for part in own["parts"]
    )
    share = ShareView(
        own["member"], _name(own, names), own=True, grid=own["grid"], clip=own["clip"], parts=parts, lines=_lines(own)
    )
    if whole:
        raw, exact, delta = (fraction(own[field]) for field in ("raw", "exact", "delta"))
        share = replace(share, raw=raw, exact=exact, delta=delta)
    categories = tuple(
        _shown_total(row, commitments) if row["category"] in shown else _hidden(row, commitments)
        for row in document["categories"]
    )
    said = [_OWN_POINTS]
    if whole:
        said.append(_OWN_SHARE)
    if any(not category.shown for category in categories):
        said += [_NOT_CHECKED, _PAYOUTS]
    if len(earning) == 1 and not earning <= shown:
        said.append(_SINGLE)
    return AllocationView(
        OWN, level, document["grid"], categories, (share,), None, None, recomputed=whole, sentences=tuple(said)
    )


def _shown(document: Mapping[str, Any], own: Mapping[str, Any], group_of: Mapping[str, str]) -> frozenset[str]:
    """The categories whose totals this member may see, after complementary suppression.

    An empty category changes every weight in effect, and that it is empty is itself a figure of the rivals: then no
    total shows. Where floor or cap moved anybody, the scale is one more unknown.
    """
    if any(not fraction(row["points"]) for row in document["categories"]):
        return frozenset()
    safe = {row["category"] for row in document["categories"] if _is_safe(document, row["category"], own, group_of)}
    earned = {part["category"]: fraction(part["part"]) for part in own["parts"] if fraction(part["points"])}
    unknowns = len(earned.keys() - safe) + (fraction(document["scale"]) != 1)
    candidates = sorted(earned.keys() & safe, key=lambda code: (-earned[code], code))
    if unknowns == 1 and candidates:
        # The largest part leaves the widest room for what the first hidden one may be.
        safe.discard(candidates[0])
    return frozenset(safe)


def _is_safe(document: Mapping[str, Any], category: str, own: Mapping[str, Any], group_of: Mapping[str, str]) -> bool:
    """Without the viewer and its group: three unrelated contributors, none with more than half of what is left."""
    mine = group_of.get(own["member"], own["member"])
    behind: dict[str, Fraction] = {}
    for row in document["members"]:
        group = group_of.get(row["member"], row["member"])
        points = next(fraction(part["points"]) for part in row["parts"] if part["category"] == category)
        if group != mine and points:
            behind[group] = behind.get(group, Fraction(0)) + points
    return len(behind) >= UNRELATED_NEEDED and 2 * max(behind.values()) <= sum(behind.values())


def _all_categories(
    document: Mapping[str, Any], commitments: Mapping[str, str], *, counts: bool
) -> tuple[CategoryView, ...]:
    return tuple(
        replace(_shown_total(row, commitments), contributors=row["contributors"] if counts else None)
        for row in document["categories"]
    )


def _shown_total(row: Mapping[str, Any], commitments: Mapping[str, str]) -> CategoryView:
    return replace(
        _hidden(row, commitments), shown=True, total=fraction(row["points"]), effective=fraction(row["effective"])
    )


def _hidden(row: Mapping[str, Any], commitments: Mapping[str, str]) -> CategoryView:
    commitment = commitments.get(f"category:{row['category']}")
    return CategoryView(row["category"], fraction(row["weight"]), shown=False, commitment=commitment)


def _exact_share(row: Mapping[str, Any], names: Mapping[str, Text]) -> ShareView:
    parts = (PartView(part["category"], fraction(part["points"]), fraction(part["part"])) for part in row["parts"])
    return ShareView(
        member=row["member"],
        name=_name(row, names),
        own=False,
        grid=row["grid"],
        clip=row["clip"],
        raw=fraction(row["raw"]),
        exact=fraction(row["exact"]),
        delta=fraction(row["delta"]),
        parts=tuple(parts),
    )


def _name(row: Mapping[str, Any], names: Mapping[str, Text]) -> Text:
    return names.get(row["member"], Text(row["member"], row["member"]))


def _lines(row: Mapping[str, Any]) -> tuple[LineView, ...]:
    return tuple(
        LineView(
            category=line["category"],
            asset=line["asset"],
            unit=line["unit"],
            month=line["month"],
            quantity=int(line["quantity"]),
            factors=tuple((name, value) for name, value in line["factors"]),
            counted=fraction(line["counted"]),
            reasons=tuple(line["reasons"]),
            points=fraction(line["points"]),
        )
        for line in row["lines"]
    )
