"""Clean-team grants: who may look at whose material for a while, and why."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.roles import AUDITOR, LEGAL, MEMBER, may
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors
from contributions.views.exports import csv_file, until
from contributions.views.lists import page_of, wants_csv

READERS = frozenset({LEGAL, AUDITOR, MEMBER})


@doors.open_to(READERS)
def index(request):
    """Every grant that the reader may see, the newest first."""
    return _index(request)


@require_POST
def end(request, number):
    """Legal closes a grant before its time."""
    found = get_object_or_404(selectors.clearances.visible_to(request.viewer), number=number)
    if request.POST.get("confirm", "").strip() != number:
        return _index(request, wrong=number, error=_("This is not the number."))
    services.clearances.end(found, ended_from=localdate(), by=request.viewer, at=now())
    return redirect("contributions:clearances")


def _index(request, *, wrong: str = "", error: str = ""):
    viewer, at = request.viewer, as_of.read(request)
    rows = selectors.clearances.visible_to(viewer).order_by("-valid_from", "-number")
    if at.is_chosen:
        rows = selectors.clearances.then(rows, at.day)
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    for row in page:
        row.state = "in_force" if row.valid_from <= at.day < row.ends_on else "expired"
        row.state = "new" if row.valid_from > at.day else row.state
        row.error = error if row.number == wrong else ""
    context = {
        "rows": page,
        "page": page,
        "as_of": at,
        "csv_url": request.path,
        "may_end": may(viewer, "cleanteam.end") and not at.is_chosen,
    }
    return render(request, "contributions/clearances/list.html", context, status=422 if error else 200)


def _as_csv(rows):
    header = (_("Number"), _("Person"), _("Employer"), _("Opens"), _("Purpose"), _("From"), _("Until"))
    lines = [
        (
            row.number,
            called(row.user),
            called(row.user.home),
            called(row.rival),
            row.purpose,
            row.valid_from,
            until(row.ends_on),
        )
        for row in rows
    ]
    return csv_file("clean-team", header, lines)
