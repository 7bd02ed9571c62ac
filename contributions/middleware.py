"""Who is asking: every request carries a `viewer`, built from the one workplace the person has chosen."""

from __future__ import annotations

from uuid import uuid4

from django.utils.timezone import localdate

from contributions import selectors


class ViewerMiddleware:
    """Sets `request.viewer` and `request.workplaces`; a person without a grant is a viewer who sees nothing."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        request.viewer, request.workplaces = selectors.people.viewer_of(
            request.user, chosen=request.session.get("workplace"), on=localdate(), request=uuid4()
        )
        return self.get_response(request)
