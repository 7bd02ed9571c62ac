"""The access record: who opened a member's material, as its owner reads it."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.core.roles import AUDITOR, MEMBER, WORKPLACES
from contributions.core.words import Text
from contributions.templatetags.moyai import called, moment, text
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv

# What the noun of a subject is called.
NOUNS = {
    "dataset": Text("データセット", "Dataset"),
    "review": Text("データ審査", "Data review"),
    "batch": Text("計算実績", "Compute batch"),
    "resource": Text("資金・従事・知財", "Cash, people, IP"),
    "terms": Text("受入契約", "Inbound agreement"),
    "exclusion": Text("除外指定", "Exclusion"),
    "breach": Text("所在国違反", "Residency breach"),
    "funding": Text("資金源", "Funding source"),
    "member": Text("会員のページ", "Member’s page"),
    "payout": Text("分配額", "Payout"),
}


@doors.open_to(frozenset({AUDITOR, MEMBER}))
def index(request):
    """Who opened what and when, newest first."""
    viewer = request.viewer
    rows = selectors.openings.shown(selectors.openings.visible_to(viewer), localdate())
    rows = selectors.openings.matching(rows, query_of(request))
    known = set(selectors.organizations.visible_to(viewer).values_list("pk", flat=True))
    if wants_csv(request):
        return _as_csv(rows, known)
    page = page_of(request, rows)
    for row in page:
        row.noun, row.number = _subject(row)
        row.page = history.page_of(row.subject, viewer)
        row.place = WORKPLACES[row.workplace]
        row.acting_shown = row.acting if row.acting_id in known else None
        row.home_shown = row.home if row.home_id in known else None
    context = {"rows": page, "page": page, "search": True, "query": query_of(request), "csv_url": request.path}
    context |= {"days": settings.OPENINGS_DAYS, "of_all": viewer.workplace == AUDITOR}
    return render(request, "contributions/openings/list.html", context)


def _subject(row) -> tuple[Text, str]:
    noun, _colon, number = row.subject.partition(":")
    return NOUNS.get(noun, Text(noun, noun)), number


def _as_csv(rows, known):
    header = (_("Opened at"), _("Kind"), _("Number"), _("Person"), _("Workplace"), _("Acts for"), _("Employer"))
    lines = [
        (
            moment(row.opened_at),
            text(_subject(row)[0]),
            _subject(row)[1],
            called(row.user),
            text(WORKPLACES[row.workplace]),
            called(row.acting) if row.acting_id in known else "",
            called(row.home) if row.home_id in known else "",
        )
        for row in rows
    ]
    return csv_file("openings", header, lines)
