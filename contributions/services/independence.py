"""The second pair of eyes on what binds: whoever wrote it does not approve it, and is told who may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from contributions.core import independence as rules
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer
from contributions.core.words import Text
from contributions.selectors import people


def check_second(
    by: Viewer, authors: Collection[UUID | str | None], *, name: str, at: datetime, of: Collection[str] = ()
) -> None:
    """Refuse an author who would approve, naming those of the same workplace who may instead.

    `of` are the companies whose matter it is: nobody is named who is barred from one of them.
    """
    if rules.wrote(by.user, authors):
        named = people.others(by, on=jst_date(at), but=authors, of=of)
        raise rules.OwnDraft(name=name, others=named or _ANOTHER)


def barred(
    viewer: Viewer, authors: Collection[UUID | str | None], *, name: str, at: datetime, of: Collection[str] = ()
) -> rules.OwnDraft | None:
    """The same refusal for a page, which shows it where the button would be."""
    try:
        check_second(viewer, authors, name=name, at=at, of=of)
    except rules.OwnDraft as refusal:
        return refusal
    return None


_ANOTHER = Text("同じ立場の別の担当者", "another person of the same workplace")
