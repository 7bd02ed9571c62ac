"""Files on their way in: their sender's own."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import MEMBER, Viewer
from contributions.models import Intake
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[Intake]:
    """A member sees its own files; nobody else sees what is not yet submitted."""
    rows = Intake.objects.select_related("member__organization", "facility", "funding", "supersedes", "batch", "job")
    if viewer is None or viewer.workplace != MEMBER:
        return rows.none()
    own = rows.filter(member__organization__code=viewer.acting)
    return barriers.past(own, viewer, "member__organization__code")


def waiting(viewer: Viewer | None) -> QuerySet[Intake]:
    """Those that wait for their sender or for a worker."""
    return visible_to(viewer).exclude(state=Intake.State.COMMITTED)[:20]
