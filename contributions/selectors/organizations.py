"""Which legal entities a viewer may know of, and how they belong together."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import LICENSEE, MEMBER, REVIEWER, Viewer
from contributions.models import Affiliation, Organization


def visible_to(viewer: Viewer | None) -> QuerySet[Organization]:
    """The secretariat sees all; members see members and the consortium; everybody else itself and the consortium."""
    rows = Organization.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.is_office or viewer.workplace == "system":
        return rows
    consortium = rows.exclude(kind=Organization.Kind.COMPANY)
    if viewer.workplace == MEMBER:
        return rows.filter(member__isnull=False) | consortium
    if viewer.workplace in {LICENSEE, REVIEWER}:
        return rows.filter(code=viewer.acting) | rows.filter(kind=Organization.Kind.OFFICE)
    return rows.none()


def group_of(code: str) -> frozenset[str]:
    """The organization and all it is affiliated with by majority control, up and down the tree."""
    return next((group for group in groups() if code in group), frozenset({code}))


def groups() -> list[frozenset[str]]:
    """Groups of organizations bound by majority control; those standing alone are left out."""
    sets: dict[str, set[str]] = {}
    for link in Affiliation.objects.select_related("parent", "child"):
        numerator, _, denominator = link.control.partition("/")
        if 2 * int(numerator) > int(denominator or 1):
            merged = sets.get(link.parent.code, {link.parent.code}) | sets.get(link.child.code, {link.child.code})
            for code in merged:
                sets[code] = merged
    return sorted({frozenset(group) for group in sets.values()}, key=sorted)


def names() -> dict[str, dict[str, str]]:
    """Short names by code, for places that print many."""
    return {row.code: {"ja": row.short_ja, "en": row.short_en} for row in Organization.objects.all()}
