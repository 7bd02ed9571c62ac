"""Work logs: one secondee's month, handed in, read day by day, and taken back."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import services
from contributions.core import resources as rules
from contributions.core.errors import Refused
from contributions.core.imports import ColumnsUnknown
from contributions.core.roles import MEMBER, may
from contributions.forms.batches import OF_WORK_LOGS, ColumnsForm
from contributions.forms.resources import WorkLogForm
from contributions.views import resources


@require_POST
def receive(request, number):
    """A member hands in one secondee's log of one month; every finding is shown by line and field."""
    viewer, resource, form = (
        request.viewer,
        resources.resource_of(request, number),
        WorkLogForm(request.POST, request.FILES),
    )
    findings, columns = [], None
    if form.is_valid():
        named = {"person": form.cleaned_data["person"], "month": form.cleaned_data["month"], "name": form.sent_name}
        try:
            if "naming" in request.POST:
                columns = _log_columns(form, request.POST)
                if columns.is_valid():
                    services.worklogs.name_columns(columns.mapping(), member=resource.member, by=viewer, at=now())
            services.worklogs.receive(resource, **named, content=form.sent, by=viewer, at=now())
        except ColumnsUnknown as unknown:
            kept = form.carried()
            columns = columns if columns is not None and columns.errors else _log_columns(form)
            if kept is not None and unknown.printed:
                context = {"resource": resource, "columns": columns, "kept": kept}
                return render(request, "contributions/resources/log_columns.html", context, status=422)
            form.add_error(None, unknown.text(get_language()))
        except Refused as refusal:
            form.add_error(None, refusal.text(get_language()))
            findings = [(found, found.text(get_language())) for found in getattr(refusal, "findings", ())]
        else:
            return redirect("contributions:resource", number)
    return resources.page(request, resource, worklog=form, findings=findings, status=422)


def _log_columns(form, data=None) -> ColumnsForm:
    """Which column of a work log each item is."""
    printed = [name.strip().lower() for name in services.worklogs.printed_columns(form.sent, name=form.sent_name)]
    needed = services.worklogs.columns_needed()
    return ColumnsForm(data, printed=printed, wanted=OF_WORK_LOGS, needed=needed, told=OF_WORK_LOGS)


def days(request, number, log):
    """One secondee's month day by day: what the hours of a contribution are made of."""
    resource = resources.noted(request, resources.resource_of(request, number))
    return _page(request, resource, _log(resource, log))


@require_POST
def withdraw(request, number, log):
    """The member takes a log back that no accepted contribution rests on."""
    resource = resources.resource_of(request, number)
    log = _log(resource, log)
    error = ""
    if request.POST.get("confirm", "").strip() != log.number:
        error = _("This is not the number.")
    else:
        try:
            services.worklogs.withdraw(log, by=request.viewer, at=now())
        except Refused as refusal:
            error = refusal.text(get_language())
        else:
            return redirect("contributions:resource", number)
    return _page(request, resource, log, error=error, status=422)


def _log(resource, number):
    return get_object_or_404(resource.work_logs.select_related("person"), number=number)


def _page(request, resource, log, *, error: str = "", status: int = 200):
    viewer = request.viewer
    held = services.worklogs.days_of(log)
    context = {
        "resource": resource,
        "log": log,
        "days": held,
        "total": sum(day.minutes for day in held or ()),
        "months": rules.engineer_months(log.minutes),
        "error": error,
        "may_withdraw": viewer.workplace == MEMBER
        and may(viewer, "worklog.withdraw")
        and log.withdrawn_seq is None
        and not services.worklogs.was_accepted(resource),
    }
    return render(request, "contributions/resources/worklog.html", context, status=status)
