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
from typing import Any, Protocol

from contributions.core import roles
from contributions.core.money import fraction
from contributions.core.words import Text
from licensing.core import caveats, suppression
from licensing.core.caveats import ADOPTED
from licensing.core.results import CATEGORY, lines_of, right_of, rights_of
from licensing.core.suppression import Knowledge, Shown, Told
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
        sentences=(caveats.STANDINGS[standing], *seen.sentences),
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
            sentences=(caveats.RECOMPUTED_ALL,),
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
        said = (caveats.OWN_POINTS, caveats.OWN_SHARE, caveats.OTHERS_LINES) if member else (caveats.OTHERS_LINES,)
        return self._view(
            OWN if member else SHARES,
            categories=tuple(
                self._hidden(term) if term["term"] in hidden else self._shown_total(term)
                for term in self.right["terms"]
            ),
            shares=tuple(shares),
            recomputed=not hidden,
            sentences=(*said, *((caveats.USAGE,) if hidden else ())),
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
                sentences=(caveats.SHARES_ONLY,),
                notes=self._notes(),
                leaving=self._leaving() if self._is_released() else (),
            ),
            scale=None,
        )

    def _own(self, own: Mapping[str, Any], group_of: Mapping[str, str], earlier: Sequence[Told]) -> AllocationView:
        """A member's view below the open level."""
        member = own["member"]
        found = _shown_to(member, [*earlier, Told(self.document, self.policy, group_of)])
        shown = found.totals
        open_terms = {term["term"] for term in self.right["terms"] if self._is_open(term, found)}
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
            self._shown_total(term) if term["term"] in open_terms else self._hidden(term, found.derivable)
            for term in self.right["terms"]
        )
        view = self._view(
            OWN,
            categories=categories,
            shares=(share,),
            recomputed=whole,
            sentences=(*self._said(own, whole, categories), *self._on_scale(found)),
            notes=self._notes(),
            leaving=self._leaving() if self._is_released() else (),
            own=member,
        )
        return replace(view, scale=None, held=None)

    def _said(self, own: Mapping[str, Any], whole: bool, categories: Sequence[CategoryView]) -> list[Text]:
        said = [caveats.OWN_POINTS] if self._is_of_points() else []
        if whole:
            said.append(caveats.OWN_SHARE)
        if any(not category.shown for category in categories):
            said += [caveats.NOT_CHECKED, caveats.PAYOUTS]
        earning = {part["term"] for part in own["parts"] if fraction(part["part"])}
        if len(earning) == 1 and any(row.category in earning and row.derivable for row in categories):
            said.append(caveats.SINGLE)
        if derived := [suppression.category_of(row.category) for row in categories if row.derivable]:
            said.append(caveats.derivable(derived))
        kinds = {row.kind for row in categories}
        said += [caveats.VALUES] if VALUED in kinds and not self._is_released() else []
        return [*said, caveats.USAGE] if USAGE in kinds else said

    def _on_scale(self, found: Shown) -> list[Text]:
        return [caveats.SCALE] if self.right["right"] in found.scales else []

    def _is_open(self, term: Mapping[str, Any], found: Shown) -> bool:
        """Whether a member below the open level may see a term's total, and with it its own part."""
        code = suppression.category_of(term["term"])
        if term["kind"] == CATEGORY:
            return code in found.totals
        if term["kind"] == OWN_AMOUNT:
            return not term["touches"] and code in found.summed
        return term["kind"] in {COMMON, PARENT}

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


def _shown_to(member: str, told: Sequence[Told]) -> Shown:
    """What the last of these allocations shows the member, and what hiding cannot protect."""
    knowledge, found = Knowledge(member), Shown()
    for each in told:
        level = each.policy["disclosure"]
        found = knowledge.learn(each, shows=level != OWN_LINES, all_of=level == OPEN)
    return found


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
