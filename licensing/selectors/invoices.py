"""Invoices and what is outstanding on them."""

from __future__ import annotations

from django.db.models import Q, QuerySet, Sum

from contributions.core.roles import OF_MONEY, Viewer, reads
from licensing.core import rates
from licensing.models import Agreement, Invoice, Receipt, UsageReport
from licensing.selectors import agreements, apart, usage


def visible_to(viewer: Viewer | None) -> QuerySet[Invoice]:
    """Invoices of the agreements that the viewer may see."""
    rows = Invoice.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_MONEY) else rows.none()
    return (
        rows.select_related("agreement__licensee__organization", "report")
        .annotate(received=Sum("receipts__amount", default=0))
        .order_by("-number")
    )


def to_issue(viewer: Viewer | None) -> QuerySet[UsageReport]:
    """Accepted reports that have no invoice yet; one of nothing, that ends no advance, needs none."""
    rows = usage.visible_to(viewer).filter(state=UsageReport.State.ACCEPTED, invoice=None)
    return rows.exclude(Q(fee__yen="0") & (Q(fee__advance__isnull=True) | Q(fee__advance__lapsed="0")))


def advances_to_issue(viewer: Viewer | None) -> list[Agreement]:
    """Concluded agreements with an advance that has not been invoiced."""
    rows = agreements.reporting(viewer).filter(variables__terms__has_key="advance")
    rows = rows.exclude(pk__in=Invoice.objects.filter(report=None).values("agreement"))
    return [row for row in rows if rates.read(row.variables["terms"]).advance]


def undistributed(viewer: Viewer | None) -> QuerySet[Receipt]:
    """Receipts that no distribution holds yet."""
    if viewer is None or viewer.workplace not in {"finance", "auditor", "system"}:
        return Receipt.objects.none()
    rows = Receipt.objects.filter(distributions=None).select_related("invoice")
    return apart.past(rows, viewer, "invoice__agreement__licensee__organization__code")
