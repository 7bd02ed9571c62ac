"""Model releases and the runs they came from, as far as a viewer may know."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from contributions.core.roles import LEGAL, LICENSEE, MEMBER, Viewer
from contributions.selectors import datasets
from licensing.models import Release, TrainingRun


def visible_to(viewer: Viewer | None) -> QuerySet[Release]:
    """The secretariat and members see every release; a licensee those it is licensed."""
    rows = Release.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace in {MEMBER, "system"}:
        return rows
    if viewer.workplace == LICENSEE:
        return rows.filter(agreements__licensee__organization__code=viewer.acting).distinct()
    return rows.none()


def runs_visible_to(viewer: Viewer | None) -> QuerySet[TrainingRun]:
    """Which dataset versions a run used is seen by legal, desk and auditor."""
    rows = TrainingRun.objects.select_related("facility")
    if viewer is None or not (viewer.workplace == LEGAL or viewer.sees_everything):
        return rows.none()
    return rows.prefetch_related(Prefetch("versions", datasets.versions_visible_to(viewer)))


def own_versions(viewer: Viewer | None, release: Release) -> list:
    """Of the dataset versions that a release was trained on, those of the viewing member."""
    if viewer is None or viewer.workplace != MEMBER:
        return []
    versions = {
        version
        for run in release.runs.all()
        for version in run.versions.filter(dataset__member__organization__code=viewer.acting).select_related("dataset")
    }
    return sorted(versions, key=str)
