"""Evidence of places that a viewer may read, and what stands without any."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from contributions.core.roles import Viewer
from contributions.models import Annex, DatasetVersion, Facility, PlaceEvidence
from contributions.selectors import compute, datasets, facilities


def of_facility(facility: Facility, on: date | None = None) -> QuerySet[PlaceEvidence]:
    """Who attested where it stands, newest first, or for the day and before; for a caller that may see the facility."""
    return _until(facility.places, on)


def of_version(version: DatasetVersion, on: date | None = None) -> dict[int, list[PlaceEvidence]]:
    """The same of where each copy lies, by copy; for a caller that may see the version."""
    found: dict[int, list[PlaceEvidence]] = {}
    for row in _until(version.places, on):
        found.setdefault(row.copy, []).append(row)
    return found


def _until(rows, on: date | None) -> QuerySet[PlaceEvidence]:
    until = {} if on is None else {"on__lte": on}
    return rows.filter(**until).select_related("attested_by").order_by("-on", "-seq")


def visible_to(viewer: Viewer | None) -> QuerySet[PlaceEvidence]:
    """Evidence of the facilities and of the dataset versions that the viewer may see."""
    facilities = PlaceEvidence.objects.filter(facility__in=compute.facilities_visible_to(viewer))
    versions = PlaceEvidence.objects.filter(version__in=datasets.versions_visible_to(viewer))
    return facilities | versions


def file(viewer: Viewer | None, sha256: str) -> tuple[PlaceEvidence, Annex] | None:
    """The evidence that the viewer may read and its sealed file, unless it was erased."""
    rows = visible_to(viewer).select_related("facility__operator", "version__dataset__member__organization")
    row = rows.filter(sha256=sha256).first()
    annex = Annex.objects.filter(sha256=sha256, erased_at=None).first() if row else None
    return (row, annex) if annex else None


def unevidenced_copies(viewer: Viewer | None, on: date) -> list[tuple[DatasetVersion, dict]]:
    """Copies that lie somewhere on the day while nothing shows in which country, of versions not withdrawn."""
    found = []
    for version in datasets.versions_visible_to(viewer).filter(withdrawn_on=None).prefetch_related("places"):
        shown = {row.copy for row in version.places.all()}
        for copy in version.copies:
            gone = copy.get("until") and copy["until"] <= on.isoformat()
            if copy.get("copy") and not gone and not copy.get("evidence") and copy["copy"] not in shown:
                found.append((version, copy))
    return found


def shows(facility: Facility, place: PlaceEvidence, day: date) -> bool:
    """Whether the evidence shows the country in which the facility stands on the day: since it stands there."""
    since = facilities.stands_since(facility, day)
    return place.country == facilities.on(facility, day).country and (since is None or place.on >= since)


def unevidenced(viewer: Viewer | None, day: date) -> list[Facility]:
    """Facilities whose country of the day is stated and not shown by anything that was attested for it or before."""
    rows = compute.facilities_visible_to(viewer).prefetch_related("places")
    return [row for row in rows if not any(place.on <= day and shows(row, place, day) for place in row.places.all())]
