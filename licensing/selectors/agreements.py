"""Licence agreements a viewer may see, and what waits to be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from contributions.core.independence import wrote
from contributions.core.periods import day_after
from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, OF_CONTRACTS, Viewer, reads
from licensing.core.lives import IN_FORCE
from licensing.models import Agreement, Negotiation
from licensing.selectors import apart, lives

# A licensee sees its agreement from the moment it is offered, or laid before it to be negotiated.
SHOWN_TO_LICENSEE = (
    Agreement.State.OFFERED,
    Agreement.State.SIGNED,
    Agreement.State.EXECUTED,
    Agreement.State.DECLINED,
    Agreement.State.SUSPENDED,
    Agreement.State.TERMINATED,
    Agreement.State.EXPIRED,
)
WAITING = {
    LEGAL: (Agreement.State.DRAFTED, Agreement.State.APPROVED, Agreement.State.OFFERED),
    LICENSEE: (Agreement.State.SIGNED,),
}


def visible_to(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Legal, finance and the auditor see all; a licensee its own once offered or negotiated, also when taken back.

    Who there has no part in the making of contracts sees those that were concluded.
    """
    rows = Agreement.objects.select_related("licensee__organization", "schedule", "release", "template")
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        return apart.past(rows, viewer, "licensee__organization__code")
    if viewer.workplace == LICENSEE:
        withdrawn_offer = Q(state=Agreement.State.WITHDRAWN, offered_at__isnull=False)
        shown = Q(state__in=SHOWN_TO_LICENSEE) | withdrawn_offer | Q(negotiation__isnull=False)
        rows = rows.filter(shown, licensee__organization__code=viewer.acting)
        return rows if reads(viewer, OF_CONTRACTS) else rows.filter(executed_at__isnull=False)
    return rows.none()


def reader_of(agreement: Agreement) -> Callable[[Viewer], bool]:
    """Says of a viewer whether it sees the agreement at all; whom a rival of its licensee employs does not."""
    return lambda viewer: visible_to(viewer).filter(pk=agreement.pk).exists()


def waiting_for(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Agreements whose next step is the viewer's; a draft waits for nobody who wrote it."""
    rows = visible_to(viewer).filter(state__in=WAITING.get(viewer.workplace if viewer else "", ()))
    drafts = rows.filter(state=Agreement.State.DRAFTED).values_list("pk", "authors")
    return rows.exclude(pk__in=[pk for pk, authors in drafts if viewer and wrote(viewer.user, authors)])


def is_negotiated(agreement: Agreement) -> bool:
    """Whether a draft still lies on the table, so that nobody is to approve it yet."""
    if agreement.state != Agreement.State.DRAFTED:
        return False
    return Negotiation.objects.filter(agreement=agreement).exclude(state=Negotiation.State.AGREED).exists()


def concluded(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Agreements that both parties have signed, whether or not they still run."""
    return visible_to(viewer).filter(executed_at__isnull=False)


def then(rows: Iterable[Agreement], on: date) -> list[Agreement]:
    """Those concluded by the end of the day, each with how it then stood and on the terms of that day; never saved."""
    last, found = day_after(on) - timedelta(seconds=1), []
    for row in lives.gathered(rows):
        if row.executed_at is not None and row.executed_at <= last:
            was = lives.then(row, on)
            row.state = row.standing = lives.standing(was, last)
            read = lives.as_of(was, on)
            row.term_until, row.schedule = read.term_until, read.schedule
            found.append(row)
    return found


def in_force(viewer: Viewer | None, *, at: datetime | None = None) -> QuerySet[Agreement]:
    """Agreements in force at an instant, now unless one is named: by their dates, whatever state is written down."""
    at = at or now()
    rows = lives.gathered(concluded(viewer))
    return visible_to(viewer).filter(pk__in=[row.pk for row in rows if lives.standing(row, at) == IN_FORCE])


def reporting(viewer: Viewer | None) -> QuerySet[Agreement]:
    """Concluded agreements under which usage is reported and priced; an evaluation, say, has no price terms."""
    return concluded(viewer).filter(variables__has_key="terms")
