"""Price lists: adopted ones are public to whoever is signed in."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from contributions.core.roles import AUDITOR, FINANCE, LEGAL, LICENSEE, Viewer
from licensing.models import Schedule, ScheduleDraft


def visible_to(viewer: Viewer | None) -> QuerySet[Schedule]:
    """Legal, finance and the auditor see drafts too; licensees what is published."""
    rows = Schedule.objects.all()
    if viewer is None:
        return rows.none()
    if viewer.workplace in {LEGAL, FINANCE, AUDITOR, "system"}:
        return rows
    if viewer.workplace == LICENSEE:
        return rows.filter(state=Schedule.State.ADOPTED)
    return rows.none()


def drafts_visible_to(viewer: Viewer | None) -> QuerySet[ScheduleDraft]:
    """Price lists in the making are the legal staff's."""
    rows = ScheduleDraft.objects.select_related("saved_by")
    return rows if viewer is not None and viewer.workplace == LEGAL else rows.none()


def in_force(on: date) -> list[Schedule]:
    """The adopted list of each number that new licences are made under on the day, by field and class; for rules."""
    rows = Schedule.objects.filter(state=Schedule.State.ADOPTED, valid_from__lte=on)
    newest: dict[str, Schedule] = {}
    for row in rows.order_by("number", "version"):
        newest[row.number] = row
    current = (row for row in newest.values() if row.valid_until is None or row.valid_until > on)
    return sorted(current, key=lambda row: (row.field_of_use, row.licensee_class, row.number))


def is_in_force(schedule: Schedule, on: date) -> bool:
    """Whether new licences are made under this version on the day."""
    later = Q(number=schedule.number, state=Schedule.State.ADOPTED, valid_from__lte=on, version__gt=schedule.version)
    begun = schedule.state == Schedule.State.ADOPTED and schedule.valid_from <= on
    open_ended = schedule.valid_until is None or schedule.valid_until > on
    return begun and open_ended and not Schedule.objects.filter(later).exists()


def waiting_for(viewer: Viewer | None) -> QuerySet[Schedule]:
    """Proposed lists that legal has still to adopt or to withdraw."""
    rows = visible_to(viewer).filter(state=Schedule.State.PROPOSED)
    return rows if viewer is not None and viewer.workplace == LEGAL else rows.none()
