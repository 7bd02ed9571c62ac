"""The timeline: every contribution by month and kind, as a picture, its table, and files to keep."""

from __future__ import annotations

from fractions import Fraction

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.core import pictures
from contributions.core.money import floor
from contributions.core.units import UNITS
from contributions.core.words import Text
from contributions.forms.fields import choices
from contributions.forms.filters import Narrow
from contributions.selectors.timeline import DATA, KINDS
from contributions.templatetags.contributed import word
from contributions.templatetags.moyai import state_label, text
from contributions.views import as_of, doors
from contributions.views.exports import csv_file, xlsx_file
from contributions.views.lists import page_of

VERSIONS = Text("版", "versions")
YEN_MAN = Text("百万円", "million yen")
MILLION = 10**6


@doors.open_to(doors.RESOURCES)
def index(request):
    """All contributions that the reader may see, narrowed by member, kind and unit."""
    viewer, at = request.viewer, as_of.read(request)
    everything = selectors.timeline.items(viewer, on=at.day, is_past=at.is_chosen)
    members = {item.member: item.member_name for item in sorted(everything, key=lambda item: item.member)}
    kinds = {kind: name for kind, name in KINDS.items() if any(item.kind == kind for item in everything)}
    units = {unit: UNITS[unit].reads for unit in sorted({item.unit for item in everything})}
    filters = Narrow(
        request.GET,
        keep=("as_of",),
        member=(_("Member"), choices(members)),
        kind=(_("Kind"), choices(kinds)),
        unit=(_("Unit"), choices(units)),
    )
    member, kind, unit = (filters.chosen(name) for name in ("member", "kind", "unit"))
    rows = [
        item for item in everything
        if member in {"", item.member} and kind in {"", item.kind} and unit in {"", item.unit}
    ]  # fmt: skip
    if (wanted := request.GET.get("format")) in {"csv", "xlsx"}:
        return (csv_file if wanted == "csv" else xlsx_file)("timeline", _header(), [_cells(item) for item in rows])
    lanes = _lanes(rows)
    page = page_of(request, [{"item": item, "url": reverse(item.page, args=item.arguments)} for item in rows])
    context = {
        "as_of": at,
        "rows": page,
        "page": page,
        "filters": filters,
        "picture": pictures.timeline(lanes, language=get_language()) if lanes else "",
        "finding": pictures.timeline_finding(lanes),
        "totals": selectors.timeline.totals(rows),
        "apart": selectors.timeline.apart(rows),
        "member": member,
        "csv_url": request.path,
    }
    return render(request, "contributions/timeline/index.html", context)


def _lanes(rows) -> list[pictures.Lane]:
    """A lane for each kind that has something standing; data is counted in versions, since its units differ."""
    lanes = []
    for kind, name in KINDS.items():
        held = [item for item in rows if item.kind == kind and item.stands]
        by_month: dict[str, Fraction] = {}
        for item in held:
            by_month[item.month] = by_month.get(item.month, Fraction(0)) + _size(item)
        if held:
            amounts = tuple((month, by_month[month], _figure(by_month[month])) for month in sorted(by_month))
            lanes.append(pictures.Lane(name, _lane_unit(held[0]), amounts))
    return lanes


def _size(item) -> Fraction:
    if item.kind == DATA:
        return Fraction(1)
    return Fraction(item.quantity, MILLION if item.unit == "JPY" else UNITS[item.unit].per)


def _lane_unit(item) -> Text:
    if item.kind == DATA:
        return VERSIONS
    return YEN_MAN if item.unit == "JPY" else UNITS[item.unit].reads


def _figure(value: Fraction) -> str:
    """To the nearest whole, a half upward as in every picture; the table has the exact figure."""
    return f"{floor(value + Fraction(1, 2)):,}" if value >= 1 or value == 0 else "<1"


def _header() -> tuple:
    return (
        _("Day"), _("Month"), _("Kind"), _("Member"), _("Number"), _("Title"), _("Quantity"), _("Unit"), _("State"),
        _("On account"),
    )  # fmt: skip


def _cells(item) -> tuple:
    return (
        item.day, item.month, word(item.kind, "contribution"), text(item.member_name), item.number, text(item.title),
        item.quantity, item.unit, _state(item), item.quantity if item.on_account else 0,
    )  # fmt: skip


def _state(item) -> str:
    """The state in the words of the item's own page."""
    table = {"contributions:resource": "resource_state", "contributions:batch": "batch_state"}.get(item.page)
    return word(item.state, table) if table else state_label(item.state)
