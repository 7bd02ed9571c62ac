"""Inbound agreements a viewer may read."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import InboundAgreement


def visible_to(viewer: Viewer | None) -> QuerySet[InboundAgreement]:
    """Legal, desk and auditor see every inbound agreement; a member its own."""
    rows = InboundAgreement.objects.select_related("organization").prefetch_related("rights")
    if viewer is None:
        return rows.none()
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(organization__code=viewer.acting)
    return rows.none()
