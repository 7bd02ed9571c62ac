"""Invoices and what is outstanding on them."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from contributions.core.roles import Viewer
from contributions.selectors import barriers
from licensing.models import Invoice, Receipt, UsageReport
from licensing.selectors import agreements, usage


def visible_to(viewer: Viewer | None) -> QuerySet[Invoice]:
    """Invoices of the agreements that the viewer may see."""
    return (
        Invoice.objects.filter(agreement__in=agreements.visible_to(viewer))
        .select_related("agreement__licensee__organization", "report")
        .annotate(received=Sum("receipts__amount", default=0))
        .order_by("-number")
    )


def to_issue(viewer: Viewer | None) -> QuerySet[UsageReport]:
    """Accepted reports that have no invoice yet."""
    return usage.visible_to(viewer).filter(state=UsageReport.State.ACCEPTED, invoice=None)


def undistributed(viewer: Viewer | None) -> QuerySet[Receipt]:
    """Receipts that no distribution holds yet."""
    if viewer is None or viewer.workplace not in {"finance", "auditor", "system"}:
        return Receipt.objects.none()
    rows = Receipt.objects.filter(distributions=None).select_related("invoice")
    return barriers.past(rows, viewer, "invoice__agreement__licensee__organization__code")
