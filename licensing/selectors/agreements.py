"""Licence agreements a viewer may see, and what waits to be done with them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, Viewer
from contributions.selectors import barriers
from licensing.models import Agreement, Negotiation

# A licensee sees its agreement from the moment it is offered, or laid before it to be negotiated.
SHOWN_TO_LICENSEE = (
    Agreement.State.OFFERED,
    Agreement.State.SIGNED,
    Agreement.State.EXECUTED,
    Agreement.State.DECLINED,
)
WAITING = {
    LEGAL: (Agreement.State.DRAFTED, Agreement.State.APPROVED, Agreement.State.OFFERED),
    LICENSEE: (Agreement.State.SIGNED,),
}


def visible_to(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Legal, finance and the auditor see all; a licensee its own once offered or negotiated, also when taken back."""
    rows = Agreement.objects.select_related("licensee__organization", "schedule", "release", "template")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        return barriers.past(rows, viewer, "licensee__organization__code")
    if viewer.workplace == LICENSEE:
        withdrawn_offer = Q(state=Agreement.State.WITHDRAWN, offered_at__isnull=False)
        shown = Q(state__in=SHOWN_TO_LICENSEE) | withdrawn_offer | Q(negotiation__isnull=False)
        return rows.filter(shown, licensee__organization__code=viewer.acting)
    return rows.none()


def waiting_for(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Agreements whose next step is the viewer's."""
    return visible_to(viewer).filter(state__in=WAITING.get(viewer.workplace if viewer else "", ()))


def is_negotiated(agreement: Agreement) -> bool:
    """Whether a draft still lies on the table, so that nobody is to approve it yet."""
    if agreement.state != Agreement.State.DRAFTED:
        return False
    return Negotiation.objects.filter(agreement=agreement).exclude(state=Negotiation.State.AGREED).exists()


def in_force(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Executed agreements."""
    return visible_to(viewer).filter(state=Agreement.State.EXECUTED)


def reporting(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Executed agreements under which usage is reported and priced; an evaluation, say, has no price terms."""
    return in_force(viewer).filter(variables__has_key="terms")
