"""Funding sources a viewer may read, their editions as of a day, and what was bought with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet

from contributions.core.money import fraction
from contributions.core.roles import MEMBER, Viewer
from contributions.models import FundedAsset, FundingEdition, FundingSource
from contributions.selectors import barriers

# What an edition states, and its source repeats of the newest.
STATED = (
    "mode", "programme", "decision_number", "decided_on", "state_rate", "expense_category", "fiscal_year",
)  # fmt: skip


def visible_to(viewer: Viewer | None) -> QuerySet[FundingSource]:
    """Common sources are the consortium's own list; what one organization received it and the secretariat see."""
    rows = FundingSource.objects.select_related("recipient").prefetch_related("editions")
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    rows = barriers.past(rows, viewer, "recipient__code")
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


def matching(rows: QuerySet[FundingSource], query: str) -> QuerySet[FundingSource]:
    """Sources whose code, name, programme or decision holds the text."""
    if not query:
        return rows
    wanted = Q()
    for name in ("code", "name_ja", "name_en", "programme", "decision_number", "editions__decision_number"):
        wanted |= Q(**{f"{name}__icontains": query})
    return rows.filter(wanted).distinct()


def assets_matching(rows: QuerySet[FundedAsset], query: str) -> QuerySet[FundedAsset]:
    """Assets whose number or name holds the text."""
    named = Q(number__icontains=query) | Q(name_ja__icontains=query) | Q(name_en__icontains=query)
    return rows.filter(named) if query else rows


def edition_at(source: FundingSource, at: date, *, known_at: int | None = None) -> FundingEdition | None:
    """The edition of the day, as far as the first `known_at` entries tell; before the first, the first."""
    known = [row for row in source.editions.all() if known_at is None or row.seq < known_at]
    begun = [row for row in known if row.valid_from is None or row.valid_from <= at]
    return max(begun, key=lambda row: (row.valid_from or date.min, row.edition), default=known[0] if known else None)


def then(rows: Iterable[FundingSource], on: date) -> list[FundingSource]:
    """The sources, each as its edition of the day states it; before the first, the first."""
    found = list(rows)
    for row in found:
        edition = edition_at(row, on)
        for name in (*STATED, "seq") if edition else ():
            setattr(row, name, getattr(edition, name))
    return found


def assets_then(rows: QuerySet[FundedAsset], on: date) -> list[FundedAsset]:
    """The assets acquired by the day; one disposed of later was still held."""
    found = list(rows.filter(acquired_on__lte=on))
    for row in found:
        if row.disposed_on is not None and row.disposed_on > on:
            row.disposed_on, row.approval = None, ""
    return found


def paid_by_state(source: FundingSource | None, at: date) -> Fraction:
    """The part that the state pays of cost of the day; nothing of own money."""
    edition = edition_at(source, at) if source else None
    return fraction(edition.state_rate) if edition else Fraction(0)


def is_before_grant(source: FundingSource | None, at: date) -> bool:
    """Whether cost of the day lies before the decision or contract, and so is ineligible."""
    edition = edition_at(source, at) if source else None
    return edition is not None and edition.decided_on is not None and at < edition.decided_on
