"""Inbound agreements a viewer may read."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import InboundAgreement
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[InboundAgreement]:
    """Legal, desk and auditor see every inbound agreement; a member its own."""
    rows = InboundAgreement.objects.select_related("organization").prefetch_related("rights")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "organization__code")
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(organization__code=viewer.acting)
    return rows.none()


def matching(rows: QuerySet[InboundAgreement], query: str) -> QuerySet[InboundAgreement]:
    """Agreements whose number, title or organization holds the text."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(title_ja__icontains=query) | Q(title_en__icontains=query)
    return rows.filter(named | Q(organization__name_ja__icontains=query) | Q(organization__name_en__icontains=query))
