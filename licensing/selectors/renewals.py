"""Renewals ahead: by when either side must speak, which prices were announced, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.timezone import now

from contributions.core.roles import LEGAL, LICENSEE, OF_CONTRACTS, Viewer, reads
from licensing.adapters.holidays import is_business_day
from licensing.core import renewals as rules
from licensing.core.deadlines import NoticeDay
from licensing.core.lives import IN_FORCE
from licensing.models import Agreement, PriceAnnouncement, Renewal, RenewalNotice, RenewalProposal
from licensing.selectors import agreements, lives


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next renewal of an agreement: its term's end, the notice day, and who has spoken."""

    agreement: Agreement
    until: date
    mode: str
    years: int
    notice: NoticeDay | None
    announce_by: date | None
    refused_by: tuple[str, ...]
    announced: PriceAnnouncement | None

    @property
    def days_left(self) -> date:
        """What the list is ordered by."""
        return self.notice.day if self.notice else self.until


def visible_to(viewer: Viewer | None) -> QuerySet[Renewal]:
    """Renewals that came about, of the agreements that the viewer may see."""
    rows = Renewal.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_CONTRACTS) else rows.none()
    return rows.select_related("agreement__licensee__organization", "announcement__schedule")


def notices_visible_to(viewer: Viewer | None) -> QuerySet[RenewalNotice]:
    """Notices against renewal: both parties see them."""
    rows = RenewalNotice.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_CONTRACTS) else rows.none()
    return rows.select_related("agreement__licensee__organization")


def proposals_visible_to(viewer: Viewer | None) -> QuerySet[RenewalProposal]:
    """Longer terms that either side proposed: both see them."""
    rows = RenewalProposal.objects.filter(agreement__in=agreements.visible_to(viewer))
    rows = rows if reads(viewer, OF_CONTRACTS) else rows.none()
    return rows.select_related("agreement__licensee__organization", "schedule", "amendment", "counters")


def to_answer(viewer: Viewer | None) -> QuerySet[RenewalProposal]:
    """Proposals of the other side that wait for the viewer's answer."""
    rows = proposals_visible_to(viewer).filter(state=RenewalProposal.State.PROPOSED)
    if viewer is None or viewer.workplace not in {LEGAL, LICENSEE}:
        return rows.none()
    return rows.exclude(party="licensee" if viewer.workplace == LICENSEE else "licensor")


def ahead(viewer: Viewer | None, *, on: date) -> list[Ahead]:
    """The renewals ahead of every agreement that still runs, the earliest notice day first."""
    if not reads(viewer, OF_CONTRACTS):
        return []
    rows = lives.gathered(agreements.concluded(viewer))
    at = now()
    running = [row for row in rows if lives.standing(row, at) == IN_FORCE]
    return sorted((of(row, on) for row in running), key=lambda row: (row.days_left, row.agreement.number))


def of(agreement: Agreement, on: date) -> Ahead:
    """The renewal ahead of one agreement."""
    plan, end = lives.plan_of(agreement, on), lives.until(agreement, on)
    speaks = bool(plan.months or plan.business_days)
    automatic = plan.mode == "automatic" and speaks
    announced = [row for row in agreement.price_announcements.all() if row.effective_from == end]
    return Ahead(
        agreement,
        end,
        plan.mode,
        plan.years,
        rules.notice_day(plan, end, is_business_day) if speaks else None,
        rules.announced_by(plan, end, is_business_day) if automatic and plan.announced_months else None,
        tuple(row.party for row in agreement.renewal_notices.all() if row.term_until == end),
        announced[0] if announced else None,
    )
