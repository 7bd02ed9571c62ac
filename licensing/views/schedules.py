"""Schedules: the standard price lists, as table, as picture, and as what a number of units would cost."""

from __future__ import annotations

from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contributions.core.words import Text
from licensing import selectors, services
from licensing.core import charts, cliffs, licensees, rates, tariffs
from licensing.core.decimals import NotADecimal, decimal
from licensing.core.usage import UNITS_MAX, UsageLine
from licensing.core.variables import REGIONS
from licensing.forms.figures import plain
from licensing.views import doors, fees, lists, rails

STATES = ("proposed", "adopted")
SEARCH = ("number", "name_ja", "name_en", "field_of_use")
SAMPLES = (0, 1, 2, 5, 10, 20, 50, 100)


@doors.open_to(doors.PARTIES)
def index(request: HttpRequest) -> HttpResponse:
    """Every price list, its newest version first."""
    rows, context = lists.narrowed(
        request, selectors.schedules.visible_to(request.viewer), search=SEARCH, states=STATES
    )
    if lists.wants_csv(request):
        return lists.csv("schedules", *_table(rows))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.field, row.kind, row.summary = _field(row), _kind(row), tariffs.summary(tariffs.tariff(row.terms))
    return render(request, "licensing/schedules/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Version"),
        _("Name"),
        _("Field of use"),
        _("Class"),
        _("Prices"),
        _("Valid from"),
        _("State"),
    ]
    cells = (
        [
            row.number,
            row.version,
            row.name_ja,
            row.field_of_use,
            row.licensee_class,
            tariffs.summary(tariffs.tariff(row.terms)).ja,
            row.valid_from,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """One version: tiers, conditions, the line of fee against volume, sample sums, and cliffs warned of."""
    viewer = request.viewer
    visible = selectors.schedules.visible_to(viewer)
    schedule = get_object_or_404(visible, number=number, version=version)
    terms = tariffs.tariff(schedule.terms)
    language, samples = get_language(), _samples(terms)
    points = cliffs.sample(schedule.terms, samples)
    unit = tariffs.UNITS[terms.unit]
    context = {
        "schedule": schedule,
        "field": _field(schedule),
        "kind": _kind(schedule),
        "mode": tariffs.MODES[terms.mode],
        "unit": fees.unit_name(schedule.terms),
        "minimum": int(terms.minimum),
        "tiers": tariffs.rows(terms),
        "conditions": tariffs.conditions(schedule.terms),
        "picture": charts.tiers(points, Text(unit.ja, unit.many), language=language),
        "caption": _("Fee against the number of units of one report, before tax."),
        "samples": [
            {"units": fees.counted(at, schedule.terms), "fee": fees.money(_fee(schedule.terms, at).exact)}
            for at in samples
        ],
        "warnings": cliffs.warnings(schedule.terms),
        "versions": visible.filter(number=number),
        "agreements": selectors.agreements.visible_to(viewer).filter(schedule=schedule),
        "history": rails.history(viewer, f"schedule:{schedule}"),
        **_trial(request, schedule),
    }
    return render(request, "licensing/schedules/detail.html", context)


def _trial(request: HttpRequest, schedule) -> dict:
    """What the number of units that the reader typed would cost."""
    typed = request.GET.get("units", "").strip()[:40]
    if not typed:
        return {"typed": ""}
    try:
        units = decimal(plain(typed))
    except NotADecimal as refusal:
        return {"typed": typed, "fault": refusal}
    if not 0 <= units < UNITS_MAX:
        return {"typed": typed, "fault": NotADecimal(text=typed)}
    document = services.usage.fee_document(_fee(schedule.terms, units))
    return {"typed": typed, "why": fees.derived(document, schedule.terms)}


def _fee(terms: dict, units: Fraction) -> rates.Fee:
    """The fee of one report of that many units, all where the full rate applies."""
    full = next((code for code, rate in (terms.get("regions") or {}).items() if decimal(rate) == 1), None)
    region = full or next(iter(terms.get("regions") or {}), next(iter(REGIONS)))
    return rates.rate(terms, [UsageLine(terms["unit"], region, units)])


def _samples(terms: tariffs.Tariff) -> list[Fraction]:
    """Numbers of units worth showing: the edges of the tiers, between them, and beyond the last."""
    edges = [tier.start for tier in terms.tiers[1:]]
    last = edges[-1] if edges else Fraction(100)
    return sorted({Fraction(0), *(last * part / 20 for part in SAMPLES[2:]), *edges} - {last * 5})[:12]


def _field(schedule) -> Text | str:
    return licensees.FIELDS.get(schedule.field_of_use, schedule.field_of_use)


def _kind(schedule) -> Text | str:
    return licensees.CLASSES.get(schedule.licensee_class, schedule.licensee_class)
