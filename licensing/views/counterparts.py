"""Reading back a file that the other side edited: what it holds, unmatched text first; then it is taken in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from contributions.core.errors import Refused
from licensing import services
from licensing.forms.negotiations import ImportForm, WhyForm
from licensing.views import negotiations


def read(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a file in, look at what it changes, and take it in as proposals."""
    row = negotiations.find(request, number)
    if row.agreement.state != "drafted" or not services.counterparts.may_receive(row, request.viewer):
        raise Http404
    if request.method == "POST" and "take" in request.POST:
        return _taken(request, row)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form, status=422 if form.errors else 200)
    content = form.cleaned_data["file"].read()
    try:
        found = services.counterparts.read(row, content, by=request.viewer, at=now())
    except Refused as refusal:
        form.add_error("file", refusal.text(request.LANGUAGE_CODE))
        return _page(request, row, form, status=422)
    return _page(request, row, form, found=found, why=WhyForm())


def _taken(request: HttpRequest, row) -> HttpResponse:
    why = WhyForm(request.POST)
    chosen = request.POST.getlist("clause")
    wordings = {key: (request.POST.get(f"ja-{key}", ""), request.POST.get(f"en-{key}", "")) for key in chosen}
    if not why.is_valid() or not wordings:
        messages.error(request, _("Choose at least one clause and state the reason, then hand the file in again."))
        return redirect("licensing:counterpart", row.agreement.number)
    try:
        taken = services.counterparts.take(
            row,
            wordings,
            reason=why.cleaned_data["reason"],
            sha256=request.POST.get("sha256", "")[:64],
            by=request.viewer,
            at=now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.text(request.LANGUAGE_CODE))
        return redirect("licensing:counterpart", row.agreement.number)
    messages.success(request, _("%(count)s proposals were taken from the file.") % {"count": len(taken)})
    return redirect("licensing:negotiation", row.agreement.number)


def _page(request: HttpRequest, row, form, *, found=None, why=None, status: int = 200) -> HttpResponse:
    context = {"negotiation": row, "agreement": row.agreement, "form": form, "found": found, "why": why}
    return render(request, "licensing/negotiations/counterpart.html", context, status=status)
