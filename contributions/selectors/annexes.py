"""Files handed in with entries: evidence, opinions, agreements. Whoever may read an entry may find its files."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from contributions.core.roles import Viewer
from contributions.models import Annex
from contributions.selectors import journal

_DIGITS = re.compile(r"[0-9a-f]{6,64}")


def visible_to(viewer: Viewer | None) -> QuerySet[Annex]:
    """The files of the entries that the viewer may read, the newest first."""
    rows = Annex.objects.filter(entry__in=journal.open_to(viewer))
    return rows.select_related("entry").order_by("-entry__seq", "name")


def matching(rows: QuerySet[Annex], query: str) -> QuerySet[Annex]:
    """Files whose name holds the text, or whose digest begins with it: six digits of it at least."""
    if not query:
        return rows
    wanted = Q(name__icontains=query)
    if _DIGITS.fullmatch(query.lower()):
        wanted |= Q(sha256__startswith=query.lower())
    return rows.filter(wanted)
