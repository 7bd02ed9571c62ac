"""Compute: what each facility gave by month, and one facility by itself."""

from __future__ import annotations

import re
from fractions import Fraction

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions import selectors, services
from contributions.core import pictures
from contributions.core.compute import hours_text
from contributions.core.periods import month_of
from contributions.core.roles import may
from contributions.core.words import Text
from contributions.forms.facilities import FacilityForm
from contributions.forms.filters import Narrow
from contributions.templatetags.moyai import called, decimal_text
from contributions.views import as_of, doors, facilities, filling, history, places
from contributions.views.exports import as_file
from contributions.views.lists import page_of, wanted_file

GPU_HOURS = Text("GPU時間", "GPU hours")
CPU_HOURS = Text("CPU時間", "CPU hours")
KEPT = ("as_of", "known_at")
ACCELERATOR, DAY = Text("演算装置", "accelerator"), Text("日", "day")


@doors.open_to(doors.FIGURES)
def index(request):
    """What was given, by facility, type and month: pictures with their tables, narrowed by what the address says."""
    viewer, at = request.viewer, as_of.read(request)
    day = at.day if at.is_chosen else None
    every = selectors.compute.standing(selectors.compute.days_visible_to(viewer), day, known_at=at.known_at)
    filters = _filters(request, selectors.compute.kinds_in(every), viewer)
    wanted = {name: filters.chosen(name) for name in filters.fields if name not in KEPT}
    days = selectors.compute.narrowed(every, wanted)
    rows, types = selectors.compute.by_month(viewer, days), selectors.compute.by_month_and_type(days)
    reference = selectors.ratecards.reference_seconds(days)
    for row in types:
        row["reference_s"] = reference.get((month_of(row["month"]), row["accelerator"]), Fraction(0))
    if kind := wanted_file(request):
        return _as_file(kind, rows, types, by_type=request.GET.get("by") == "type")
    bars, unit = _bars(rows)
    type_bars, type_unit = _type_bars(types)
    months = sorted({month_of(row["month"]) for row in rows})
    batches = selectors.compute.batches_visible_to(viewer).order_by("-received_at")
    context = {
        "as_of": at,
        "kept": [(name, value) for name, value in wanted.items() if value],
        "filters": filters,
        "is_narrowed": any(wanted.values()),
        "any": every.exists(),
        "picture": pictures.compute_by_month(bars, unit, language=get_language()),
        "finding": pictures.compute_finding(bars, unit),
        "type_picture": pictures.compute_by_month(type_bars, type_unit, language=get_language(), of=ACCELERATOR),
        "reference": sum((row["reference_s"] for row in types), Fraction(0)),
        "type_finding": pictures.compute_finding(type_bars, type_unit, of=ACCELERATOR),
        "types": types,
        "months": months,
        "table": _table(rows, months),
        "totals": [sum(row["gpu_s"] for row in rows if month_of(row["month"]) == month) for month in months],
        "total": selectors.compute.totals(days),
        "batches": selectors.courses.tell(
            (
                selectors.compute.behind(batches, day, known_at=at.known_at)
                if day
                else selectors.compute.by_batch(batches)
            )[:10]
        ),
        "facilities": selectors.facilities.listed(
            selectors.compute.facilities_visible_to(viewer),
            at.day,
            known_at=at.known_at,
            is_past=at.is_chosen,
            country=None,
        ),
        "may_register": may(viewer, "facility.register"),
        "may_send": viewer.workplace == "member" and may(viewer, "batch.receive"),
        "unevidenced": {row.code for row in selectors.places.unevidenced(viewer, at.day)},
    }
    return render(request, "contributions/compute/index.html", context)


@doors.open_to(doors.FIGURES)
def month(request, month):
    """One month, day by day; each figure leads to the rows behind it."""
    viewer = request.viewer
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", month):
        raise Http404
    at, first = as_of.read(request), selectors.compute.first_of(month)
    given = selectors.compute.days_visible_to(viewer)
    every = selectors.compute.standing(given, at.day if at.is_chosen else None, known_at=at.known_at)
    filters = _filters(request, selectors.compute.kinds_in(every), viewer, months=False)
    wanted = {name: filters.chosen(name) for name in filters.fields if name not in KEPT}
    days = selectors.compute.by_day(selectors.compute.narrowed(every, wanted), first)
    was_empty = at.is_chosen and selectors.compute.by_day(given, first).exists()
    if not days.exists() and not any(wanted.values()) and not was_empty:
        raise Http404
    if kind := wanted_file(request):
        return _days_file(kind, month, days)
    bars, unit = _day_bars(days)
    breaches = selectors.residency.visible_to(viewer).filter(batch__in=days.order_by().values("batch"))
    context = {
        "month": month,
        "as_of": at,
        "kept": [(name, value) for name, value in wanted.items() if value],
        "filters": filters,
        "picture": pictures.compute_by_month(bars, unit, language=get_language(), of=ACCELERATOR, per=DAY),
        "finding": pictures.compute_finding(bars, unit, of=ACCELERATOR, per=DAY),
        "days": page_of(request, days),
        "breaches": selectors.residency.then(breaches, at.day) if at.is_chosen else breaches,
        "total": selectors.compute.totals(days),
        "sees_members": viewer.workplace != "member",
    }
    return render(request, "contributions/compute/month.html", context)


@doors.open_to(doors.FIGURES)
def new_facility(request):
    """Legal registers a facility; from then on members send usage in from it."""
    viewer = request.viewer
    if not may(viewer, "facility.register"):
        raise Http404
    organizations = selectors.organizations.visible_to(viewer).order_by("code")
    form = FacilityForm(request.POST or None, organizations=organizations)
    stated = {"illustrative": selectors.log.head().demo, "by": viewer, "at": now()}
    found = filling.done(request, form, lambda: services.facilities.register(**form.named(), **stated))
    if found is not None:
        messages.success(request, _("The facility is registered. Hand in what shows its country next."))
        return redirect("contributions:facility", found.code)
    return filling.page(
        request,
        form,
        heading=_("Register a facility"),
        lead=_(
            "Members send in usage from facilities on record. Code, names and clock stay; the rest is amended from a "
            "day on."
        ),
        verb=_("Register"),
        up=reverse("contributions:compute"),
        up_label=_("Compute"),
    )


def _filters(request, kinds, viewer, *, months: bool = True) -> Narrow:
    """What the reader may narrow by: only what stands among what it sees."""

    def listed(name: str) -> list[tuple[str, object]]:
        return [(code, text.of(get_language())) for code, text in kinds[name].items()]

    fields = {"facility": (_("Facility"), listed("facility")), "accelerator": (_("Accelerator"), listed("accelerator"))}
    if months:
        fields |= {"since": (_("From month"), listed("month")), "until": (_("Until month"), listed("month"))}
    if viewer.workplace != "member":
        fields["member"] = (_("Member"), listed("member"))
    return Narrow(request.GET, keep=KEPT, **fields)


def facility(request, code):
    """One facility: where it stands, and what came from it, as far as the reader may see."""
    viewer, at = request.viewer, as_of.read(request)
    found = get_object_or_404(selectors.compute.facilities_visible_to(viewer), code=code)
    if not selectors.facilities.was_on_record(found, at.day, known_at=at.known_at) and at.is_chosen:
        at = as_of.nothing_yet(at)
    (found,) = selectors.facilities.then([found], at.day, known_at=at.known_at)
    day = at.day if at.is_chosen else None
    evidence = [(row, selectors.places.shows(found, row, at.day)) for row in selectors.places.of_facility(found, day)]
    days = selectors.compute.days_visible_to(viewer).filter(facility=found)
    days = selectors.compute.standing(days, day, known_at=at.known_at)
    rows = selectors.compute.by_month(viewer, days)
    bars, unit = _bars(rows)
    breaches = selectors.residency.visible_to(viewer).filter(batch__facility=found)
    batches = selectors.compute.batches_visible_to(viewer).filter(facility=found)
    context = {
        "facility": found,
        "as_of": at,
        "accelerators": _accelerators(found, at.day),
        "editions": [row for row in facilities.editions(found) if day is None or row["row"].valid_from <= day],
        "may_amend": may(viewer, "facility.amend") and not at.is_chosen,
        "places": evidence,
        "is_shown": any(shows for _row, shows in evidence),
        "may_attest": places.may_attest(viewer, found.operator.code) and not at.is_chosen,
        "picture": pictures.compute_by_month(bars, unit, language=get_language()) if bars else "",
        "finding": pictures.compute_finding(bars, unit),
        "breaches": selectors.residency.then(breaches, day) if day else breaches,
        "members": selectors.compute.by_member(days),
        "total": selectors.compute.totals(days),
        "months": rows,
        "batches": selectors.courses.tell(
            selectors.compute.behind(batches, day, known_at=at.known_at) if day else selectors.compute.by_batch(batches)
        ),
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


def _type_bars(rows) -> tuple[list[pictures.Bar], Text]:
    """The same by accelerator."""
    key, unit = ("gpu_s", GPU_HOURS) if any(row["gpu_s"] for row in rows) else ("cpu_s", CPU_HOURS)
    bars = [
        pictures.Bar(month_of(row["month"]), Text(row["accelerator"], row["accelerator"]), Fraction(row[key], 3600))
        for row in rows
        if row[key]
    ]
    return bars, unit


def _day_bars(days) -> tuple[list[pictures.Bar], Text]:
    """GPU hours (or, with none, CPU hours) of each day, by accelerator."""
    sums: dict[tuple[str, str], list[int]] = {}
    for day, accelerator, gpu_s, cpu_s in days.values_list("day", "accelerator", "gpu_s", "cpu_s"):
        pair = sums.setdefault((f"{day:%d}", accelerator), [0, 0])
        pair[0], pair[1] = pair[0] + gpu_s, pair[1] + cpu_s
    place = 0 if any(pair[0] for pair in sums.values()) else 1
    bars = [
        pictures.Bar(day, Text(accelerator, accelerator), Fraction(pair[place], 3600))
        for (day, accelerator), pair in sorted(sums.items())
        if pair[place]
    ]
    return bars, (GPU_HOURS, CPU_HOURS)[place]


def _accelerators(facility, day) -> list[dict]:
    """The facility's types with the reference hours that one hour of each is worth on the day."""
    factors = selectors.ratecards.accelerator_factors(day)
    return [{"code": code, "factor": factors.get(code)} for code in facility.accelerators]


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


def _as_file(kind, rows, types, *, by_type: bool):
    if by_type:
        header = (
            _("Month"), _("Accelerator"), _("Jobs"), _("CPU hours"), _("Node hours"), _("GPU hours"),
            _("Reference hours"),
        )  # fmt: skip
        lines = [
            (
                month_of(row["month"]),
                row["accelerator"],
                row["jobs"],
                *(hours_text(row[unit]) for unit in ("cpu_s", "node_s", "gpu_s")),
                decimal_text(row["reference_s"] / 3600, 6).replace(",", ""),
            )
            for row in types
        ]
        return as_file(kind, "compute-by-type", header, lines)
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
    return as_file(kind, "compute", header, lines)


def _days_file(kind, month, days):
    header = (
        _("Day"), _("Member"), _("Facility"), _("Accelerator"), _("Number"), _("Jobs"),
        _("CPU hours"), _("Node hours"), _("GPU hours"), _("Entry"),
    )  # fmt: skip
    lines = (
        (
            row.day,
            called(row.member.organization),
            row.facility.code,
            row.accelerator,
            row.batch.number,
            row.jobs,
            hours_text(row.cpu_s),
            hours_text(row.node_s),
            hours_text(row.gpu_s),
            row.seq,
        )
        for row in days
    )
    return as_file(kind, f"compute-{month}", header, lines)
