"""Compute: what each facility gave by month, and one facility by itself."""

from __future__ import annotations

from fractions import Fraction

from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors
from contributions.core import pictures
from contributions.core.compute import hours_text
from contributions.core.periods import month_of
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.templatetags.moyai import called
from contributions.views import doors, history
from contributions.views.exports import csv_file
from contributions.views.lists import wants_csv

GPU_HOURS = Text("GPU時間", "GPU hours")
CPU_HOURS = Text("CPU時間", "CPU hours")


@doors.open_to(doors.FIGURES)
def index(request):
    """GPU hours by facility and month, as picture and table."""
    viewer = request.viewer
    rows = selectors.compute.by_month(viewer)
    if wants_csv(request):
        return _as_csv(rows)
    bars, unit = _bars(rows)
    months = sorted({month_of(row["month"]) for row in rows})
    context = {
        "picture": pictures.compute_by_month(bars, unit, language=get_language()),
        "finding": pictures.compute_finding(bars, unit),
        "months": months,
        "table": _table(rows, months),
        "totals": [sum(row["gpu_s"] for row in rows if month_of(row["month"]) == month) for month in months],
        "total": selectors.compute.totals(selectors.compute.days_visible_to(viewer).exclude(batch__state="reversed")),
        "batches": selectors.compute.by_batch(selectors.compute.batches_visible_to(viewer)).order_by("-received_at")[
            :10
        ],
        "facilities": selectors.compute.facilities_visible_to(viewer),
        "may_send": viewer.workplace == "member" and may(viewer, "batch.receive"),
    }
    return render(request, "contributions/compute/index.html", context)


def facility(request, code):
    """One facility: where it stands, and what came from it, as far as the reader may see."""
    viewer = request.viewer
    found = get_object_or_404(selectors.compute.facilities_visible_to(viewer), code=code)
    days = selectors.compute.days_visible_to(viewer).filter(facility=found)
    rows = [row for row in selectors.compute.by_month(viewer) if row["facility__code"] == code]
    bars, unit = _bars(rows)
    context = {
        "facility": found,
        "picture": pictures.compute_by_month(bars, unit, language=get_language()) if bars else "",
        "finding": pictures.compute_finding(bars, unit),
        "members": selectors.compute.by_member(days),
        "total": selectors.compute.totals(days.exclude(batch__state="reversed")),
        "months": rows,
        "batches": selectors.compute.by_batch(selectors.compute.batches_visible_to(viewer).filter(facility=found)),
        "history": history.about(viewer, f"facility:{code}"),
    }
    return render(request, "contributions/compute/facility.html", context)


def _bars(rows) -> tuple[list[pictures.Bar], Text]:
    """GPU hours; where nothing but CPUs was given, CPU hours."""
    key, unit = ("gpu_s", GPU_HOURS) if any(row["gpu_s"] for row in rows) else ("cpu_s", CPU_HOURS)
    bars = [
        pictures.Bar(
            month_of(row["month"]), Text(row["facility__name_ja"], row["facility__name_en"]), Fraction(row[key], 3600)
        )
        for row in rows
        if row[key]
    ]
    return bars, unit


def _table(rows, months) -> list[dict]:
    """One line a facility, one figure a month."""
    lines: dict[str, dict] = {}
    for row in rows:
        code = row["facility__code"]
        line = lines.setdefault(
            code,
            {
                "code": code,
                "name_ja": row["facility__name_ja"],
                "name_en": row["facility__name_en"],
                "by_month": {},
                "sum": 0,
            },
        )
        line["by_month"][month_of(row["month"])] = row["gpu_s"]
        line["sum"] += row["gpu_s"]
    for line in lines.values():
        line["cells"] = [line["by_month"].get(month) for month in months]
    return [lines[code] for code in sorted(lines)]


def _as_csv(rows):
    header = (_("Month"), _("Facility"), _("Name"), _("Jobs"), _("CPU hours"), _("GPU hours"))
    lines = [
        (
            month_of(row["month"]),
            row["facility__code"],
            called({"name_ja": row["facility__name_ja"], "name_en": row["facility__name_en"]}),
            row["jobs"],
            hours_text(row["cpu_s"]),
            hours_text(row["gpu_s"]),
        )
        for row in rows
    ]
    return csv_file("compute", header, lines)
