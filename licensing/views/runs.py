"""Recording training runs and publishing releases made of them: refused with every rule that stands against it."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.roles import may
from contributions.core.terms import WiderThanCameIn
from contributions.templatetags.moyai import called
from licensing import selectors, services
from licensing.core.releases import RunRefused
from licensing.forms.releases import ReleaseForm, RunBreachForm, RunForm
from licensing.views import confirming, lists


@require_http_methods(["GET", "POST"])
def new(request):
    """Legal records a run; what stands against it is told all at once, by dataset and rule."""
    viewer = request.viewer
    if not may(viewer, "run.record"):
        raise Http404
    facilities = {row.code: row for row in contributed.compute.facilities_visible_to(viewer)}
    rows = {str(row): row for row in contributed.datasets.versions_visible_to(viewer)}
    form = RunForm(
        request.POST or None,
        facilities=[(code, called(row)) for code, row in facilities.items()],
        versions=[(code, f"{code} {called(row)}") for code, row in sorted(rows.items())],
    )
    refusals = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        versions = [rows[code] for code in said["versions"]]
        try:
            services.releases.record_run(
                facility=facilities[said["facility"]], versions=versions, by=viewer, at=now(), **form.run()
            )
        except Refused as refusal:
            refusals = _lines(refusal)
        else:
            return redirect("licensing:release_new")
    context = {"form": form, "refusals": refusals}
    return render(request, "licensing/releases/run_form.html", context, status=422 if refusals or form.errors else 200)


@require_http_methods(["GET", "POST"])
def publish(request):
    """Legal publishes a release made of recorded runs, with the releases it descends from."""
    viewer = request.viewer
    if not may(viewer, "release.publish"):
        raise Http404
    runs = {row.number: row for row in selectors.releases.runs_visible_to(viewer).filter(release=None)}
    listed = [(number, f"{number} {row.purpose} {row.started_on}") for number, row in runs.items()]
    form = ReleaseForm(request.POST or None, runs=listed, initial={"published_on": localdate()})
    refusals = []
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        chosen = [runs[number] for number in said.pop("runs")]
        try:
            release = services.releases.publish(
                runs=chosen, illustrative=lists.is_illustrative(), by=viewer, at=now(), **said
            )
        except Refused as refusal:
            refusals = _lines(refusal)
        else:
            return redirect("licensing:release", release.number)
    context = {"form": form, "refusals": refusals, "has_runs": bool(runs)}
    return render(request, "licensing/releases/form.html", context, status=422 if refusals or form.errors else 200)


@require_http_methods(["GET", "POST"])
def breach(request, number):
    """Whoever finds that a run broke residency records it."""
    viewer = request.viewer
    run = get_object_or_404(selectors.releases.runs_visible_to(viewer), number=number)
    if not may(viewer, "run.breach"):
        raise Http404
    form = RunBreachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.releases.record_breach(run, by=viewer, at=now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.text(request.LANGUAGE_CODE))
        else:
            return redirect("licensing:release", run.release.number) if run.release else redirect("licensing:releases")
    return render(request, "licensing/releases/breach_form.html", {"form": form, "run": run})


@require_POST
def mend(request, number):
    """That a run's breach ended today."""
    found = get_object_or_404(selectors.releases.run_breaches_visible_to(request.viewer), number=number)
    if not may(request.viewer, "run.breach") or found.run.release is None or confirming.fault(request, number):
        raise Http404
    services.releases.mend_breach(found, on=localdate(), by=request.viewer, at=now())
    return redirect("licensing:release", found.run.release.number)


def _lines(refusal: Refused) -> list:
    """Each reason as a line of its own."""
    found = refusal.refusals if isinstance(refusal, RunRefused) else (refusal,)
    lines = []
    for one in found:
        is_wide = isinstance(one, WiderThanCameIn)
        lines += [excess.finding(named=True) for excess in one.excesses] if is_wide else [one]
    return lines
