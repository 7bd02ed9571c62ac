"""Terminations: which agreements ended or will end, on which ground, with what wind-down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions.core.periods import jst_date, last_day
from contributions.templatetags.moyai import called
from licensing import selectors
from licensing.core.obligations import PARTIES
from licensing.core.terminations import GROUNDS
from licensing.views import doors, lists

SEARCH = ("number", "agreement__number", "agreement__licensee__organization__name_ja", "ground")


@require_safe
@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Terminations that were given, the newest first."""
    rows = selectors.terminations.visible_to(request.viewer)
    rows, context = lists.narrowed(request, rows, search=SEARCH)
    if lists.wants_csv(request):
        return lists.csv("terminations", *_table(rows))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.label = GROUNDS[row.ground].label
        row.standing = selectors.lives.standing(selectors.lives.gathered([row.agreement])[0], now())
    return render(request, "licensing/terminations/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Agreement"),
        _("Licensee"),
        lists.coded(_("Ground"), lambda code: GROUNDS[code].label),
        lists.coded(_("Given by"), PARTIES),
        _("Takes effect on"),
        _("Last day of the wind-down"),
    ]
    cells = (
        [
            row.number,
            row.agreement.number,
            called(row.agreement.licensee.organization),
            row.ground,
            row.party,
            jst_date(row.effective_at),
            last_day(row.wind_down_until) if row.wind_down_until else None,
        ]
        for row in rows
    )
    return header, cells
