"""Tables of coalition values: a row of one tells what rivals are worth, so the desk and the auditor alone read them."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import Viewer
from licensing.models import Valuation


def visible_to(viewer: Viewer | None) -> QuerySet[Valuation]:
    """Everything to the desk and the auditor; to whoever is barred from anybody, and to all others, nothing."""
    rows = Valuation.objects.select_related("submitted_by")
    if viewer is None or not viewer.sees_everything or viewer.barred:
        return rows.none()
    return rows


def waiting_for(viewer: Viewer | None) -> list[Valuation]:
    """Submitted tables that somebody else than this viewer submitted."""
    rows = visible_to(viewer).filter(state=Valuation.State.SUBMITTED)
    if viewer is None or viewer.workplace not in {"desk", "auditor"}:
        return []
    return [row for row in rows if row.submitted_by_id is None or row.submitted_by_id != viewer.user]
