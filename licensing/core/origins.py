"""What an act of licensing asks of what came in: a run of each dataset, a release or licence of all behind it.

Each function turns the act into one `Asked`, which contributions.core.terms compares with every right that came in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from contributions.core.terms import Asked

FINE_TUNING = "fine-tuning"


def of_run(*, purpose: str, country: str, started_on: date, ended_on: date) -> Asked:
    """A training run: its purpose, where it runs, and every day of it."""
    return Asked(
        purposes=frozenset({purpose}),
        territory=frozenset({country}),
        further_training=purpose == FINE_TUNING,
        start=started_on,
        until=max(ended_on, started_on + timedelta(days=1)),
    )


def of_release(*, purposes: Collection[str], published_on: date) -> Asked:
    """A release: what its runs were for, on the day it is published."""
    return Asked(
        purposes=frozenset(purposes),
        start=published_on,
        until=published_on + timedelta(days=1),
        trained_already=True,
    )


def of_parents(*, purposes: Collection[str], published_on: date) -> Asked:
    """A release made from others: whatever its parents were trained on is trained further.

    >>> of_parents(purposes={"training"}, published_on=date(2026, 6, 24)).further_training
    True
    """
    return replace(of_release(purposes=purposes, published_on=published_on), further_training=True)


def of_schedule(
    *, field: str, valid_from: date, valid_until: date | None = None, regions: Collection[str] = ()
) -> Asked:
    """A price list offers outsiders use in a field of use, in the regions it prices, on every day it may be signed.

    A list without an end asks for its first day: how long a licence under it may run is asked of that licence.

    >>> of_schedule(field="robotics", valid_from=date(2026, 6, 1), regions=["JP", "TH"]).territory == {"JP", "TH"}
    True
    """
    return Asked(
        fields=frozenset({field}),
        territory=frozenset(regions),
        sublicensing=True,
        start=valid_from,
        until=valid_until or valid_from + timedelta(days=1),
        trained_already=True,
    )


def of_licence(variables: Mapping[str, Any], *, field: str, term: tuple[date, date]) -> Asked:
    """A licence: its fields, its regions and destinations, whether the licensee may train further, and its whole term.

    >>> of_licence({"fields": ["robot"], "regions": ["JP"]}, field="robotics",
    ...            term=(date(2026, 6, 24), date(2028, 6, 24))).sublicensing
    True
    """
    return Asked(
        fields=frozenset(variables.get("fields") or (field,)),
        territory=frozenset(variables.get("regions") or ()).union(*(variables.get("destinations") or {}).values()),
        sublicensing=True,
        further_training=bool(variables.get("further_training")),
        start=term[0],
        until=term[1],
        trained_already=True,
    )
