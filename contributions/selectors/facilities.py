"""What holds of a facility on a day, and how long it has stood in its country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from contributions.core import facilities as rules
from contributions.models import Facility, FacilityEdition


def known(facility: Facility, known_at: int | None = None) -> list[FacilityEdition]:
    """The editions that the first `known_at` entries state; all of them if None."""
    return [row for row in facility.editions.all() if known_at is None or row.seq < known_at]


def on(facility: Facility, day: date, *, known_at: int | None = None) -> FacilityEdition | None:
    """The edition of the day, as far as the first `known_at` entries tell; before the first, the first."""
    return rules.in_force(known(facility, known_at), day)


def then(rows: Iterable[Facility], day: date, *, known_at: int | None = None) -> list[Facility]:
    """The facilities, each as its edition of the day states it; of a day before the first, as the first does."""
    found = []
    for row in rows:
        if (held := on(row, day, known_at=known_at)) is not None:
            for name in (*rules.STATED, "seq"):
                setattr(row, name, getattr(held, name))
            found.append(row)
    return found


def listed(
    rows: Iterable[Facility], day: date, *, known_at: int | None, is_past: bool, country: str | None
) -> list[Facility]:
    """The facilities as of a day, in one country or in any; of another day than today those on record by then."""
    there = [row for row in rows if not is_past or was_on_record(row, day, known_at=known_at)]
    return [row for row in then(there, day, known_at=known_at) if country in {None, row.country}]


def begins(facility: Facility) -> date:
    """The day from which the facility is on record."""
    return min(row.valid_from for row in facility.editions.all())


def was_on_record(facility: Facility, day: date, *, known_at: int | None = None) -> bool:
    """Whether an edition had begun by the day, as far as the first `known_at` entries tell."""
    return any(row.valid_from <= day for row in known(facility, known_at))


def countries_in(facility: Facility, start: date, until: date, *, known_at: int | None = None) -> tuple[str, ...]:
    """Every country in which it stood between two days, the first of them first."""
    held = rules.between(known(facility, known_at), start, until)
    return tuple(dict.fromkeys(row.country for row in held))


def operators_in(facility: Facility, start: date, until: date) -> frozenset[str]:
    """Every organization that ran it between two days."""
    return frozenset(row.operator.code for row in rules.between(facility.editions.all(), start, until))


def types_on(facility: Facility, day: date) -> frozenset[str]:
    """The accelerators installed on the day, with what a GPU of no stated type then counts as."""
    held = on(facility, day)
    return frozenset({*held.accelerators, held.default_accelerator}) if held else frozenset()


def defaults(facility: Facility, *, known_at: int | None = None) -> tuple[tuple[date, str], ...]:
    """What a GPU of no stated type counts as, with the day from which it does; the first also before its day."""
    days = sorted({row.valid_from for row in known(facility, known_at)})
    return tuple((day, on(facility, day, known_at=known_at).default_accelerator) for day in days)


def operated_by(rows: QuerySet[Facility], code: str, day: date) -> QuerySet[Facility]:
    """Those that the organization runs on the day."""
    editions = FacilityEdition.objects.filter(facility=OuterRef("pk"))
    begun = editions.filter(valid_from__lte=day).order_by("-valid_from", "-seq")
    first = editions.order_by("valid_from", "seq")
    run_by = Coalesce(Subquery(begun.values("operator__code")[:1]), Subquery(first.values("operator__code")[:1]))
    return rows.alias(run_by=run_by).filter(run_by=code)


def stands_since(facility: Facility, day: date) -> date | None:
    """Since when it has stood in the country in which it stands on the day; None for as long as it is on record."""
    editions = list(facility.editions.all())
    country, since = rules.in_force(editions, day).country, None
    for start in sorted({row.valid_from for row in editions if row.valid_from <= day}, reverse=True):
        if rules.in_force(editions, start).country != country:
            return since
        since = start
    return None
