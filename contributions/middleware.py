"""Who is asking: every request carries a `viewer`, built from the one workplace the person has chosen.

And what becomes of a request that is refused: a page that says so, and no file left behind.
"""

from __future__ import annotations

from uuid import uuid4

from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import get_language

from contributions import selectors, services
from contributions.core.errors import Refused


class ViewerMiddleware:
    """Sets `request.viewer` and `request.workplaces`; a person without a grant is a viewer who sees nothing."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.viewer, request.workplaces = selectors.people.viewer_of(
            request.user, chosen=request.session.get("workplace"), on=localdate(), request=uuid4()
        )
        with services.journal.tidied():
            return self.get_response(request)

    def process_exception(self, request, error):
        """A refusal that no page has caught is told on a page of its own: what, why, and how to mend it."""
        if not isinstance(error, Refused):
            return None
        context = {"refusal": error.text(get_language()), "code": error.code, "back": request.headers.get("Referer")}
        return render(request, "refused.html", context, status=422)
