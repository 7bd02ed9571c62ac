"""A usage file on its way in: sent, read in the background, previewed, its columns named, committed or let go."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import imports
from contributions.core.errors import Refused
from contributions.forms.batches import BatchForm, ColumnsForm
from contributions.views.lists import page_of

FORMS = {"csv": (imports.TEMPLATE, "text/csv; charset=utf-8"), "parquet": (imports.PARQUET, "application/octet-stream")}


def new(request):
    """A member hands over a file; it is read in the background."""
    viewer = request.viewer
    member = get_object_or_404(selectors.members.visible_to(viewer), organization__code=viewer.acting)
    facilities = selectors.compute.facilities_open_to(viewer)
    form = BatchForm(
        request.POST or None,
        request.FILES or None,
        facilities=facilities,
        sources=selectors.funding.visible_to(viewer),
        batches=selectors.compute.batches_visible_to(viewer).filter(state="submitted").order_by("-pk")[:50],
        initial={"supersedes": request.GET.get("replaces", "")},
    )
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            intake = services.intakes.request(
                services.intakes.path_of(upload),
                chunks=upload.chunks(),
                name=upload.name,
                size=upload.size,
                member=member,
                **form.named(),
                by=viewer,
                at=now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
        else:
            return redirect("contributions:intake", intake.pk)
    context = {"form": form, "waiting": selectors.intakes.waiting(viewer), "facilities": facilities}
    return render(request, "contributions/intakes/form.html", context)


def form_file(request, facility, kind):
    """The standard form with a line of example, to be filled in."""
    found = get_object_or_404(selectors.compute.facilities_open_to(request.viewer), code=facility)
    if kind not in FORMS:
        raise Http404
    file_format, media = FORMS[kind]
    with tempfile.TemporaryDirectory(prefix="moyai-") as folder:
        path = Path(folder) / "form"
        services.imports.blank_form(found, path, file_format=file_format)
        response = HttpResponse(path.read_bytes(), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="compute-{found.code}.{kind}"'
    return response


def detail(request, intake):
    """Where the file stands. While it is read the page asks again by itself."""
    row = _intake(request, intake)
    if row.state == "committed":
        found = reverse("contributions:batch", args=[row.batch.number])
        return HttpResponse(headers={"HX-Redirect": found}) if request.htmx else redirect(found)
    busy = row.state in {"reading", "committing"} and row.job.state != "failed"
    if request.htmx and busy:
        return render(request, "contributions/intakes/progress.html", {"intake": row, "job": row.job})
    response = _page(request, row, busy=busy)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


def rejected(request, intake):
    """The rows that would be kept aside, as they came, to be corrected and sent instead."""
    row = _intake(request, intake)
    if row.state != "previewed" or not row.preview["findings"]:
        raise Http404
    kind = "csv" if row.file_format != imports.SACCT else "txt"
    response = StreamingHttpResponse(services.intakes.corrections(row), content_type="text/plain; charset=utf-8")
    name = f"{Path(row.file_name).stem[:60]}-rejected.{kind}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@require_POST
def columns(request, intake):
    """The sender says what the file's columns are."""
    row = _intake(request, intake)
    form = _columns_form(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    services.intakes.map_columns(row, form.mapping(), by=request.viewer, at=now())
    return redirect("contributions:intake", row.pk)


@require_POST
def commit(request, intake):
    """Everything that the preview shows is posted."""
    row = _intake(request, intake)
    services.intakes.commit(row, by=request.viewer, at=now())
    return redirect("contributions:intake", row.pk)


@require_POST
def reject(request, intake):
    """The file is let go; nothing of it is left."""
    row = _intake(request, intake)
    services.intakes.reject(row, by=request.viewer, at=now())
    messages.success(request, _("%(file)s was let go. Nothing of it was kept.") % {"file": row.file_name})
    return redirect("contributions:batches")


def _intake(request, intake):
    return get_object_or_404(selectors.intakes.visible_to(request.viewer), pk=intake)


def _columns_form(row, data=None) -> ColumnsForm:
    return ColumnsForm(
        data,
        printed=row.preview["printed"],
        wanted=services.intakes.columns_wanted(row.file_format),
        needed=services.intakes.columns_needed(row.file_format),
    )


def _page(request, row, *, busy: bool = False, form: ColumnsForm | None = None, status: int = 200):
    findings = selectors.batches.findings_at(services.intakes.findings_of(row))
    months = _months(row.preview.get("months", ()))
    context = {
        "intake": row,
        "job": row.job,
        "busy": busy,
        "failed": row.state in {"reading", "committing"} and not busy,
        "preview": row.preview if row.state == "previewed" else {},
        "months": months,
        "totals": {name: sum(each[name] for each in months) for name in _SUMMED},
        "findings": page_of(request, findings),
        "form": form or (_columns_form(row) if row.state == "unmapped" else None),
        "unrated": selectors.ratecards.unrated({month[1] for month in row.preview.get("months", ())}),
    }
    return render(request, "contributions/intakes/detail.html", context, status=status)


_SUMMED = ("jobs", "cpu_s", "node_s", "gpu_s")


def _months(rows) -> list[dict]:
    names = ("month", "accelerator", *_SUMMED)
    return [dict(zip(names, row, strict=True)) for row in rows]
