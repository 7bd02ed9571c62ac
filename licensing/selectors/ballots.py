"""Ballots, their votes, and those that wait for the viewer's."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from contributions.core.roles import MEMBER, Viewer
from licensing.models import Ballot


def visible_to(viewer: Viewer | None) -> QuerySet[Ballot]:
    """The deciding body's records are open to members and the secretariat."""
    rows = Ballot.objects.select_related("policy").prefetch_related("votes__member__organization")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    return rows


def waiting_for(viewer: Viewer | None, *, at: datetime) -> list[Ballot]:
    """Open ballots on which the viewing member has a vote and has not cast it."""
    if viewer is None or viewer.workplace != MEMBER:
        return []
    rows = visible_to(viewer).filter(state=Ballot.State.OPEN, closes_at__gt=at)
    voted = rows.filter(votes__member__organization__code=viewer.acting)
    return [ballot for ballot in rows.exclude(pk__in=voted) if viewer.acting in ballot.electorate]
