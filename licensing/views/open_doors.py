"""Doors without a lock: what each page for strangers may cost, and what it must not leave behind.

Every view here is for everybody, signed in or not. `open_to_all` is the only way to make one, so the list of public
pages is the list of its uses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from licensing.adapters import limits

View = Callable[..., HttpResponse]


def open_to_all(limit: str = "GUIDE_CALLS", *, keep: bool = True, counts: tuple[str, ...] = ("GET", "POST")):
    """A view for everybody, at most so many times an hour from one address; closed where the setting closes the guide.

    `keep` off: the answer is about the sender alone, so no cache may hold it. Its address is passed on to nobody, as
    everywhere (Referrer-Policy: same-origin); none at all would take from the form what its CSRF check looks at.
    """

    def decorate(view: View) -> View:
        @login_not_required
        @wraps(view)
        def opened(request: HttpRequest, *args, **named) -> HttpResponse:
            if not settings.GUIDE_PUBLIC:
                raise Http404
            most = getattr(settings, limit)
            if request.method in counts and not limits.allow(limit, request.META.get("REMOTE_ADDR", ""), most):
                answer = render(request, "licensing/guide/too_often.html", status=429)
                answer["Retry-After"] = str(limits.WINDOW_SECONDS)
                return answer
            response = view(request, *args, **named)
            if not keep:
                response["Cache-Control"] = "no-store"
                response["X-Robots-Tag"] = "noindex"
            return response

        return opened

    return decorate
