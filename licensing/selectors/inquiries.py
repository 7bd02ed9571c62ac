"""Requests from outside: who may read them, and what a sender reads of its own."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contributions.core import canonical
from contributions.core.roles import AUDITOR, LEGAL, Viewer
from contributions.models import Organization
from contributions.selectors import organizations
from licensing.models import Inquiry


def visible_to(viewer: Viewer | None) -> QuerySet[Inquiry]:
    """Legal and the auditor; not one from the group of the reader's employer or of a rival, as far as it is told."""
    rows = Inquiry.objects.select_related("licensee__organization")
    if viewer is None or viewer.workplace not in {LEGAL, AUDITOR, "system"}:
        return rows.none()
    apart = set(viewer.barred) | (organizations.group_of(viewer.home) if viewer.home else set())
    kept = Organization.objects.filter(code__in=apart, kind=Organization.Kind.COMPANY)
    numbers = [number for number in kept.values_list("corporate_number", flat=True) if number]
    names = {name for pair in kept.values_list("name_ja", "short_ja") for name in pair if name}
    return rows.exclude(Q(corporate_number__in=numbers) | Q(company_ja__in=names))


def waiting_for(viewer: Viewer | None) -> QuerySet[Inquiry]:
    """Requests that legal has still to take up or decline."""
    rows = Inquiry.objects.filter(state=Inquiry.State.NEW)
    if viewer is None or viewer.workplace != LEGAL or not rows.exists():
        return rows.none()
    return visible_to(viewer).filter(state=Inquiry.State.NEW)


def by_key(key: str) -> Inquiry | None:
    """The request whose sender holds this secret."""
    found = Inquiry.objects.filter(key_sha256=canonical.sha256_hex(key.encode()))
    return found.select_related("licensee").first()
