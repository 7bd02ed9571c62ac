"""What came in behind a release: the rights under which each dataset version was put in, and what they grant together.

Which datasets stand behind a release only legal, the desk and the auditor may know; everybody else is told a clause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contributions.core import terms as rules
from contributions.core.roles import LEGAL, Viewer
from contributions.models import DatasetVersion, Resource
from contributions.selectors import terms
from licensing.core import releases as descent
from licensing.models import Parent, Release

Source = tuple[str, rules.Right | None]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a release: each source with its right, and what they all grant together."""

    sources: tuple[Source, ...]
    common: rules.Right | None


def may_name(viewer: Viewer) -> bool:
    """Whether the viewer may know which datasets stand behind a release. What all grant together cannot be divided."""
    return (viewer.workplace == LEGAL or viewer.sees_everything) and not viewer.barred


def of_versions(versions: Iterable[DatasetVersion], at: date, *, known_at: int | None = None) -> list[Source]:
    """Each dataset version with the right in data that came in with it, by the edition of the day."""
    return [
        (str(version), terms.rights_in(version.agreement, rules.DATA, at, known_at=known_at)) for version in versions
    ]


def of_release(release: Release, at: date, *, known_at: int | None = None) -> list[Source]:
    """Every dataset version that a release was trained on, or anything it descends from, each once: a model holds what
    its parents learned, and so stands under their rights as well."""
    versions = (
        DatasetVersion.objects.filter(runs__release__number__in=line_of([release.number]))
        .distinct()
        .select_related("dataset", "agreement")
        .prefetch_related("agreement__editions")
    )
    return of_versions(versions.order_by("dataset__number", "version"), at, known_at=known_at)


def line_of(numbers: Iterable[str]) -> set[str]:
    """Those releases and all that they descend from."""
    parents: dict[str, list[str]] = {}
    for child, parent in Parent.objects.values_list("release__number", "parent__number"):
        parents.setdefault(child, []).append(parent)
    return {each for number in numbers for each in (number, *descent.ancestors(number, parents))}


def behind(viewer: Viewer | None, release: Release, on: date) -> Behind | None:
    """What stands behind a release and what it may be licensed for, for those who may know; None for all others."""
    if viewer is None or not may_name(viewer):
        return None
    sources = tuple(of_release(release, on))
    rights = [right for _, right in sources if right is not None]
    return Behind(sources, rules.common(rights) if rights and len(rights) == len(sources) else None)


def background_listed(at: date) -> list[rules.Listed]:
    """The background IP that stands on the lists of the agreements on a day: accepted, and not withdrawn."""
    rows = Resource.objects.filter(kind=Resource.Kind.BACKGROUND, state=Resource.State.ACCEPTED)
    listed = []
    for row in rows.filter(period_from__lte=at).select_related("agreement").order_by("number"):
        stands = row.period_until is None or row.period_until > at
        if stands and terms.rights_in(row.agreement, rules.BACKGROUND, at) is not None:
            agreement = row.agreement.number
            listed.append(rules.Listed(row.number, agreement, frozenset(row.use_fields), frozenset(row.use_by)))
    return listed
