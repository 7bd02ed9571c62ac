"""Breaches of residency: what lay or ran where it must not, and until when."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import residency as rules
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.forms.residency import BreachForm, MendForm
from contributions.templatetags.moyai import called, text
from contributions.views import as_of, doors, history
from contributions.views.exports import csv_file, until
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.FIGURES)
def index(request):
    """The breaches that the reader may know of."""
    viewer, at = request.viewer, as_of.read(request)
    rows = selectors.residency.matching(selectors.residency.visible_to(viewer), query_of(request))
    rows = rows.order_by("until", "-since", "number")
    rows = selectors.residency.then(rows, at.day) if at.is_chosen else rows
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    for row in page:
        row.stands = row.until is None or row.until > at.day
    context = {
        "rows": page,
        "page": page,
        "search": True,
        "query": query_of(request),
        "as_of": at,
        "may_record": may(viewer, "residency.record"),
        "csv_url": request.path,
    }
    return render(request, "contributions/residency/list.html", context)


@doors.open_to(doors.FIGURES)
def new(request):
    """Somebody who found a breach records it."""
    viewer = request.viewer
    if not may(viewer, "residency.record"):
        raise Http404
    form = BreachForm(request.POST or None, initial={"what": request.GET.get("what", "")[:60]})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        found = _what(viewer, typed.pop("what"))
        if found is None:
            form.add_error("what", _("There is nothing of this name that you may use."))
        else:
            try:
                made = services.residency.record(**found, **typed, by=viewer, at=now())
            except Refused as refusal:
                form.add_error(None, refusal.text(get_language()))
            else:
                return redirect("contributions:breach", made.number)
    return render(request, "contributions/residency/form.html", {"form": form})


@doors.open_to(doors.FIGURES)
def detail(request, number):
    """One breach; whoever recorded it, or legal, records here that it has ended."""
    viewer = request.viewer
    row, at = get_object_or_404(selectors.residency.visible_to(viewer), number=number), as_of.read(request)
    services.openings.record(f"breach:{number}", owner=row.member.organization, by=viewer, at=now())
    form = MendForm(request.POST or None, initial={"on": localdate()})
    error = refusal = None
    if request.method == "POST":
        error = None if request.POST.get("confirm", "").strip() == number else _("This is not the number.")
        if form.is_valid() and not error:
            try:
                services.residency.mend(row, by=viewer, at=now(), **form.cleaned_data)
            except Refused as refused:
                refusal = refused
            else:
                return redirect("contributions:breach", number)
    if at.is_chosen:
        at = at if row.since <= at.day else as_of.nothing_yet(at)
        row = selectors.residency.as_then(row, at.day) if at.is_chosen else row
    context = {
        "breach": row,
        "as_of": at,
        "finder": rules.FINDERS.get(row.found),
        "may_mend": may(viewer, "residency.record") and row.until is None and not at.is_chosen,
        "form": form,
        "error": error,
        "refusal": refusal,
        "history": history.about(viewer, f"breach:{number}"),
    }
    return render(request, "contributions/residency/detail.html", context, status=422 if error or refusal else 200)


def _what(viewer, typed: str) -> dict | None:
    """The dataset version or the batch that was named, among those the writer may see."""
    number, _at, version = typed.strip().partition("@")
    if version.isdecimal():
        rows = selectors.datasets.versions_visible_to(viewer)
        row = rows.filter(dataset__number=number, version=int(version[:9])).first()
        return {"version": row} if row else None
    row = selectors.compute.batches_visible_to(viewer).filter(number=number).first()
    return {"batch": row} if row else None


def _as_csv(rows):
    header = (_("Number"), _("Member"), _("What"), _("Country"), _("Region"), _("Since"), _("Until"), _("Found by"))
    lines = [
        (
            row.number,
            called(row.member.organization),
            str(row.version or row.batch),
            row.country,
            row.region,
            row.since,
            until(row.until),
            text(rules.FINDERS[row.found]),
        )
        for row in rows
    ]
    return csv_file("breaches", header, lines)
