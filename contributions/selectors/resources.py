"""Cash, people and background IP that a viewer may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet, Sum

from contributions.core.roles import FINANCE, LEGAL, MEMBER, Viewer
from contributions.models import Resource
from contributions.selectors import barriers


def visible_to(viewer: Viewer | None) -> QuerySet[Resource]:
    """Legal, finance, desk and auditor see all; a member its own."""
    rows = Resource.objects.select_related("member__organization", "funding", "agreement")
    if viewer is None:
        return rows.none()
    rows = barriers.past(rows, viewer, "member__organization__code")
    if viewer.workplace in {LEGAL, FINANCE} or viewer.sees_everything:
        return rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def matching(rows: QuerySet[Resource], query: str) -> QuerySet[Resource]:
    """Contributions whose number, title, member or exact amount is the text."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(title_ja__icontains=query) | Q(title_en__icontains=query)
    owned = Q(member__organization__name_ja__icontains=query) | Q(member__organization__name_en__icontains=query)
    digits = query.replace(",", "")
    exact = Q(quantity=int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 19 else Q(pk__in=[])
    return rows.filter(named | owned | exact)


def totals(rows: QuerySet[Resource]) -> list[dict]:
    """Sums by kind and unit, without what was reversed."""
    counted = rows.exclude(state=Resource.State.REVERSED).order_by()
    return sorted(
        counted.values("kind", "unit").annotate(quantity=Sum("quantity")), key=lambda row: (row["kind"], row["unit"])
    )
