"""Balances: what each member has put in by kind and unit, with effect on a day, as known at a log checkpoint."""

from __future__ import annotations

from django.shortcuts import render
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.selectors.timeline import COMPUTE, KINDS
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import quantity_text, text
from contributions.views import as_of, doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import wants_csv


@doors.open_to(doors.RESOURCES)
def index(request):
    """The balances that the reader may see, narrowed by member and kind, with what they come to."""
    viewer, at = request.viewer, as_of.read(request)
    everything = selectors.balances.visible_to(viewer, as_of=at.day, known_at=at.known_at)
    names = history.names_for(viewer)
    filters = Narrow(
        request.GET,
        keep=("as_of", "known_at"),
        member=(_("Member"), choices({row.member: names[row.member] for row in everything if row.member in names})),
        kind=(_("Kind"), choices({kind: KINDS[kind] for kind in KINDS if any(row.kind == kind for row in everything)})),
    )
    member, kind = filters.chosen("member"), filters.chosen("kind")
    rows = [row for row in everything if member in {"", row.member} and kind in {"", row.kind}]
    if wants_csv(request):
        return _as_csv(rows, names, at)
    explained = _explained(viewer, at)
    context = {
        "rows": [
            {"balance": row, "name": names.get(row.member), "mine": row.member == viewer.acting} | explained(row)
            for row in rows
        ],
        "totals": selectors.balances.totals(rows) if len({row.member for row in rows}) > 1 else [],
        "filters": filters,
        "as_of": at,
        "with_checkpoint": True,
        "kept": [(name, value) for name, value in (("member", member), ("kind", kind)) if value],
        "csv_url": request.path,
    }
    return render(request, "contributions/balances/index.html", context)


def _explained(viewer, at):
    """Where the lists of contributions say something else than a balance, and why; at a checkpoint there is no list.

    A balance goes by the day from which each movement counts, as on record now; the lists as things stood on the day.
    """
    if at.checkpoint:
        return lambda _row: {}
    apart = selectors.timeline.apart(selectors.timeline.items(viewer, on=at.day, is_past=at.is_chosen))
    known = _known_then(viewer, at)

    def of(row) -> dict:
        besides, ahead = apart.get((row.member, row.kind, row.unit), (0, 0))
        since = row.amount - known.get((row.member, row.kind, row.unit), 0) if at.is_chosen else 0
        return {"besides": besides, "ahead": ahead, "since": since, "since_size": abs(since)}

    return of


def _known_then(viewer, at) -> dict[tuple[str, str, str], int]:
    """The balances of a past day by what was on record when it was over; usage by what of it was not reversed yet."""
    if not at.is_chosen:
        return {}
    rows = selectors.balances.visible_to(viewer, as_of=at.day, known_at=selectors.log.size_on(at.day))
    used = selectors.compute.standing(selectors.compute.days_visible_to(viewer), at.day)
    found = {(row.member, row.kind, row.unit): row.amount for row in rows if row.kind != COMPUTE}
    sums = selectors.compute.by_member_and_unit(used)
    return found | {(member, COMPUTE, unit): amount for (member, unit), amount in sums.items()}


def _as_csv(rows, names, at):
    header = (
        _("Member"), _("Name"), _("Kind"), _("Quantity"), _("Smallest parts"), _("Unit"), _("As of"),
        _("Log checkpoint"),
    )  # fmt: skip
    lines = (
        (
            row.member, text(names[row.member]) if row.member in names else "", word(row.kind, "contribution"),
            quantity_text(row.amount, row.unit), row.amount, row.unit, at.day, at.checkpoint or "",
        )
        for row in rows
    )  # fmt: skip
    return csv_file("balances", header, lines)
