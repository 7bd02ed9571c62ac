"""Reviews a viewer may see, and those that wait for it."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import REVIEWER, Viewer
from contributions.models import Review
from contributions.selectors import datasets


def visible_to(viewer: Viewer | None) -> QuerySet[Review]:
    """Reviews of the datasets that the viewer may see."""
    return Review.objects.filter(version__dataset__in=datasets.visible_to(viewer)).select_related(
        "version__dataset__member__organization", "decided_by"
    )


def waiting_for(viewer: Viewer | None) -> QuerySet[Review]:
    """Open reviews that this viewer may decide."""
    rows = visible_to(viewer).filter(state=Review.State.OPEN)
    return rows if viewer is not None and viewer.workplace == REVIEWER else rows.none()
