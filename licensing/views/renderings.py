"""An agreement or an amendment as a file, beside the stored PDF: for a word processor, and as data."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from licensing import selectors, services
from licensing.views import lists


@require_safe
def agreement(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    return _file(selectors.agreements.visible_to(request.viewer), number, ending, services.renderings.of_agreement)


@require_safe
def amendment(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    return _file(selectors.amendments.visible_to(request.viewer), number, ending, services.renderings.of_amendment)


def _file(rows: QuerySet, number: str, ending: str, draw: Callable[..., bytes]) -> HttpResponse:
    row = get_object_or_404(rows, number=number)
    if ending not in services.renderings.ENDINGS:
        raise Http404
    return lists.attachment(f"{row.number}.{ending}", draw(row, ending), services.renderings.MEDIA[ending])
