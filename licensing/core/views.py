"""What a page may print of an allocation: frozen views, filled by `disclosure` and by nothing else.

`None` is "not for this viewer", never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contributions.core.words import Text

_UNATTESTED = Text(
    "ここでは示しません。再計算による確認はまだ行われていません", "not shown here, and not attested by anybody yet"
)
_DERIVABLE = Text(
    "ここでは示しませんが、自社の配分比率から端数の範囲で推し量れます",
    "not shown here, and yet your own shares give it to within rounding",
)
_ATTESTED = Text(
    "配分デスクが検算・署名済み。この画面では再計算できません", "attested by the allocation desk, not recomputed here"
)


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category, or another term a right is shared by: its published weight; total, weight in effect and head count
    only where they may be known. `derivable`: hidden here, and yet the viewer's own shares give it away."""

    category: str
    weight: Fraction
    shown: bool
    total: Fraction | None = None
    effective: Fraction | None = None
    contributors: int | None = None
    commitment: str | None = None
    attested: bool = True
    kind: str = "category"
    method: str = ""
    derivable: bool = False

    @property
    def state(self) -> Text:
        """Whether the figure may be recomputed here; if not, whether somebody has answered for it."""
        if self.shown:
            return Text("再計算できます", "can be recomputed here")
        if self.derivable:
            return _DERIVABLE
        return _ATTESTED if self.attested else _UNATTESTED


@dataclass(frozen=True, slots=True)
class PartView:
    """A member's points and part of one category; `None` is "not for this viewer", never zero."""

    category: str
    points: Fraction | None = None
    part: Fraction | None = None


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of a member's own contribution and its points."""

    category: str
    asset: str
    unit: str
    month: str
    quantity: int
    factors: tuple[tuple[str, str], ...]
    counted: Fraction
    reasons: tuple[str, ...]
    points: Fraction


@dataclass(frozen=True, slots=True)
class ShareView:
    """A member's share: `grid` of 1/grid-ths; exact fractions only where every step may be known."""

    member: str
    name: Text
    own: bool
    grid: int
    clip: str | None = None
    raw: Fraction | None = None
    exact: Fraction | None = None
    delta: Fraction | None = None
    parts: tuple[PartView, ...] = ()
    lines: tuple[LineView, ...] = ()


@dataclass(frozen=True, slots=True)
class RightView:
    """One right of the allocation, as it stands in the list of all: how it is shared, and the viewer's own share."""

    right: str
    form: str
    method: str
    grid: int
    own: int | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """A coalition that would gain by leaving, and how much; for those who may know."""

    players: tuple[str, ...]
    gain: Fraction
    worth: Fraction


@dataclass(frozen=True, slots=True)
class AllocationView:
    """All that one viewer may know of one right of an allocation; a page shows this and nothing else."""

    audience: str
    level: str
    grid: int | None
    categories: tuple[CategoryView, ...]
    shares: tuple[ShareView, ...]
    scale: Fraction | None
    held: int | None
    recomputed: bool
    sentences: tuple[Text, ...]
    attested: bool = True
    right: str | None = None
    rights: tuple[RightView, ...] = ()
    notes: tuple[Text, ...] = ()
    leaving: tuple[Leaving, ...] = ()

    @property
    def own(self) -> ShareView | None:
        """The viewer's own share, if it has one."""
        return next((share for share in self.shares if share.own), None)
