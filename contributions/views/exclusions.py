"""Exclusions: what a member's data must not serve, and the checks that say it was respected."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import exclusions as rules
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, may
from contributions.forms.exclusions import DeclareForm, LiftForm
from contributions.templatetags.moyai import called, text
from contributions.views import as_of, doors, history
from contributions.views.exports import csv_file, until
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.FIGURES)
def index(request):
    """The declarations that the reader may read: a member its own, the secretariat all."""
    viewer, at = request.viewer, as_of.read(request)
    rows = selectors.exclusions.matching(selectors.exclusions.visible_to(viewer), query_of(request))
    rows = selectors.exclusions.then(rows, at.day) if at.is_chosen else rows
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    for row in page:
        row.state = _state(row, at.day)
        row.purposes_shown = [text(rules.PURPOSES[purpose]) for purpose in row.purposes]
        row.last_check = row.checks.filter(checked_on__lte=at.day).first()
    context = {
        "rows": page,
        "page": page,
        "search": True,
        "query": query_of(request),
        "as_of": at,
        "may_declare": may(viewer, "exclusion.declare"),
        "may_check": may(viewer, "exclusion.check"),
        "csv_url": request.path,
    }
    return render(request, "contributions/exclusions/list.html", context)


@doors.open_to(doors.FIGURES)
def new(request):
    """A member, or the secretariat for it, declares an exclusion."""
    viewer = request.viewer
    if not may(viewer, "exclusion.declare"):
        raise Http404
    members = selectors.members.visible_to(viewer)
    if viewer.workplace == MEMBER:
        members = members.filter(organization__code=viewer.acting)
    companies = selectors.organizations.visible_to(viewer).filter(kind="company").exclude(code=viewer.acting or "")
    datasets = selectors.datasets.visible_to(viewer)
    form = DeclareForm(
        request.POST or None,
        companies=companies.order_by("code"),
        members=list(members),
        datasets=datasets,
        initial={"valid_from": localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.exclusions.declare(by=viewer, at=now(), **form.declaration())
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("contributions:exclusion", made.number)
    return render(request, "contributions/exclusions/form.html", {"form": form})


@doors.open_to(doors.FIGURES)
def detail(request, number):
    """One declaration with its checks; its member lifts it here."""
    viewer = request.viewer
    row, at = get_object_or_404(selectors.exclusions.visible_to(viewer), number=number), as_of.read(request)
    owner = row.member.organization
    services.openings.record(f"exclusion:{number}", owner=owner, by=viewer, at=now())
    form = LiftForm(request.POST or None, initial={"lifted_from": localdate()})
    error = refusal = None
    if request.method == "POST":
        error = None if request.POST.get("confirm", "").strip() == number else _("This is not the number.")
        if form.is_valid() and not error:
            try:
                services.exclusions.lift(row, by=viewer, at=now(), **form.cleaned_data)
            except Refused as refused:
                refusal = refused
            else:
                return redirect("contributions:exclusion", number)
    if at.is_chosen:
        at = at if row.valid_from <= at.day else as_of.nothing_yet(at)
        row = selectors.exclusions.as_then(row, at.day) if at.is_chosen else row
    checks = selectors.exclusions.checks_visible_to(viewer).filter(exclusion=row)
    context = {
        "exclusion": row,
        "as_of": at,
        "state": _state(row, at.day),
        "purposes": [text(rules.PURPOSES[purpose]) for purpose in row.purposes],
        "checks": checks.filter(checked_on__lte=at.day) if at.is_chosen else checks,
        "may_lift": may(viewer, "exclusion.declare") and row.lifted_seq is None and not at.is_chosen,
        "form": form,
        "error": error,
        "refusal": refusal,
        "history": history.about(viewer, f"exclusion:{number}"),
    }
    return render(request, "contributions/exclusions/detail.html", context, status=422 if error or refusal else 200)


@require_POST
@doors.open_to(doors.FIGURES)
def check(request):
    """Legal or the auditor holds every use on record against every declaration."""
    made = services.exclusions.check_all(on=localdate(), by=request.viewer, at=now())
    messages.success(request, _("%(count)s declarations were checked.") % {"count": len(made)})
    return redirect("contributions:exclusions")


def _state(row, today) -> str:
    if row.lifted_from is not None and row.lifted_from <= today:
        return "terminated"
    return "in_force" if row.valid_from <= today else "registered"


def _as_csv(rows):
    header = (_("Number"), _("Member"), _("Company"), _("Purposes"), _("Dataset"), _("From"), _("Until"))
    lines = [
        (
            row.number,
            called(row.member.organization),
            called(row.rival) if row.rival else None,
            "、".join(text(rules.PURPOSES[purpose]) for purpose in row.purposes),
            row.dataset.number if row.dataset else None,
            row.valid_from,
            until(row.lifted_from),
        )
        for row in rows
    ]
    return csv_file("exclusions", header, lines)
