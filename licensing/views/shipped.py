"""The library that comes with the product beside our own: what is new, changed or gone, and taking chosen ones over."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.services import independence
from licensing import selectors, services
from licensing.core import clauses as rules
from licensing.core import drafting
from licensing.core import shipped as comparing
from licensing.core import templates as template_rules
from licensing.forms.clauses import DayForm
from licensing.views import confirming, doors
from licensing.views.templates import CHANGES, KINDS

NUMBER = "shipped"


@require_http_methods(["GET", "POST"])
@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every clause and template that differs, with its redline; the chosen ones become drafts."""
    if request.method != "POST":
        return _page(request)
    if not may(request.viewer, "clause.propose"):
        raise Http404
    codes = request.POST.getlist("take")
    try:
        library = selectors.shipped.document()
        taken = services.shipped.take_over(library, codes, by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, refusal=refusal, chosen=codes)
    done = ngettext(
        "%(n)s draft is made of the shipped library. Somebody else approves it.",
        "%(n)s drafts are made of the shipped library. Somebody else approves them.",
        len(taken),
    )
    messages.success(request, done % {"n": len(taken)})
    return redirect("licensing:shipped")


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """All drafts that came with the product at once, by another person than took one over."""
    if not may(request.viewer, "clause.approve"):
        raise Http404
    form = DayForm(request.POST)
    error = confirming.fault(request, NUMBER)
    if error or not form.is_valid():
        return _page(request, error=error, form=form)
    try:
        services.shipped.approve(valid_from=form.cleaned_data["day"], by=request.viewer, at=now())
    except Refused as refusal:
        return _page(request, error=refusal, form=form)
    messages.success(request, _("The wordings are approved. New template versions are made of them."))
    return redirect("licensing:clauses")


def _page(request: HttpRequest, *, refusal=None, chosen=(), error: object = "", form=None) -> HttpResponse:
    viewer = request.viewer
    try:
        found = selectors.shipped.compared(viewer, selectors.shipped.document())
    except Refused as broken:
        return render(request, "licensing/clauses/shipped.html", {"broken": broken}, status=422)
    rows, sources = selectors.shipped.drafts(viewer), selectors.shipped.template_drafts(viewer)
    context = {
        "clauses": [_clause(row, chosen) for row in found["clauses"] if row.state != comparing.SAME],
        "templates": [_template(row, chosen) for row in found["templates"] if row.state != comparing.SAME],
        "same": sum(row.state == comparing.SAME for kind in found.values() for row in kind),
        "open": sum(row.state in comparing.OPEN for kind in found.values() for row in kind),
        "may_take": may(viewer, "clause.propose"),
        "drafts": len(rows) + len(sources),
        "findings": services.shipped.faults(rows, sources) if rows or sources else [],
        "act": _act(viewer, rows, sources, error, form),
        "barred": _barred(viewer, rows, sources),
        "refusal": refusal,
    }
    status = 422 if refusal or error or form else 200
    return render(request, "licensing/clauses/shipped.html", context, status=status)


def _clause(row: comparing.Standing, chosen) -> dict:
    """One clause: its heading, how it stands, and both wordings against each other, or the one there is."""
    shown = row.after or row.before
    assert isinstance(shown, rules.ClauseVersion)
    compared = row.state in {comparing.CHANGED, comparing.OWN, comparing.TAKEN} and row.before and row.after
    return {
        "row": row,
        "state": comparing.STATES[row.state],
        "heading": shown.heading,
        "family": rules.FAMILIES.get(shown.family, Text(shown.family, shown.family)),
        "rank": rules.RANKS[shown.rank] if shown.of else None,
        "of": shown.of,
        "changes": drafting.compared(row.before, row.after) if compared else [],
        "texts": [] if compared else list(shown.texts())[1:],
        "open": row.state in comparing.OPEN,
        "chosen": row.code in chosen,
        "held": row.before is not None,
    }


def _template(row: comparing.Standing, chosen) -> dict:
    document = row.after or row.before
    shown = template_rules.template(document)
    differences = []
    if row.before and row.after:
        before = template_rules.loosened(template_rules.template(row.before))
        found = template_rules.differences(before, template_rules.loosened(shown))
        differences = [{"kind": KINDS[one.kind], "change": CHANGES[one.change], "one": one} for one in found]
    return {
        "row": row,
        "state": comparing.STATES[row.state],
        "title": shown.title,
        "differences": differences,
        "open": row.state in comparing.OPEN,
        "chosen": f"template:{row.code}" in chosen,
    }


def _barred(viewer, rows, sources):
    """Why this viewer cannot approve what it took over, and who can."""
    if not (rows or sources) or not may(viewer, "clause.approve"):
        return None
    authors = {row.proposed_by_id for row in (*rows, *sources)}
    return independence.barred(viewer, authors, name=services.shipped.NAME, at=now())


def _act(viewer, rows, sources, error, form) -> dict | None:
    """Approving all drafts at once, with the sentence that says what it does."""
    if not (rows or sources) or not may(viewer, "clause.approve") or _barred(viewer, rows, sources):
        return None
    sentence = _(
        "You approve %(clauses)s wordings and %(templates)s templates of the shipped library together. From that day on"
        " new agreements are made of them; agreements that hold earlier ones keep them."
    )
    return {
        "verb": _("Approve the drafts together"),
        "sentence": sentence % {"clauses": len(rows), "templates": len(sources)},
        "url": reverse("licensing:shipped_approve"),
        "form": form or DayForm(initial={"day": localdate()}, label=_("In force from")),
        "error": error.text(get_language()) if isinstance(error, Refused) else error,
        "number": NUMBER,
    }
