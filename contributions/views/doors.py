"""Pages that a workplace has no part in: for it they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from contributions.core.roles import AUDITOR, DESK, FINANCE, LEGAL, MEMBER, OFFICE, OPERATOR, REVIEWER, reads

COMMON = OFFICE | {MEMBER}
MEMBERS = COMMON | {REVIEWER}
FIGURES = frozenset({LEGAL, DESK, AUDITOR, MEMBER})
REVIEWS = FIGURES | {REVIEWER}
PEOPLE = frozenset({LEGAL, AUDITOR, OPERATOR, MEMBER})
RESOURCES = FIGURES | {FINANCE}

View = Callable[..., HttpResponse]


def open_to(workplaces: frozenset[str], *, part: str = "") -> Callable[[View], View]:
    """A view for these workplaces; for every other one the page does not exist.

    `part`: which of a licensee's papers it shows; for a role there that does not read them it does not exist either.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **named) -> HttpResponse:
            if request.viewer is None or request.viewer.workplace not in workplaces:
                raise Http404
            if part and not reads(request.viewer, part):
                raise Http404
            return view(request, *args, **named)

        return guarded

    return guard
