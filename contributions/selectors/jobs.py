"""Background work as its requester sees it."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import Viewer
from contributions.models import Job


def visible_to(viewer: Viewer | None) -> QuerySet[Job]:
    """Jobs that the viewer started at this workplace."""
    if viewer is None or viewer.user is None:
        return Job.objects.none()
    return Job.objects.filter(requested_by=viewer.user, workplace=viewer.workplace, acting=viewer.acting or "")
