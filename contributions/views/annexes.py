"""One file that stands beside an entry: what it is called, what its digest is, and its erasure."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.forms.resources import ReasonForm
from contributions.views import history


def detail(request, sha256):
    """The file's entry and digest; what is in it, the page of its subject hands out."""
    return _detail(request, _annex(request, sha256), ReasonForm())


@require_POST
def erase(request, sha256):
    """Legal erases it, with a reason; the entry and every proof stay."""
    if not may(request.viewer, "annex.erase"):
        raise Http404
    annex, form = _annex(request, sha256), ReasonForm(request.POST)
    if request.POST.get("confirm", "").strip() != sha256[:8]:
        return _detail(request, annex, form, error=_("These are not the first eight digits."), status=422)
    if not form.is_valid():
        return _detail(request, annex, form, error=_("State the reason."), status=422)
    try:
        services.annexes.erase(annex, reason=form.cleaned_data["reason"], by=request.viewer, at=now())
    except Refused as refusal:
        return _detail(request, annex, form, error=refusal.text(get_language()), status=422)
    return redirect("contributions:annex", sha256)


def _annex(request, sha256):
    return get_object_or_404(selectors.annexes.visible_to(request.viewer), sha256=sha256)


def _detail(request, annex, form, *, error: str = "", status: int = 200):
    viewer, entry = request.viewer, annex.entry
    context = {
        "annex": annex,
        "entry": entry,
        "label": selectors.kinds.label(entry.kind),
        "subject_page": history.page_of(entry.subject, viewer),
        "digits": annex.sha256[:8],
        "may_erase": may(viewer, "annex.erase") and annex.erased_at is None,
        "form": form,
        "error": error,
        "history": history.about(viewer, entry.subject),
    }
    return render(request, "contributions/annexes/detail.html", context, status=status)
