"""Whose material is closed to a person: rivals of its employer or of whom it acts for.

`Viewer.barred` is filled here, once a request. A clean-team grant in force opens it. Every selector of members'
or licensees' material passes its rows through `past`; what cannot be divided is refused by `check_whole`. Nothing
else decides it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from contributions.core.people import BehindBarrier
from contributions.core.roles import Viewer
from contributions.models import Clearance
from contributions.selectors import exclusions


def barred_from(user: UUID | None, *, home: str | None, acting: str | None, on: date) -> frozenset[str]:
    """The organizations whose material is closed to the person on the day, clean-team grants in force taken off."""
    rivals: frozenset[str] = frozenset()
    for code in sorted({code for code in (home, acting) if code}):
        rivals |= exclusions.rivals_of(code, at=on)
    return rivals - opened_to(user, on=on) if rivals and user is not None else rivals


def opened_to(user: UUID, *, on: date) -> frozenset[str]:
    """The organizations that clean-team grants in force open to the person. A grant names one, not its group."""
    rows = Clearance.objects.filter(user=user, valid_from__lte=on, valid_until__gt=on)
    rows = rows.filter(Q(ended_from=None) | Q(ended_from__gt=on))
    return frozenset(rows.values_list("rival__code", flat=True))


def past(rows: QuerySet, viewer: Viewer, *paths: str) -> QuerySet:
    """The rows without those whose organization, at any of the paths, the viewer is barred from."""
    for path in paths if viewer.barred else ():
        rows = rows.exclude(**{f"{path}__in": viewer.barred})
    return rows


def check_whole(viewer: Viewer, codes: Collection[str] | None = None) -> None:
    """Refuse a paper that cannot be divided, where one of those in it is barred; without codes, where any is."""
    if viewer.barred if codes is None else viewer.barred.intersection(codes):
        raise BehindBarrier
