"""Licence files: those of the agreements that a viewer may see, newest issue first."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import OF_MODELS, Viewer, reads
from licensing.models import Licence
from licensing.selectors import agreements


def visible_to(viewer: Viewer | None) -> QuerySet[Licence]:
    """Licence files of the agreements that the viewer may see."""
    rows = Licence.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_MODELS) else rows.none()
    return rows.select_related("agreement__licensee__organization").order_by("-agreement__number", "-serial")
