"""Where money came from, and the tables of factors by which contributions are valued."""

from __future__ import annotations

from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import called
from contributions.views import doors
from contributions.views.exports import csv_file
from contributions.views.lists import page_of, query_of, wants_csv


@doors.open_to(doors.COMMON)
def index(request):
    """Funding sources with the part that the state pays."""
    rows = selectors.funding.visible_to(request.viewer)
    if query := query_of(request):
        rows = rows.filter(code__icontains=query) | rows.filter(name_ja__icontains=query)
    if wants_csv(request):
        header = (_("Code"), _("Name"), _("Mode"), _("Programme"), _("Decision"), _("Part paid by the state"))
        lines = [
            (row.code, called(row), word(row.mode, "funding_mode"), row.programme, row.decision_number, row.state_rate)
            for row in rows
        ]
        return csv_file("funding", header, lines)
    page = page_of(request, rows)
    context = {"rows": page, "page": page, "search": True, "query": query, "csv_url": request.path}
    return render(request, "contributions/funding/list.html", context)


@doors.open_to(doors.COMMON)
def ratecards(request):
    """Every card with the lines that the reader may see; the one in force stands first of its kind."""
    today = localdate()
    cards = selectors.ratecards.visible_to(request.viewer)
    in_force: dict[str, int] = {}
    for each in cards:
        if each.card.valid_from <= today:
            in_force[each.card.card] = max(each.card.version, in_force.get(each.card.card, 0))
    if wants_csv(request):
        lines = [
            (word(each.card.card, "card"), each.card.version, each.card.valid_from, key, factor)
            for each in cards
            for key, factor in each.lines.items()
        ]
        return csv_file("ratecards", (_("Card"), _("Version"), _("From"), _("Key"), _("Factor")), lines)
    listed = [
        {
            "card": each.card,
            "lines": [(_key(each.card.card, key), key, factor) for key, factor in each.lines.items()],
            "withheld": each.withheld,
            "in_force": in_force.get(each.card.card) == each.card.version,
        }
        for each in sorted(cards, key=lambda each: (each.card.card, -each.card.version))
    ]
    return render(request, "contributions/ratecards/list.html", {"cards": listed})


def _key(card: str, key: str) -> str:
    if card == "grade":
        return word(key, "grade")
    if card == "dataset":
        name, _slash, factor = key.partition("/")
        return f"{name} " + {"quality": _("quality"), "uniqueness": _("uniqueness")}.get(factor, factor)
    return key.upper() if key != "cpu" else _("CPU only")
