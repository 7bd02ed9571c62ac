"""The desk starts an allocation: what it is made from is chosen here, and shown before anything is stored."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions import selectors as contributed
from contributions import services as contributing
from contributions.core.errors import Refused
from contributions.core.periods import fiscal_year, last_day
from contributions.core.roles import may
from contributions.templatetags.moyai import called, grouped, moment, text
from licensing import selectors, services
from licensing.forms.allocations import SEAL_NOW, RunForm

CHECKPOINTS_OFFERED = 50


def new(request: HttpRequest) -> HttpResponse:
    """Choose policy, release, period and checkpoint, and calculate."""
    viewer = request.viewer
    if not may(viewer, "allocation.run"):
        raise Http404
    policies = {str(row): row for row in selectors.policies.visible_to(viewer).filter(state="adopted")}
    releases = {row.number: row for row in selectors.releases.visible_to(viewer).order_by("-number")}
    checkpoints = {str(row.size): row for row in contributed.log.checkpoints()[:CHECKPOINTS_OFFERED]}
    form = RunForm(
        request.POST or None,
        policies=[(key, _("%(number)s, version %(n)s") % _named(row)) for key, row in policies.items()],
        releases=[(key, f"{key} {called(row)}") for key, row in releases.items()],
        checkpoints=[(key, checkpoint_label(row)) for key, row in checkpoints.items()],
        on=localdate(),
        initial=_last_months(localdate()),
    )
    if request.method == "POST" and form.is_valid():
        try:
            found = _run(request, form.cleaned_data, policies, releases, checkpoints)
        except Refused as refusal:
            form.add_error(None, text(refusal))
        else:
            messages.success(request, _("The allocation is calculated. Desk and auditor attest it next."))
            return redirect("licensing:allocation", found.number)
    context = {"form": form, "policies": policies, "releases": releases}
    return render(request, "licensing/allocations/form.html", context, status=422 if form.errors else 200)


def _run(request: HttpRequest, chosen: dict, policies: dict, releases: dict, checkpoints: dict):
    viewer = request.viewer
    if chosen["checkpoint"] == SEAL_NOW:
        checkpoint = contributing.log.seal(by=viewer, at=now())
    else:
        checkpoint = checkpoints[chosen["checkpoint"]]
    return services.allocations.run(
        policies[chosen["policy"]],
        releases[chosen["release"]],
        checkpoint=checkpoint,
        window=(chosen["window_from"], chosen["window_to"] + timedelta(days=1)),
        by=viewer,
        at=now(),
    )


def _named(policy) -> dict:
    return {"number": policy.number, "n": policy.version}


def checkpoint_label(row) -> str:
    """A checkpoint as it is chosen: how much of the log it counts, and when it was sealed."""
    return _("%(n)s entries, sealed %(at)s") % {"n": grouped(row.size), "at": moment(row.sealed_at)}


def _last_months(on: date) -> dict:
    """The fiscal year up to the end of last month; the whole year before where it has only begun."""
    start = date(fiscal_year(on), 4, 1)
    until = on.replace(day=1)
    if until <= start:
        start, until = date(start.year - 1, 4, 1), start
    return {"window_from": start, "window_to": last_day(until), "checkpoint": SEAL_NOW}
