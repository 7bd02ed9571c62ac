"""Funding sources a viewer may read, their editions as of a day, and what was bought with them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.roles import MEMBER, Viewer
from contributions.models import FundedAsset, FundingEdition, FundingSource


def visible_to(viewer: Viewer | None) -> QuerySet[FundingSource]:
    """Common sources are the consortium's own list; what one organization received it and the secretariat see."""
    rows = FundingSource.objects.select_related("recipient").prefetch_related("editions")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    if viewer.workplace == MEMBER:
        return rows.filter(Q(recipient=None) | Q(recipient__code=viewer.acting or ""))
    return rows


def is_taken(code: str) -> bool:
    """Whether a source of that code is registered already; its code is all that this tells, to whoever registers."""
    return FundingSource.objects.filter(code=code).exists()


def assets_visible_to(viewer: Viewer | None) -> QuerySet[FundedAsset]:
    """What was bought: seen by the secretariat and by the recipient."""
    rows = FundedAsset.objects.select_related("source__recipient").filter(source__in=visible_to(viewer))
    if viewer is not None and viewer.workplace == MEMBER:
        return rows.filter(source__recipient__code=viewer.acting or "")
    return rows


def edition_at(source: FundingSource, at: date, *, known_at: int | None = None) -> FundingEdition | None:
    """The edition of the day, as far as the first `known_at` entries tell; before the first, the first."""
    known = [row for row in source.editions.all() if known_at is None or row.seq < known_at]
    begun = [row for row in known if row.valid_from is None or row.valid_from <= at]
    return max(begun, key=lambda row: (row.valid_from or date.min, row.edition), default=known[0] if known else None)
