"""Taking in many contracts at once: a list with the files that it names, and what became of each row."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions import selectors as contributed
from contributions.adapters import tables
from contributions.core.errors import Refused
from contributions.core.roles import may
from licensing import services
from licensing.core.outside import LIST
from licensing.forms.outside import COLUMNS, ListForm, read_list
from licensing.views import doors, lists


@doors.open_to(doors.OFFICE)
def new(request: HttpRequest) -> HttpResponse:
    """Legal sends the list and its files; what is taken in and what is not stands below."""
    _check(request)
    form = ListForm(request.POST or None, request.FILES or None)
    batch = _taken(request, form) if request.method == "POST" and form.is_valid() else None
    context = {"form": form, "batch": batch, "columns": _columns()}
    if batch is not None:
        context["findings"] = [
            {"line": one.line, "column": _column(one.field), "said": one.text(get_language())} for one in batch.findings
        ]
        context["refused"] = bool(form.cleaned_data["strict"] and batch.findings)
    status = 422 if form.errors or context.get("refused") else 200
    return render(request, "licensing/outside/import.html", context, status=status)


@require_safe
@doors.open_to(doors.OFFICE)
def blank(request: HttpRequest) -> HttpResponse:
    """An empty list, with the names of its columns."""
    _check(request)
    return lists.attachment(LIST, tables.csv_bytes(_columns(), [], illustrative=False), "text/csv; charset=utf-8")


def _taken(request: HttpRequest, form: ListForm):
    files, organizations = form.cleaned_data["files"], contributed.organizations.all_for(request.viewer)
    known = {row.code: row for row in organizations}
    try:
        rows = read_list(files.pop(LIST, None), known)
    except Refused as refusal:
        form.add_error("files", refusal.text(get_language()))
        return None
    strict = form.cleaned_data["strict"]
    return services.outside.take_all(rows, files.get, strict=strict, organizations=known, by=request.viewer, at=now())


def _columns() -> list[str]:
    return [title if get_language() == "ja" else name for name, title in COLUMNS.items()]


def _column(field: str) -> str:
    """What the column is called in the list; a whole row where a fault is of no one column."""
    name = "term_last" if field == "term_until" else field
    if name not in COLUMNS:
        return _("the row")
    return COLUMNS[name] if get_language() == "ja" else name


def _check(request: HttpRequest) -> None:
    if not may(request.viewer, "outside.take"):
        raise Http404
