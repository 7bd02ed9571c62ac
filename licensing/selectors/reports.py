"""Audit reports."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import OF_MODELS, Viewer, reads
from licensing.models import AuditReport
from licensing.selectors import agreements


def visible_to(viewer: Viewer | None) -> QuerySet[AuditReport]:
    """Reports on the agreements that the viewer may see."""
    rows = AuditReport.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_MODELS) else rows.none()
    return rows.select_related("agreement__licensee__organization")
