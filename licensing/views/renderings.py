"""An agreement as a file, beside the stored PDF: for a word processor, and as data."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from licensing import selectors, services
from licensing.views import lists


@require_safe
def agreement(request: HttpRequest, number: str, ending: str) -> HttpResponse:
    row = get_object_or_404(selectors.agreements.visible_to(request.viewer), number=number)
    if ending not in services.renderings.ENDINGS:
        raise Http404
    content = services.renderings.of_agreement(row, ending)
    return lists.attachment(f"{row.number}.{ending}", content, services.renderings.MEDIA[ending])
