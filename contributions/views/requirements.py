"""Which reviews are needed: the adopted tables, and the step that adopts the next one."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language

from contributions import selectors, services
from contributions.core import requirements as rules
from contributions.core.datasets import KINDS
from contributions.core.errors import Refused
from contributions.core.reviews import REVIEWS
from contributions.core.roles import may
from contributions.forms.reviews import RequirementForm
from contributions.views import as_of, doors, history


@doors.open_to(doors.REVIEWS)
def index(request):
    """The table in force, and every table adopted so far."""
    viewer, at = request.viewer, as_of.read(request)
    tables = list(selectors.requirements.visible_to(viewer))
    now_in_force = rules.in_force(selectors.requirements.as_of(), at.day)
    rows = [(kind, [selectors.requirements.required(kind, at.day).get(review) for review in REVIEWS]) for kind in KINDS]
    context = {
        "tables": tables,
        "as_of": at,
        "current": now_in_force.version if now_in_force else None,
        "rows": rows,
        "reviews": list(REVIEWS),
        "may_adopt": may(viewer, "requirement.adopt"),
        "history": history.about(viewer, *(f"requirement:{row.version}" for row in tables)),
    }
    return render(request, "contributions/requirements/list.html", context)


@doors.open_to(doors.FIGURES)
def new(request):
    """Legal adopts the next table."""
    if not may(request.viewer, "requirement.adopt"):
        raise Http404
    table = rules.in_force(selectors.requirements.as_of(), localdate())
    lines = dict(table.lines) if table else {}
    form = RequirementForm(request.POST or None, lines=lines, initial={"valid_from": localdate()})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        source = {name: typed[name] for name in ("valid_from", "source_ja", "source_en")}
        try:
            services.requirements.adopt(form.lines, **source, by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("contributions:requirements")
    return render(request, "contributions/requirements/form.html", {"form": form, "reviews": list(REVIEWS)})
