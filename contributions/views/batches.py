"""Batches of metered compute: sending one in, its figures and findings, and the second pair of eyes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core.compute import hours_text
from contributions.core.errors import Refused
from contributions.core.roles import MEMBER, may
from contributions.forms.batches import BatchForm
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.templatetags.contributed import BATCH_STATES, word
from contributions.templatetags.moyai import called
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.FIGURES)
def index(request):
    """Every batch that the reader may see, newest first."""
    viewer = request.viewer
    filters = Narrow(request.GET, state=(_("State"), choices(BATCH_STATES)))
    rows = selectors.compute.matching(selectors.compute.batches_visible_to(viewer), query_of(request))
    if state := filters.chosen("state"):
        rows = rows.filter(state=state)
    rows = selectors.compute.by_batch(rows).order_by("-received_at", "-pk")
    if wants_csv(request):
        return _as_csv(rows)
    page = page_of(request, rows)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "search": True,
        "query": query_of(request),
        "may_send": viewer.workplace == MEMBER and may(viewer, "batch.receive"),
        "csv_url": request.path,
    }
    return render(request, "contributions/batches/list.html", context)


def new(request):
    """A member hands over a file; the same file again posts nothing."""
    viewer = request.viewer
    member = get_object_or_404(selectors.members.visible_to(viewer), organization__code=viewer.acting)
    form = BatchForm(
        request.POST or None,
        request.FILES or None,
        facilities=selectors.compute.facilities_open_to(viewer),
        sources=selectors.funding.visible_to(viewer),
    )
    if request.method == "POST" and form.is_valid():
        try:
            batch = _receive(form, member, viewer)
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            messages.success(request, _("The file was received as %(number)s.") % {"number": batch.number})
            return redirect("contributions:batch", batch.number)
    return render(request, "contributions/batches/form.html", {"form": form})


def detail(request, number):
    """One batch, day by day, with what was kept aside."""
    return _detail(request, _batch(request, number))


@require_POST
def attest(request, number):
    """Legal accepts the batch; from now on its days count."""
    batch = _batch(request, number)
    if request.POST.get("confirm", "").strip() != batch.number:
        return _detail(request, batch, error=_("This is not the number."), status=422)
    services.compute.attest(batch, by=request.viewer, at=now())
    return redirect("contributions:batch", number)


def rejected(request, number):
    """The rejected rows as they came, to be corrected and sent again."""
    batch = _batch(request, number)
    if not batch.findings_count:
        raise Http404
    response = HttpResponse(services.imports.corrections(batch), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{batch.number}-rejected.txt"'
    return response


def _batch(request, number):
    return get_object_or_404(selectors.compute.batches_visible_to(request.viewer), number=number)


def _detail(request, batch, *, error: str | None = None, status: int = 200):
    viewer = request.viewer
    days = selectors.compute.days_visible_to(viewer).filter(batch=batch)
    context = {
        "batch": batch,
        "days": page_of(request, days),
        "breaches": selectors.residency.visible_to(viewer).filter(batch=batch),
        "total": selectors.compute.totals(days),
        "findings": batch.findings.all()[:200],
        "may_attest": may(viewer, "batch.attest") and batch.state == "submitted",
        "sees_facility": selectors.compute.facilities_visible_to(viewer).filter(pk=batch.facility_id).exists(),
        "error": error,
        "history": history.about(viewer, f"batch:{batch.number}"),
    }
    return render(request, "contributions/batches/detail.html", context, status=status)


def _receive(form: BatchForm, member, viewer):
    """The upload as a file on disk under its own name, then in one call."""
    upload = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory(prefix="moyai-") as folder:
        path = Path(folder) / (Path(upload.name).name or "upload")
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        return services.imports.receive(path, member=member, **form.named(), by=viewer, at=now()).batch


def _as_csv(rows):
    header = (
        _("Number"), _("Member"), _("Facility"), _("File"), _("Received on"), _("Jobs"),
        _("CPU hours"), _("Node hours"), _("GPU hours"), _("Findings"), _("State"),
    )  # fmt: skip
    lines = [
        (
            row.number,
            called(row.member.organization),
            row.facility.code,
            row.file_name,
            localdate(row.received_at),
            row.jobs,
            hours_text(row.cpu_s or 0),
            hours_text(row.node_s or 0),
            hours_text(row.gpu_s or 0),
            row.findings_count,
            word(row.state, "batch_state"),
        )
        for row in rows
    ]
    return csv_file("batches", header, lines)
