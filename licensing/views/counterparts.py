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
    """Take in what was chosen. Whatever is wrong with it, the file's wordings and what was typed stand there still."""
    why, sha256 = WhyForm(request.POST), request.POST.get("sha256", "")[:64]
    chosen = request.POST.getlist("clause")
    wordings = {key: (request.POST.get(f"ja-{key}", ""), request.POST.get(f"en-{key}", "")) for key in chosen}
    if not wordings:
        why.add_error(None, _("Choose at least one clause."))
    found = services.counterparts.read_again(row, sha256, by=request.viewer, at=now())
    if found is None:
        messages.error(request, _("The file is not held any more. Hand it in again."))
        return redirect("licensing:counterpart", row.agreement.number)
    again = {"found": found, "why": why, "chosen": chosen, "status": 422}
    if not why.is_valid():
        return _page(request, row, ImportForm(), **again)
    try:
        taken = services.counterparts.take(
            row,
            wordings,
            reason=why.cleaned_data["reason"],
            sha256=sha256,
            by=request.viewer,
            at=now(),
        )
    except Refused as refusal:
        why.add_error(None, refusal.text(request.LANGUAGE_CODE))
        return _page(request, row, ImportForm(), **again)
    messages.success(request, _("%(count)s proposals were taken from the file.") % {"count": len(taken)})
    return redirect("licensing:negotiation", row.agreement.number)


def _page(
    request: HttpRequest, row, form, *, found=None, why=None, chosen: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {"negotiation": row, "agreement": row.agreement, "form": form, "found": found, "why": why}
    if found is not None:
        context["changed"] = [(one, chosen is None or one.change.here.key in chosen) for one in found.changed]
    return render(request, "licensing/negotiations/counterpart.html", context, status=status)
