"""The library that comes with the product, held against the one that an installation has taken in.

Nothing here decides that a wording changes: it says what is new, what differs, what the house has since worded itself,
and what the product no longer brings. A person takes chosen ones over as drafts, which are approved like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contributions.core.words import Text
from licensing.core import clauses, templates
from licensing.core.clauses import ClauseVersion

NEW, CHANGED, TAKEN, OWN, WITHDRAWN, SAME = "new", "changed", "taken", "own", "withdrawn", "same"
STATES = {
    NEW: Text("新規", "new"),
    CHANGED: Text("変更あり", "changed"),
    TAKEN: Text("取込済み（承認待ち）", "taken over, to be approved"),
    OWN: Text("自組織で改訂", "reworded here"),
    WITHDRAWN: Text("同梱から除外", "no longer shipped"),
    SAME: Text("変更なし", "the same"),
}
OPEN = (NEW, CHANGED)


@dataclass(frozen=True, slots=True)
class Held:
    """A version of a clause or template as it is held here: `stands`, `draft` or `past`; `shipped`: it came with us."""

    wording: object
    state: str
    shipped: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How one clause or template of either side stands; `before` is what is in force here, `after` what is shipped."""

    code: str
    state: str
    before: object = None
    after: object = None


def of_clauses(shipped: Sequence[ClauseVersion], held: Mapping[str, Sequence[Held]]) -> list[Standing]:
    """Every clause of both sides, in the order of the shipped library, then what it no longer brings.

    >>> one = clauses.clause({"id": "a", "family": "law", "version": 1, "heading": {"ja": "法", "en": "Law"},
    ...                       "paragraphs": [{"ja": "一", "en": "One", "items": []}]})
    >>> [row.state for row in of_clauses([one], {})], [row.state for row in of_clauses([], {"a": [Held(one, "stands",
    ...                                                                                            True)]})]
    (['new'], ['withdrawn'])
    """
    return list(_compared({one.id: one for one in shipped}, held, _wording))


def of_templates(shipped: Mapping[str, Mapping[str, object]], held: Mapping[str, Sequence[Held]]) -> list[Standing]:
    """The same of templates, given as documents; in which versions of clauses one was published makes no difference."""
    return list(_compared(dict(shipped), held, _template))


def _compared(
    shipped: Mapping[str, Any], held: Mapping[str, Sequence[Held]], said: Callable[[Any], object]
) -> Iterator[Standing]:
    for code, after in shipped.items():
        rows = held.get(code, ())
        stands = next((row for row in rows if row.state == "stands"), None)
        equal = [row for row in rows if said(row.wording) == said(after)]
        if stands is not None and stands in equal:
            state = SAME
        elif any(row.state == "draft" for row in equal):
            state = TAKEN
        elif stands is None:
            state = NEW
        else:
            state = OWN if equal else CHANGED
        yield Standing(code, state, stands.wording if stands else None, after)
    for code, rows in held.items():
        stands = next((row for row in rows if row.state == "stands"), None)
        if code not in shipped and stands is not None and any(row.shipped for row in rows):
            yield Standing(code, WITHDRAWN, stands.wording)


def _wording(version: ClauseVersion) -> object:
    """What the clause says and where it stands on its ladder; its version and first day are each side's own."""
    return {**clauses.document(version), "version": 0, "from": None}, version.of, version.rank


def _template(document: Mapping[str, object]) -> object:
    return {**templates.unpinned(document), "version": 0}
