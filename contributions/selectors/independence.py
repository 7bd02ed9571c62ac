"""Whether a viewer stands apart from a member, by what is on record of groups, rivals and employers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from contributions.core import independence
from contributions.core.roles import Viewer
from contributions.selectors import exclusions, organizations


def check(judge: Viewer, owner: str, *, at: date, before: Collection[str | None] = ()) -> None:
    """Refuse a judge that may not decide on what this member put in; `before` are the people who acted before."""
    independence.check(
        independence.Eyes(str(judge.user) if judge.user else None, judge.home, judge.acting),
        owner=owner,
        group=organizations.group_of(owner),
        rivals=exclusions.rivals_of(owner, at=at),
        before=before,
    )
