"""Who keeps out of a licensee's contracts, from whichever office: nobody sits on both sides of one, or reads a rival's.

`contributions.selectors.barriers` keeps rivals apart. Here those are added who are lent to an office of the consortium
by the licensee itself, or by a competitor that it named when it applied.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from contributions.core.roles import Viewer
from contributions.selectors import organizations
from licensing.models import Conflict


def past(rows: QuerySet, viewer: Viewer, path: str) -> QuerySet:
    """The rows without those whose licensee, at the path, the viewer keeps out of."""
    kept = kept_from(viewer)
    return rows.exclude(**{f"{path}__in": kept}) if kept else rows


def kept_from(viewer: Viewer) -> frozenset[str]:
    """Licensees that the viewer is barred from, its employer's (出向元) group, and those whose competitor that is."""
    if not viewer.is_office or viewer.home in {None, settings.CONSORTIUM}:
        return viewer.barred
    group = organizations.group_of(str(viewer.home))
    named = Conflict.objects.filter(lifted_seq=None, organization__code__in=group)
    return viewer.barred | group | set(named.values_list("licensee__organization__code", flat=True))
