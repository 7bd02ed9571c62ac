"""Batches of metered compute: figures, the rows behind them, findings, the second pair of eyes, and taking back."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as reverse_url
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors, services
from contributions.core import eligibility
from contributions.core.compute import hours_text
from contributions.core.imports import SACCT
from contributions.core.periods import jst_date
from contributions.core.roles import MEMBER, may
from contributions.forms.batches import ReversalForm
from contributions.forms.fields import choices, read_date
from contributions.forms.filters import Narrow
from contributions.forms.resources import RecoveryForm
from contributions.templatetags.contributed import BATCH_STATES, readable, text_of, word
from contributions.templatetags.moyai import called
from contributions.views import as_of, doors, history, recoveries
from contributions.views.exports import as_file
from contributions.views.lists import page_of, query_of, wanted_file

FINDINGS_SHOWN = 100


@doors.open_to(doors.FIGURES)
def index(request):
    """Every batch that the reader may see, newest first."""
    viewer, at = request.viewer, as_of.read(request)
    filters = Narrow(request.GET, keep=("as_of",), state=(_("State"), choices(BATCH_STATES)))
    rows = selectors.compute.matching(selectors.compute.batches_visible_to(viewer), query_of(request))
    rows = selectors.compute.by_batch(rows).order_by("-received_at", "-pk")
    if at.is_chosen:
        rows = selectors.compute.then(rows, at.day)
    rows = selectors.courses.in_state(rows, filters.chosen("state"))
    if kind := wanted_file(request):
        return _as_file(kind, selectors.courses.tell(rows))
    page = page_of(request, rows)
    selectors.courses.tell(page)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "as_of": at,
        "search": True,
        "query": query_of(request),
        "may_send": viewer.workplace == MEMBER and may(viewer, "batch.receive"),
        "csv_url": request.path,
    }
    return render(request, "contributions/batches/list.html", context)


def detail(request, number):
    """One batch, day by day, with what was kept aside."""
    return _detail(request, _opened(request, number))


@require_POST
def attest(request, number):
    """Legal accepts the batch; from now on its days count."""
    batch = _batch(request, number)
    if request.POST.get("confirm", "").strip() != batch.number:
        return _detail(request, batch, error=_("This is not the number."), status=422)
    services.compute.attest(batch, by=request.viewer, at=now())
    return redirect("contributions:batch", number)


@require_POST
def reverse(request, number):
    """The batch is taken out of what counts."""
    batch = _batch(request, number)
    form = ReversalForm(request.POST)
    if request.POST.get("confirm", "").strip() != batch.number:
        return _detail(request, batch, undo_error=_("This is not the number."), status=422)
    if not form.is_valid():
        return _detail(request, batch, undo_error=" ".join(form.errors["reason"]), status=422)
    services.batches.reverse(batch, reason=form.cleaned_data["reason"], by=request.viewer, at=now())
    return redirect("contributions:batch", number)


@require_POST
def recover(request, number):
    """Declare that a part of what the compute cost came back from elsewhere."""
    batch = _batch(request, number)
    if (form := recoveries.declared(request, batch)) is None:
        return redirect("contributions:batch", number)
    return _detail(request, batch, recovery=form, status=422)


def rejected(request, number):
    """The rejected rows as they came, under their header, to be corrected and sent again."""
    batch = _opened(request, number)
    if not batch.findings_count:
        raise Http404
    kind = "csv" if batch.file_format != SACCT else "txt"
    response = StreamingHttpResponse(services.batches.corrections(batch), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{batch.number}-rejected.{kind}"'
    return response


def _opened(request, number):
    """The batch; its owner reads who opened it."""
    batch = _batch(request, number)
    owner = batch.member.organization
    services.openings.record(f"batch:{number}", owner=owner, by=request.viewer, at=now())
    return batch


def findings(request, number):
    """Why each row was kept aside, as a table: complete, however many there are."""
    batch = _opened(request, number)
    if not batch.findings_count:
        raise Http404
    ja = get_language() == "ja"
    rows = selectors.batches.findings_of(batch)
    header = (_("Line"), _("Field"), _("Reason"), _("The row as it came"))
    lines = ((row.line, row.field, row.ja if ja else row.en, readable(row.raw)) for row in rows)
    return as_file(wanted_file(request) or "csv", f"{batch.number}-findings", header, lines)


def rows(request, number, day, accelerator):
    """The rows behind one day's figure."""
    batch = _opened(request, number)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) or read_date(day) is None:
        raise Http404
    figure = get_object_or_404(
        selectors.compute.days_visible_to(request.viewer), batch=batch, day=day, accelerator=accelerator
    )
    found = selectors.batches.rows_of_day(batch, accelerator, figure.day)
    if kind := wanted_file(request):
        return _rows_file(kind, figure, found)
    context = {
        "batch": batch,
        "figure": figure,
        "rows": page_of(request, found),
        "kept": bool(found) or not figure.jobs,
        "is_form": batch.file_format != SACCT,
    }
    return render(request, "contributions/batches/rows.html", context)


def _rows_file(kind: str, figure, found):
    header = (
        _("Line"), _("Job"), _("Start"), _("End"), _("State"), _("Seconds on the day"),
        _("CPU seconds"), _("Node seconds"), _("GPU seconds"), _("The row as it came"),
    )  # fmt: skip
    zone = ZoneInfo(figure.facility.zone)
    lines = (
        (
            row.line,
            row.job_id,
            row.start and row.start.astimezone(zone).isoformat(),
            row.end and row.end.astimezone(zone).isoformat(),
            row.state,
            row.seconds,
            row.cpu_s,
            row.node_s,
            row.gpu_s,
            row.raw,
        )
        for row in found
    )
    return as_file(kind, f"{figure.batch.number}-{figure.day}-{figure.accelerator}", header, lines)


def _batch(request, number):
    return get_object_or_404(selectors.compute.batches_visible_to(request.viewer), number=number)


def _reversible(batch, viewer) -> bool:
    """A member takes back what nobody has attested; legal whatever stands."""
    return batch.state == "submitted" or (batch.state == "accepted" and viewer.workplace != MEMBER)


def _detail(request, batch, *, error=None, undo_error=None, recovery=None, status: int = 200):
    viewer, at = request.viewer, as_of.read(request)
    if at.is_chosen and not selectors.compute.then([batch], at.day):
        at = as_of.nothing_yet(at)
    day, is_now = at.day if at.is_chosen else None, not at.is_chosen
    days = selectors.compute.days_visible_to(viewer).filter(batch=batch)
    lines = selectors.eligibility.of_batch(batch, day)
    steps = [step for step in selectors.courses.of_batch(viewer, batch) if is_now or jst_date(step.taken_at) <= at.day]
    breaches = selectors.residency.visible_to(viewer).filter(batch=batch)
    state = selectors.courses.state_of(batch)
    names = history.names_for(viewer)
    context = {
        "steps": [(step, history.author(step.by, names)) for step in steps],
        "state": state,
        "state_label": text_of("batch_state", state),
        "batch": batch,
        "as_of": at,
        "replaced_by": getattr(batch, "superseded_by", None) if is_now or batch.state == "reversed" else None,
        "days": page_of(request, days),
        "breaches": breaches if is_now else selectors.residency.then(breaches, at.day),
        "total": selectors.compute.totals(days),
        "findings": selectors.batches.findings_of(batch)[:FINDINGS_SHOWN],
        "findings_shown": FINDINGS_SHOWN,
        "may_reverse": is_now and may(viewer, "batch.reverse") and _reversible(batch, viewer),
        "may_replace": is_now
        and viewer.workplace == MEMBER
        and may(viewer, "batch.receive")
        and batch.state == "submitted",
        "reversal": ReversalForm(),
        "undo_error": undo_error,
        "may_attest": is_now and may(viewer, "batch.attest") and batch.state == "submitted",
        "sees_funding": selectors.funding.visible_to(viewer).filter(pk=batch.funding_id).exists(),
        "lines": lines,
        "counted": eligibility.left(lines),
        "recoveries": selectors.recoveries.of(batch, day),
        "may_recover": is_now and may(viewer, "resource.recover") and batch.state == "accepted",
        "recovery_form": recovery or RecoveryForm(),
        "recover_number": batch.number,
        "recover_url": reverse_url("contributions:batch_recover", args=[batch.number]),
        "countries": selectors.batches.countries_of(batch),
        "sees_facility": selectors.compute.facilities_visible_to(viewer).filter(pk=batch.facility_id).exists(),
        "error": error,
        "history": history.about(viewer, f"batch:{batch.number}"),
    }
    return render(request, "contributions/batches/detail.html", context, status=status)


def _as_file(kind, rows):
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
            word(row.course, "batch_state"),
        )
        for row in rows
    ]
    return as_file(kind, "batches", header, lines)
