"""Evidence of places that a viewer may read, and what stands without any."""

from __future__ import annotations

from django.db.models import QuerySet

from contributions.core.roles import Viewer
from contributions.models import Annex, DatasetVersion, Facility, PlaceEvidence
from contributions.selectors import compute, datasets


def of_facility(facility: Facility) -> QuerySet[PlaceEvidence]:
    """Who attested where it stands, newest first; for a caller that may see the facility."""
    return facility.places.select_related("attested_by").order_by("-on", "-seq")


def of_version(version: DatasetVersion) -> dict[int, list[PlaceEvidence]]:
    """Who attested where each copy lies, by copy, newest first; for a caller that may see the version."""
    found: dict[int, list[PlaceEvidence]] = {}
    for row in version.places.select_related("attested_by").order_by("-on", "-seq"):
        found.setdefault(row.copy, []).append(row)
    return found


def visible_to(viewer: Viewer | None) -> QuerySet[PlaceEvidence]:
    """Evidence of the facilities and of the dataset versions that the viewer may see."""
    facilities = PlaceEvidence.objects.filter(facility__in=compute.facilities_visible_to(viewer))
    versions = PlaceEvidence.objects.filter(version__in=datasets.versions_visible_to(viewer))
    return facilities | versions


def file(viewer: Viewer | None, sha256: str) -> tuple[str, Annex] | None:
    """The name and the sealed file of evidence that the viewer may read, unless it was erased."""
    row = visible_to(viewer).filter(sha256=sha256).first()
    annex = Annex.objects.filter(sha256=sha256, erased_at=None).first() if row else None
    return (row.file_name, annex) if annex else None


def unevidenced(viewer: Viewer | None) -> QuerySet[Facility]:
    """Facilities whose country is stated and not shown by anything."""
    return compute.facilities_visible_to(viewer).filter(places=None)
