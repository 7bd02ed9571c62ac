"""Inventions as far as a viewer may know them: holders their own, everybody what is published, a rival's nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, LEGAL, MEMBER, Viewer
from licensing.core import inventions as rules
from licensing.models import Duty, Invention, Notice


def visible_to(viewer: Viewer | None) -> QuerySet[Invention]:
    """Legal and the auditor see all, past the barrier; a member those it made or holds, and published ones."""
    rows = Invention.objects.select_related("release", "funding")
    if viewer is None:
        return rows.none()
    published = Q(state=Invention.State.PUBLISHED)
    if viewer.workplace in {LEGAL, AUDITOR, "system"}:
        if not viewer.barred:
            return rows
        closed = Q(inventors__employer__code__in=viewer.barred) | Q(holders__organization__code__in=viewer.barred)
        return rows.exclude(pk__in=Invention.objects.filter(closed & ~published).values("pk"))
    if viewer.workplace == MEMBER and viewer.acting:
        own = Q(inventors__employer__code=viewer.acting) | Q(holders__organization__code=viewer.acting)
        return rows.filter(own | published).distinct()
    return rows.none()


def duties_visible_to(viewer: Viewer | None) -> QuerySet[Duty]:
    """The table of notices is a common rule of members and the secretariat."""
    rows = Duty.objects.all()
    if viewer is None or not (viewer.is_office or viewer.workplace in {MEMBER, "system"}):
        return rows.none()
    return rows


def duties_on(day: date) -> Duty | None:
    """The table in force on the day."""
    return Duty.objects.filter(valid_from__lte=day).order_by("valid_from", "version").last()


def holders_of(invention: Invention) -> dict[str, Fraction]:
    """Who holds what share now: as the newest entry that moved shares left it."""
    rows = list(invention.holders.select_related("organization"))
    newest = max((row.seq for row in rows), default=None)
    return {row.organization.code: Fraction(row.share) for row in rows if row.seq == newest}


def mode_of(invention: Invention) -> str:
    """By which kind of money it was made; without a source its own."""
    return invention.funding.mode if invention.funding else "own"


def notices_of(invention: Invention) -> list[tuple[str, date]]:
    """The notices given, as the core reads them."""
    return list(Notice.objects.filter(invention=invention).order_by("done_on", "pk").values_list("duty", "done_on"))


def obligations_of(invention: Invention, on: date) -> list[rules.Obligation]:
    """Every notice asked of it, by the table of the day on which it was made."""
    table = duties_on(invention.made_on)
    if table is None:
        return []
    happened = {
        "made": [invention.made_on],
        "filed": list(invention.filings.values_list("filed_on", flat=True)),
        "published": [invention.published_on] if invention.published_on else [],
    }
    return rules.obligations(table.lines, mode=mode_of(invention), happened=happened, done=notices_of(invention), on=on)


def waiting_for(viewer: Viewer | None, *, on: date) -> list[tuple[Invention, rules.Obligation]]:
    """Notices with a date that are not given yet, for legal; the earliest first."""
    if viewer is None or viewer.workplace != LEGAL:
        return []
    found = [
        (invention, duty)
        for invention in visible_to(viewer).filter(funding__isnull=False)
        for duty in obligations_of(invention, on)
        if duty.due is not None and duty.done_on is None
    ]
    return sorted(found, key=lambda pair: (pair[1].due, pair[0].number))
