"""Inbound agreements: under which terms contributions came in, right by right."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.templatetags.contributed import TERM_TYPES, word
from contributions.templatetags.moyai import called
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.FIGURES)
def index(request):
    """Agreements that the reader may see."""
    rows = selectors.terms.matching(selectors.terms.visible_to(request.viewer), query_of(request))
    kinds = {code: text for code, text in TERM_TYPES.items() if rows.filter(type=code).exists()}
    filters = Narrow(request.GET, type=(_("Type"), choices(kinds)))
    if chosen := filters.chosen("type"):
        rows = rows.filter(type=chosen)
    if wants_csv(request):
        header = (_("Number"), _("Title"), _("Organization"), _("Type"), _("From"), _("Until"))
        lines = [
            (
                row.number,
                _title(row),
                called(row.organization),
                word(row.type, "term_type"),
                row.valid_from,
                row.valid_until,
            )
            for row in rows
        ]
        return csv_file("terms", header, lines)
    page = page_of(request, rows)
    for row in page:
        row.state = _state(row)
    context = {"rows": page, "page": page, "search": True, "query": query_of(request), "filters": filters}
    return render(request, "contributions/terms/list.html", context | {"csv_url": request.path})


def detail(request, number):
    """One agreement with its rights, and what stands under it."""
    viewer = request.viewer
    term = get_object_or_404(selectors.terms.visible_to(viewer), number=number)
    services.openings.record(f"terms:{number}", owner=term.organization, by=viewer, at=now())
    context = {
        "term": term,
        "state": _state(term),
        "rights": term.rights.all(),
        "versions": selectors.datasets.versions_visible_to(viewer).filter(agreement=term),
        "resources": selectors.resources.visible_to(viewer).filter(agreement=term)[:50],
        "history": history.about(viewer, f"terms:{number}"),
    }
    return render(request, "contributions/terms/detail.html", context)


def _state(term) -> str:
    today = localdate()
    if term.valid_from > today:
        return "new"
    return "expired" if term.valid_until is not None and term.valid_until <= today else "in_force"


def _title(term) -> str:
    return called({"name_ja": term.title_ja, "name_en": term.title_en})
