"""Contracts concluded outside: who sees them, what they lead to, and their days for the calendar."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, Viewer
from contributions.models import Annex
from licensing.core import outside as rules
from licensing.models import Agreement, OutsideAgreement
from licensing.selectors import apart

FILE, TERMS = "outside-file", "outside-terms.json"


def visible_to(viewer: Viewer | None) -> QuerySet[OutsideAgreement]:
    """Legal, finance and the auditor; what is of somebody whom they are barred from is left out, the unnamed too."""
    rows = OutsideAgreement.objects.select_related("organization", "follows", "follows_agreement")
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE, AUDITOR, "system"}:
        return rows.none()
    if viewer.barred:  # a typed name alone cannot tell whose material it is
        rows = rows.exclude(organization=None)
    return apart.past(rows, viewer, "organization__code")


def beside(viewer: Viewer | None, agreement: Agreement) -> QuerySet[OutsideAgreement]:
    """What refers to an agreement of ours, and what was concluded outside with the same company; the oldest first."""
    same = Q(follows_agreement=agreement) | Q(organization=agreement.licensee.organization_id)
    return visible_to(viewer).filter(same).order_by("signed_on", "number")


def notices(viewer: Viewer | None, on: date) -> list[tuple[date, OutsideAgreement]]:
    """The next day of notice of each contract that has one, counted on through its renewals; the earliest first."""
    rows = visible_to(viewer).filter(notice_months__gt=0, term_until__isnull=False, erased_at=None)
    found = [
        (rules.next_notice(row.term_until, row.renewal, row.renewal_months, row.notice_months, on), row) for row in rows
    ]
    return sorted(((day, row) for day, row in found if day is not None), key=lambda pair: (pair[0], pair[1].number))


def file_of(viewer: Viewer | None, number: str) -> Annex | None:
    """The file of one that the viewer may see, unless it was erased."""
    row = visible_to(viewer).filter(number=number).first()
    if row is None:
        return None
    rows = Annex.objects.filter(entry__subject=f"outside:{number}", name=FILE, erased_at=None)
    return rows.order_by("entry_id").first()


def closed_to(viewer: Viewer | None) -> list[str]:
    """The subjects that a viewer who keeps out of them must not read in the log."""
    if viewer is None or not apart.kept_from(viewer):
        return []
    closed = OutsideAgreement.objects.exclude(pk__in=visible_to(viewer).values("pk"))
    return [f"outside:{number}" for number in closed.values_list("number", flat=True)]
