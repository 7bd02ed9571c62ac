"""Renewals ahead: by when either side must speak, the earliest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions.core.periods import last_day
from contributions.templatetags.moyai import called, text
from licensing import selectors
from licensing.core.obligations import PARTIES
from licensing.core.renewals import MODES
from licensing.views import doors, lists


@require_safe
@doors.open_to(doors.PARTIES, part=doors.OF_CONTRACTS)
def index(request: HttpRequest) -> HttpResponse:
    """Every agreement in force with its notice day."""
    today = localdate()
    rows = selectors.renewals.ahead(request.viewer, on=today)
    query = request.GET.get("q", "").strip()
    if query:
        rows = [row for row in rows if query in f"{row.agreement.number} {row.agreement.licensee.organization.name_ja}"]
    if lists.wants_csv(request):
        return lists.csv("renewals", *_table(rows))
    context = {"search": True, "query": query} | lists.paged(request, rows)
    for row in context["page"]:
        row.agreement.mode = MODES.get(row.mode)
        row.agreement.left = (row.notice.day - today).days if row.notice else None
    return render(request, "licensing/renewals/list.html", context | {"today": today})


def _table(rows):
    header = [
        _("Agreement"),
        _("Licensee"),
        _("Last day of the term"),
        lists.coded(_("Renewal"), MODES),
        _("Last day for notice"),
        _("Business day before it"),
        _("Notice given by"),
    ]
    cells = (
        [
            row.agreement.number,
            called(row.agreement.licensee.organization),
            last_day(row.until),
            row.mode,
            row.notice.day if row.notice else None,
            row.notice.safe_day if row.notice else None,
            "、".join(text(PARTIES[party]) for party in row.refused_by),
        ]
        for row in rows
    )
    return header, cells
