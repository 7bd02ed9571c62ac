"""Distributions, and each member's own payout."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, MEMBER, Viewer
from contributions.selectors import barriers
from licensing.models import Distribution, Payout


def visible_to(viewer: Viewer | None) -> QuerySet[Distribution]:
    """Distributions as a whole: legal, finance and the auditor. A member sees its payout, not the list of others'."""
    rows = Distribution.objects.select_related("allocation__release")
    if viewer is None or viewer.workplace not in {LEGAL, FINANCE, AUDITOR, "system"}:
        return rows.none()
    return rows


def payouts_visible_to(viewer: Viewer | None) -> QuerySet[Payout]:
    """Every payout for legal, finance and the auditor; a member's own once the distribution is approved."""
    rows = Payout.objects.select_related("member__organization", "distribution__allocation__release")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        # the others' parts of a known whole would give the barred member's by subtraction
        return barriers.past(rows, viewer, "distribution__payouts__member__organization__code")
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting).exclude(state=Payout.State.PROPOSED)
    return rows.none()


def check_whole(viewer: Viewer, distribution: Distribution) -> None:
    """Refuse a distribution, whose parts sum to a known whole, to whoever is barred from one of those it pays."""
    codes = distribution.payouts.values_list("member__organization__code", flat=True)
    barriers.check_whole(viewer, set(codes))


def waiting_for(viewer: Viewer | None) -> list:
    """What the viewer has to do: members confirm, legal approves, finance pays."""
    if viewer is None:
        return []
    if viewer.workplace == MEMBER:
        return list(payouts_visible_to(viewer).filter(state=Payout.State.NOTIFIED))
    if viewer.workplace == LEGAL:
        return list(visible_to(viewer).filter(state=Distribution.State.PROPOSED))
    return []
