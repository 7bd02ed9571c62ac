"""Acts that a page offers: each with the sentence that says what it will do, its form, and the number to type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from contributions.core.errors import Refused
from licensing.views import confirming


@dataclass(slots=True)
class Act:
    """One act: what its button says, what it will do, what it asks for, and what is said once it is done."""

    name: str
    verb: str
    sentence: str
    run: Callable[[dict], object]
    done: str
    url: str = ""
    form: Form | None = None
    error: str = ""
    open: bool = False
    plain: bool = True
    hidden: dict | None = None

    @property
    def id(self) -> str:
        """Its place on the page."""
        return f"act-{self.name}"


def bound(form: type[Form], request: HttpRequest, name: str, tried: str, **given) -> Form:
    """The form of an act: filled with what was sent if this is the act that was tried."""
    sent = (request.POST, request.FILES) if request.method == "POST" and name == tried else (None, None)
    return form(*sent, auto_id=f"{name}-%s", **given)


def answered(request: HttpRequest, row, acts: Sequence[Act], name: str, *, page: Callable, to: str) -> HttpResponse:
    """Take the act that was sent and go on to the subject, or show its page again with what is wrong."""
    if taken(request, acts, name, row.number):
        return redirect(to, row.number)
    return page(request, row, acts, status=422)


def taken(request: HttpRequest, acts: Sequence[Act], name: str, number: str) -> bool:
    """Take the act that was sent; where it cannot be taken it stays open with what is wrong."""
    act = next((each for each in acts if each.name == name), None)
    if act is None:
        raise Http404
    act.open, act.error = True, confirming.fault(request, number)
    fits = act.form is None or act.form.is_valid()
    if act.error or not fits:
        return False
    try:
        act.run(act.form.cleaned_data if act.form is not None else {})
    except Refused as refusal:
        act.error = refusal.text(get_language())
        return False
    messages.success(request, act.done)
    return True
