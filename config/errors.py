"""Refusals at the API's door: a code, the sentence in the caller's language, and the facts."""

from __future__ import annotations

from django.utils.translation import get_language
from rest_framework.response import Response
from rest_framework.views import exception_handler

from contributions.core.errors import Refused
from contributions.core.roles import NotAllowed


def api_refusal(error: Exception, context: dict) -> Response | None:
    """A refusal becomes 403 or 422 with its code and sentence; anything else as REST framework does."""
    if isinstance(error, Refused):
        status = 403 if isinstance(error, NotAllowed) else 422
        return Response({"code": error.code, "detail": error.text(get_language())}, status=status)
    return exception_handler(error, context)
