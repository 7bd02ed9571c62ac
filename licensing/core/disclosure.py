"""What a viewer may know of an allocation. Decided here and nowhere else.

Members are rivals, and recomputing leaks: whoever knows its own points and its part of a category knows the total.
So a policy carries a disclosure level. A member always sees its own lines, its own points and its own share; a
category's total only as the level allows. Where a total is hidden, so are the member's part of that category, every
exact fraction and every rounding remainder: the member sees the total's commitment and the desk's attestation.

A policy shares out several rights over the same totals, and allocations follow one another. Each of a member's shares
is an equation in the totals, and each total shown before can be subtracted from the next. `suppression` reckons with
all of them together; what no hiding can protect, the page says, and so does the proposal of such a policy.

What coalitions of members are worth, and which would gain by leaving, is for the desk and the auditor; what licensees
used, of which a usage table speaks, is for no member at any level.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Protocol

from contributions.core import roles
from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core import suppression
from licensing.core.categories import CATEGORIES
from licensing.core.results import CATEGORY, lines_of, right_of, rights_of
from licensing.core.suppression import Knowledge, Told
from licensing.core.views import AllocationView, CategoryView, Leaving, LineView, PartView, RightView, ShareView

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

VALUED, USAGE, OWN_AMOUNT, COMMON, PARENT = "game", "usage", "own", "common", "parent"  # kinds of terms, in `divisions`
DESK_ONLY = "desk"
FULL, SHARES, OWN, EXISTENCE = "full", "shares", "own", "existence"

RUN, ATTESTED, PROPOSED, ADOPTED, SUPERSEDED = "run", "attested", "proposed", "adopted", "superseded"
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
    PROPOSED: Text(
        "この配分計算は再計算のうえ議決に付されていますが、まだ採択されていません。配分比率の合計はちょうど 1 です。",
        "This allocation was recomputed and is put to the vote; it is not adopted yet. Its shares sum to exactly 1.",
    ),
    ADOPTED: Text(
        "採択された配分計算があり、配分比率の合計はちょうど 1 です。",
        "An adopted allocation exists, and its shares sum to exactly 1.",
    ),
    SUPERSEDED: Text(
        "採択された配分計算でしたが、後の配分計算に置き換えられました。配分比率の合計はちょうど 1 です。",
        "This allocation was adopted, and a later one has taken its place. Its shares sum to exactly 1.",
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
_DERIVABLE = Text(
    "次の区分の総量は、示していなくても、自社の各権利の配分比率と点数から端数の範囲で推し量れます。伏せても防げません：{ja}。",
    "The totals of these categories follow, to within rounding, from your own shares of all rights and your points,"
    " though they are not shown. Hiding cannot prevent it: {en}.",
)
_VALUES = Text(
    "提携の値と、離脱した方が得になる提携は、配分デスクと監査人だけが見ます。",
    "What coalitions are worth, and which would gain by leaving, is seen by desk and auditor alone.",
)
_USAGE = Text(
    "利用者ごとの支払と利用は、会員には示しません。", "What each licensee paid and used is not shown to members."
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
    right: str | None = None,
    earlier: Sequence[Told] = (),
) -> AllocationView:
    """What this viewer may know of one right of the result `document`; `standing` is how far it has come.

    `group_of` gives the group of each member (absent: alone); `commitments` the hash of each committed row by name;
    `earlier` are the allocations shown to the viewer before this one, oldest first. The desk, the auditor and the
    machine see all. Finance, which pays, and legal, which answers for rights, see shares, and more only at an open
    level. A member sees itself. Everybody else learns that it exists.
    """
    seeing = _Seeing(document, policy, right_of(document, policy, right), names, commitments or {})
    seen = seeing.seen(viewer, group_of, earlier)
    return replace(
        seen,
        sentences=(_STANDINGS[standing], *seen.sentences),
        attested=attested,
        categories=tuple(replace(category, attested=attested) for category in seen.categories),
    )


class _Seeing:
    """One right of one result, seen by whoever asks."""

    def __init__(
        self,
        document: Mapping[str, Any],
        policy: Mapping[str, Any],
        right: Mapping[str, Any],
        names: Mapping[str, Text],
        commitments: Mapping[str, str],
    ) -> None:
        self.document, self.policy, self.right = document, policy, right
        self.names, self.commitments = names, commitments
        self.level, self.lines = str(policy["disclosure"]), lines_of(document)

    def seen(self, viewer: ViewerLike, group_of: Mapping[str, str], earlier: Sequence[Told]) -> AllocationView:
        if not self.right:
            return self._existence()
        if viewer.workplace in {roles.DESK, roles.AUDITOR, roles.SYSTEM}:
            return self._full()
        if viewer.workplace in {roles.LEGAL, roles.FINANCE}:
            return self._open(None) if self.level == OPEN else self._shares()
        own = next((row for row in self.right["members"] if row["member"] == viewer.acting), None)
        if viewer.workplace != roles.MEMBER or own is None:
            return self._existence()
        if self.level == OPEN:
            return self._open(own["member"])
        return self._own(own, group_of, earlier)

    def _existence(self) -> AllocationView:
        return AllocationView(EXISTENCE, self.level, None, (), (), None, None, False, ())

    def _full(self) -> AllocationView:
        shares = (
            replace(self._exact_share(row), lines=_line_views(self.lines[row["member"]]))
            for row in self.right["members"]
        )
        return self._view(
            FULL,
            categories=tuple(self._shown_total(term, counts=True) for term in self.right["terms"]),
            shares=tuple(shares),
            recomputed=True,
            sentences=(_RECOMPUTED_ALL,),
            notes=self._notes(desk=True),
            leaving=self._leaving(),
        )

    def _open(self, member: str | None) -> AllocationView:
        """The open level: all shares, points and totals; lines are the viewer's own, and usage is nobody's."""
        hidden = {term["term"] for term in self.right["terms"] if term["kind"] == USAGE and member}
        shares = (
            replace(
                self._exact_share(row, hidden),
                own=row["member"] == member,
                lines=_line_views(self.lines[member]) if member and row["member"] == member else (),
            )
            for row in self.right["members"]
        )
        said = (_OWN_POINTS, _OWN_SHARE, _OTHERS_LINES) if member else (_OTHERS_LINES,)
        return self._view(
            OWN if member else SHARES,
            categories=tuple(
                self._hidden(term) if term["term"] in hidden else self._shown_total(term)
                for term in self.right["terms"]
            ),
            shares=tuple(shares),
            recomputed=not hidden,
            sentences=(*said, *((_USAGE,) if hidden else ())),
            notes=self._notes(),
            leaving=self._leaving() if self._is_released() else (),
            own=member,
        )

    def _shares(self) -> AllocationView:
        """Shares on the grid, and nothing that they were made of."""
        return replace(
            self._view(
                SHARES,
                categories=tuple(self._hidden(term) for term in self.right["terms"]),
                shares=tuple(
                    ShareView(row["member"], self._name(row), own=False, grid=row["grid"], clip=row["clip"])
                    for row in self.right["members"]
                ),
                recomputed=False,
                sentences=(_SHARES_ONLY,),
                notes=self._notes(),
                leaving=self._leaving() if self._is_released() else (),
            ),
            scale=None,
        )

    def _own(self, own: Mapping[str, Any], group_of: Mapping[str, str], earlier: Sequence[Told]) -> AllocationView:
        """A member's view below the open level."""
        member = own["member"]
        shown, derivable = _shown_to(member, [*earlier, Told(self.document, self.policy, group_of)])
        open_terms = {term["term"] for term in self.right["terms"] if self._is_open(term, member, shown, group_of)}
        held = {part["term"] for part in own["parts"] if fraction(part["part"])}
        scaled = fraction(self.right["scale"]) != 1
        counted = any(term["kind"] == CATEGORY for term in self.right["terms"])
        whole = held <= open_terms and not scaled and (bool(shown) or not counted)
        share = ShareView(
            member,
            self._name(own),
            own=True,
            grid=own["grid"],
            clip=own["clip"],
            parts=tuple(self._own_part(part, open_terms) for part in own["parts"]),
            lines=_line_views(self.lines[member]) if self._is_of_points() else (),
        )
        if whole:
            raw, exact, delta = (fraction(own[field]) for field in ("raw", "exact", "delta"))
            share = replace(share, raw=raw, exact=exact, delta=delta)
        categories = tuple(
            self._shown_total(term) if term["term"] in open_terms else self._hidden(term, derivable)
            for term in self.right["terms"]
        )
        view = self._view(
            OWN,
            categories=categories,
            shares=(share,),
            recomputed=whole,
            sentences=tuple(self._said(own, whole, categories)),
            notes=self._notes(),
            leaving=self._leaving() if self._is_released() else (),
            own=member,
        )
        return replace(view, scale=None, held=None)

    def _said(self, own: Mapping[str, Any], whole: bool, categories: Sequence[CategoryView]) -> list[Text]:
        said = [_OWN_POINTS] if self._is_of_points() else []
        if whole:
            said.append(_OWN_SHARE)
        if any(not category.shown for category in categories):
            said += [_NOT_CHECKED, _PAYOUTS]
        earning = {part["term"] for part in own["parts"] if fraction(part["part"])}
        if len(earning) == 1 and any(row.category in earning and row.derivable for row in categories):
            said.append(_SINGLE)
        if derived := [row for row in categories if row.derivable]:
            codes = [suppression.category_of(row.category) for row in derived]
            listed = [CATEGORIES[code] for code in codes]
            said.append(
                Text(
                    _DERIVABLE.ja.format(ja="、".join(name.ja for name in listed)),
                    _DERIVABLE.en.format(en=", ".join(name.en for name in listed)),
                )
            )
        kinds = {row.kind for row in categories}
        said += [_VALUES] if VALUED in kinds and not self._is_released() else []
        return [*said, _USAGE] if USAGE in kinds else said

    def _is_open(
        self, term: Mapping[str, Any], member: str, shown: frozenset[str], group_of: Mapping[str, str]
    ) -> bool:
        """Whether a member below the open level may see a term's total, and with it its own part."""
        kind = term["kind"]
        if kind == CATEGORY:
            return suppression.category_of(term["term"]) in shown
        if kind in {COMMON, PARENT}:
            return True
        if kind != OWN_AMOUNT or self.level != SAFE_TOTALS or term["touches"]:
            return False
        amounts = {
            row["member"]: fraction(part["amount"])
            for row in self.right["members"]
            for part in row["parts"]
            if part["term"] == term["term"]
        }
        return suppression.is_safe(amounts, member, group_of)

    def _own_part(self, part: Mapping[str, Any], open_terms: set[str]) -> PartView:
        kind = next(term["kind"] for term in self.right["terms"] if term["term"] == part["term"])
        amount = None if kind in {VALUED, USAGE} else fraction(part["amount"])
        return PartView(part["term"], amount, fraction(part["part"]) if part["term"] in open_terms else None)

    def _is_of_points(self) -> bool:
        return any(term["kind"] == CATEGORY or term["touches"] for term in self.right["terms"])

    # ---- what is released, and to whom ----
    def _is_released(self) -> bool:
        return self.policy.get("coalitions") == "released"

    def _notes(self, *, desk: bool = False) -> tuple[Text, ...]:
        return tuple(Text(note["ja"], note["en"]) for note in self.right["notes"] if desk or note["for"] != DESK_ONLY)

    def _leaving(self) -> tuple[Leaving, ...]:
        return tuple(
            Leaving(tuple(one["players"]), fraction(one["gain"]), fraction(one["worth"]))
            for one in self.right["leaving"]
        )

    # ---- pieces ----
    def _view(self, audience: str, own: str | None = None, **facts: Any) -> AllocationView:
        rights = tuple(
            RightView(row["right"], row["form"], row["method"], row["grid"], _grid_of(row, own))
            for row in rights_of(self.document, self.policy)
        )
        return AllocationView(
            audience=audience,
            level=self.level,
            grid=self.right["grid"],
            scale=fraction(self.right["scale"]),
            held=self.right["held"],
            right=self.right["right"],
            rights=rights,
            **facts,
        )

    def _shown_total(self, term: Mapping[str, Any], *, counts: bool = False) -> CategoryView:
        return replace(
            self._hidden(term),
            shown=True,
            total=fraction(term["total"]),
            effective=fraction(term["effective"]),
            contributors=term["contributors"] if counts else None,
        )

    def _hidden(self, term: Mapping[str, Any], derivable: Iterable[str] = ()) -> CategoryView:
        code = suppression.category_of(term["term"])
        counted = term["kind"] == CATEGORY
        return CategoryView(
            term["term"],
            fraction(term["weight"]),
            shown=False,
            commitment=self.commitments.get(f"category:{code}") if counted else None,
            kind=term["kind"],
            method=term["method"],
            derivable=counted and code in derivable,
        )

    def _exact_share(self, row: Mapping[str, Any], hidden: Iterable[str] = ()) -> ShareView:
        parts = (
            PartView(part["term"])
            if part["term"] in hidden
            else PartView(part["term"], fraction(part["amount"]), fraction(part["part"]))
            for part in row["parts"]
        )
        return ShareView(
            member=row["member"],
            name=self._name(row),
            own=False,
            grid=row["grid"],
            clip=row["clip"],
            raw=fraction(row["raw"]),
            exact=fraction(row["exact"]),
            delta=fraction(row["delta"]),
            parts=tuple(parts),
        )

    def _name(self, row: Mapping[str, Any]) -> Text:
        return self.names.get(row["member"], Text(row["member"], row["member"]))


def warnings(weights: Sequence[Mapping[str, Fraction]], codes: Iterable[str]) -> tuple[Text, ...]:
    """What a proposal must be told of: its rights, as rows of weights by category, are equations on the same totals.

    A member with points in so few categories as there are independent equations can work out every hidden total of
    them from its own shares; and some totals may follow even for a member with points everywhere.
    """
    codes = list(codes)
    equations, exposed = suppression.exposed(weights, codes)
    said = []
    if equations > 1:
        said.append(
            Text(
                f"この規程は、同じ総量について重みの異なる {equations} 本の式を会員に与えます。"
                f"点数のある区分が {equations} つ以下の会員は、総量を伏せても、"
                "自社の配分比率から端数の範囲で推し量れます。",
                f"This policy gives each member {equations} different equations on the same totals. A member with"
                f" points in {equations} categories or fewer can work out their totals, to within rounding, from its"
                " own shares, though they are hidden.",
            )
        )
    if exposed and len(codes) > 1:
        listed = [CATEGORIES[code] for code in codes if code in exposed]
        ja, en = "、".join(name.ja for name in listed), ", ".join(name.en for name in listed)
        said.append(
            Text(
                f"次の区分の総量は、権利どうしの重みの違いから、すべての会員が推し量れます：{ja}。",
                f"From how the weights differ between rights, every member can work out the totals of: {en}.",
            )
        )
    return tuple(said)


def _shown_to(member: str, told: Sequence[Told]) -> tuple[frozenset[str], frozenset[str]]:
    """The totals that the last of these allocations shows the member, and those that hiding cannot protect."""
    knowledge = Knowledge(member)
    shown: frozenset[str] = frozenset()
    derivable: frozenset[str] = frozenset()
    for each in told:
        level = each.policy["disclosure"]
        shown, derivable = knowledge.learn(each, shows=level != OWN_LINES, all_of=level == OPEN)
    return shown, derivable


def _grid_of(right: Mapping[str, Any], member: str | None) -> int | None:
    return next((row["grid"] for row in right["members"] if row["member"] == member), None)


def _line_views(lines: Sequence[Mapping[str, Any]]) -> tuple[LineView, ...]:
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
        for line in lines
    )
