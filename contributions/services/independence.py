"""The second pair of eyes on what binds: whoever wrote or judged it does not approve it, and is told who may."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from contributions.core import independence as rules
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.selectors import people

Authors = Collection[UUID | str | None]
Fit = Callable[[Viewer], bool]


def check_second(
    by: Viewer,
    authors: Authors,
    *,
    name: str | Text,
    at: datetime,
    fit: Fit | None = None,
    refusal: type[rules.OwnDraft] = rules.OwnDraft,
) -> None:
    """Refuse an author who would approve, naming those of the same workplace who may instead.

    `fit` says of a colleague whether it may at all: whoever must keep out of the matter is not named.
    """
    if rules.wrote(by.user, authors):
        raise refusal(name=name, others=people.others(by, on=jst_date(at), but=authors, fit=fit) or _ANOTHER)


def barred(
    viewer: Viewer,
    authors: Authors,
    *,
    name: str | Text,
    at: datetime,
    fit: Fit | None = None,
    refusal: type[rules.OwnDraft] = rules.OwnDraft,
) -> rules.OwnDraft | None:
    """The same refusal for a page, which shows it where the button would be."""
    try:
        check_second(viewer, authors, name=name, at=at, fit=fit, refusal=refusal)
    except rules.OwnDraft as refused:
        return refused
    return None


_ANOTHER = Text(
    "同じ立場の別の担当者（現在、該当する方はいません）",
    "another person of the same workplace (at present there is none)",
)
