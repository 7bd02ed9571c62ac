"""Exclusions a viewer may read, and what they mean at a date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from contributions.core import exclusions as rules
from contributions.core.roles import LEGAL, MEMBER, Viewer
from contributions.models import Dataset, Exclusion, ExclusionCheck
from contributions.selectors import organizations

# Every use of data on record with its day: the licensing wing enters its own at start-up.
USES: list[Callable[[], Iterable[tuple[rules.Use, date]]]] = []


def visible_to(viewer: Viewer | None) -> QuerySet[Exclusion]:
    """A member sees its own; legal, desk and auditor all. Nobody learns here that another named it a rival."""
    rows = Exclusion.objects.select_related("member__organization", "rival", "dataset")
    if viewer is None:
        return rows.none()
    if viewer.workplace == LEGAL or viewer.sees_everything:
        return rows.exclude(member__organization__code__in=viewer.barred) if viewer.barred else rows
    if viewer.workplace == MEMBER:
        return rows.filter(member__organization__code=viewer.acting)
    return rows.none()


def in_force(rows: QuerySet[Exclusion], on: date) -> QuerySet[Exclusion]:
    """Those of the declarations that hold on the day."""
    return rows.filter(valid_from__lte=on).filter(Q(lifted_from=None) | Q(lifted_from__gt=on))


def then(rows: QuerySet[Exclusion], on: date) -> list[Exclusion]:
    """The declarations in force on the day; that one was lifted later is left out."""
    return [as_then(row, on) for row in in_force(rows, on).prefetch_related("checks")]


def as_then(row: Exclusion, on: date) -> Exclusion:
    """One declaration as of a past day: its lifting is left out if it lay ahead."""
    if row.lifted_from is not None and row.lifted_from > on:
        row.lifted_from = row.lifted_seq = None
    return row


def of_dataset(viewer: Viewer | None, dataset: Dataset, on: date) -> QuerySet[Exclusion]:
    """What the dataset must not serve on the day, of the declarations that the viewer may read."""
    own = visible_to(viewer).filter(member=dataset.member).filter(Q(dataset=None) | Q(dataset=dataset))
    return in_force(own, on).order_by("number")


def as_of(at: date, *, known_at: int | None = None) -> list[rules.Exclusion]:
    """Every declaration in force on the day, as far as the first `known_at` entries tell; all of them if None."""
    rows = Exclusion.objects.filter(valid_from__lte=at).select_related("member__organization", "rival", "dataset")
    known = Q() if known_at is None else Q(lifted_seq__lt=known_at)
    rows = rows.exclude(Q(lifted_from__isnull=False) & known & Q(lifted_from__lte=at))
    if known_at is not None:
        rows = rows.filter(seq__lt=known_at)
    return [rule_of(row) for row in rows.order_by("number")]


def rivals_of(code: str, *, at: date) -> frozenset[str]:
    """The organizations that the one and its group named rivals, or that named it or its group; their groups included.

    What follows from a declaration holds both ways: a person of either side is barred from the other's material.
    """
    named = Exclusion.objects.filter(valid_from__lte=at, rival__isnull=False).filter(
        Q(lifted_from__isnull=True) | Q(lifted_from__gt=at)
    )
    pairs = list(named.values_list(F("member__organization__code"), F("rival__code")))
    if not pairs:
        return frozenset()
    groups = organizations.groups(at=at)
    group = _group_in(groups, code)
    found: set[str] = set()
    for member, rival in pairs:
        if member in group:
            found |= _group_in(groups, rival)
        if rival in group:
            found |= _group_in(groups, member)
    return frozenset(found - group)


def _group_in(groups: list[frozenset[str]], code: str) -> frozenset[str]:
    return next((group for group in groups if code in group), frozenset({code}))


def barred_to(person: Viewer, *, on: date | None = None) -> frozenset[str]:
    """The organizations whose material a person must not judge: its employer's and its desk's groups and rivals."""
    on = on or localdate()
    barred: set[str] = set()
    for code in {person.home, person.acting} - {None, ""}:
        barred |= organizations.group_of(code) | rivals_of(code, at=on)
    return frozenset(barred)


def respected(rule: rules.Exclusion) -> bool:
    """Whether no use on record, each on its own day, broke the declaration."""
    return not any(rules.conflicts([rule], use, day) for uses in USES for use, day in uses())


def checks_visible_to(viewer: Viewer | None) -> QuerySet[ExclusionCheck]:
    """The checks of the declarations that the viewer may read."""
    return ExclusionCheck.objects.filter(exclusion__in=visible_to(viewer)).select_related("exclusion")


def matching(rows: QuerySet[Exclusion], query: str) -> QuerySet[Exclusion]:
    """Declarations whose number, dataset or named company holds the text; of the viewer's own rows only."""
    if not query:
        return rows
    named = Q(number__icontains=query) | Q(dataset__number__icontains=query)
    return rows.filter(named | Q(rival__name_ja__icontains=query) | Q(rival__name_en__icontains=query))


def rule_of(row: Exclusion) -> rules.Exclusion:
    """A row as the core reads it."""
    return rules.Exclusion(
        number=row.number,
        member=row.member.code,
        rival=row.rival.code if row.rival else None,
        purposes=tuple(row.purposes),
        dataset=row.dataset.number if row.dataset else None,
        start=row.valid_from,
        until=row.lifted_from,
    )
