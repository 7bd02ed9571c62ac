"""Suspensions and terminations of the agreements that a viewer may see: both parties read the same rows."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import Viewer
from licensing.models import Suspension, Termination
from licensing.selectors import agreements


def visible_to(viewer: Viewer | None) -> QuerySet[Termination]:
    """Terminations that were given, the newest first."""
    rows = Termination.objects.filter(agreement__in=agreements.visible_to(viewer))
    return rows.select_related("agreement__licensee__organization")


def suspensions_visible_to(viewer: Viewer | None) -> QuerySet[Suspension]:
    """Suspensions, lifted ones included."""
    rows = Suspension.objects.filter(agreement__in=agreements.visible_to(viewer))
    return rows.select_related("agreement__licensee__organization")
