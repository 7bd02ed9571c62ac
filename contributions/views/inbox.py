"""The contribution inbox: what waits for the secretariat, and what of a member's own needs an act."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.selectors.inbox import KINDS
from contributions.templatetags.moyai import text
from contributions.views import doors
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, wants_csv


@doors.open_to(doors.RESOURCES | doors.REVIEWS)
def index(request):
    """Everything that waits, the longest waiting first, narrowed by kind and member."""
    found = selectors.inbox.waiting_for(request.viewer, on=localdate())
    members = {row.member: row.member_name for row in sorted(found, key=lambda row: row.member)}
    kinds = {kind: name for kind, name in KINDS.items() if any(row.kind == kind for row in found)}
    filters = Narrow(request.GET, kind=(_("Kind"), choices(kinds)), member=(_("Member"), choices(members)))
    kind, member = filters.chosen("kind"), filters.chosen("member")
    rows = [row for row in found if kind in {"", row.kind} and member in {"", row.member}]
    if wants_csv(request):
        return _as_csv(rows)
    listed = [{"waiting": row, "url": reverse(row.page, args=row.arguments)} for row in rows]
    page = page_of(request, listed)
    context = {
        "rows": page,
        "page": page,
        "filters": filters,
        "counts": [(KINDS[kind], count) for kind, count in selectors.inbox.counts(rows).items() if count],
        "csv_url": request.path,
    }
    return render(request, "contributions/inbox/list.html", context)


def _as_csv(rows):
    header = (_("Since"), _("Kind"), _("To do"), _("About"), _("Number"), _("Member"), _("Amount (yen)"))
    lines = [
        (
            row.since,
            text(KINDS[row.kind]),
            text(row.todo),
            text(row.about),
            row.number,
            text(row.member_name),
            row.amount,
        )
        for row in rows
    ]
    return csv_file("contribution-inbox", header, lines)
