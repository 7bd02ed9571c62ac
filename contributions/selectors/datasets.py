"""Datasets a viewer may see, and how each version stands."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import LEGAL, MEMBER, REVIEWER, Viewer
from contributions.models import Dataset, DatasetVersion


def visible_to(viewer: Viewer | None) -> QuerySet[Dataset]:
    """Legal, desk and auditor see all; a member its own; the review body those it is asked to review."""
    rows = Dataset.objects.select_related("member__organization")
    if viewer is None:
        return rows.none()
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    if viewer.workplace == REVIEWER:
        return rows.filter(versions__reviews__isnull=False).exclude(member__organization__code=viewer.home).distinct()
    return rows.none()


def versions_visible_to(viewer: Viewer | None) -> QuerySet[DatasetVersion]:
    """Versions of the datasets that the viewer may see."""
    return (
        DatasetVersion.objects.filter(dataset__in=visible_to(viewer))
        .select_related("dataset__member__organization", "agreement", "funding")
        .prefetch_related("reviews")
    )


def in_force(version: DatasetVersion, on: date) -> bool:
    """Whether the version was submitted by that day and not withdrawn."""
    return version.submitted_on <= on and (version.withdrawn_on is None or version.withdrawn_on > on)
