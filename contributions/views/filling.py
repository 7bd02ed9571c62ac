"""One form, one verb: what is typed is never lost, and what the verb refuses stands above the form."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from contributions.core.errors import Refused


def done(request: HttpRequest, form, act: Callable[[], object]) -> object | None:
    """What the act gave, once the form is sent and valid; nothing while it has to be filled in (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, refusal.text(get_language()))
        return None


def page(request: HttpRequest, form, **words: object) -> HttpResponse:
    """The form on a page of its own: heading, lead, verb, and where one came from (up, up_label, up_is_number)."""
    status = 422 if form.errors else 200
    return render(request, "contributions/form_page.html", {"form": form, **words}, status=status)
