"""The calculator: what a year of use would cost, with every step. Its address holds the question; nothing is kept."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contributions.core.errors import Refused
from contributions.core.words import Text
from licensing import selectors, services
from licensing.core import advances, licensees, quotes, rates, taxes
from licensing.core.decimals import decimal, percent
from licensing.core.usage import UNITS_MAX
from licensing.core.variables import REGIONS
from licensing.forms.figures import plain
from licensing.views import fees
from licensing.views.open_doors import open_to_all

ROWS = 3
AFFILIATES = ("group_free", "group_paid")


@require_safe
@open_to_all()
def page(request: HttpRequest) -> HttpResponse:
    """Field, class, quantities by region and how often one reports; the answer below, or in place by htmx."""
    day = localdate()
    listed = selectors.guide.schedules_on(day)
    schedule = _chosen(request, listed)
    rows = _rows(request)
    context = {
        "day": day,
        "listed": [
            {"number": row.number, "label": _label(row, day), "chosen": schedule is not None and row.pk == schedule.pk}
            for row in listed
        ],
        "schedule": schedule,
        "rows": [*rows, *({} for _n in range(max(1, ROWS - len(rows))))],
        "regions": list(REGIONS.items()),
        "affiliates": {name: request.GET.get(name, "").strip()[:40] for name in AFFILIATES},
        "every": _every(request),
        "periods": list(quotes.PERIODS.items()),
        **(_answer(request, schedule, rows, day) if schedule is not None else {}),
    }
    context["rows"] = [{"n": n, **row} for n, row in enumerate(context["rows"], 1)]
    name = "answer" if request.htmx else "calculator"
    return render(request, f"licensing/guide/{name}.html", context)


def _label(schedule, day: date) -> Text:
    field = selectors.fields.name(schedule.field_of_use, day)
    kind = licensees.CLASSES[schedule.licensee_class]
    return Text(f"{field.ja}（{kind.ja}）", f"{field.en} ({kind.en})")


def _chosen(request: HttpRequest, listed: list):
    number = request.GET.get("list", "")
    return next((row for row in listed if row.number == number), listed[0] if listed else None)


def _every(request: HttpRequest) -> str:
    every = request.GET.get("every", "")
    return every if every in quotes.REPORTS else "quarter"


def _rows(request: HttpRequest) -> list[dict]:
    """Quantities by region as typed: `region=JP&units=600&region=TH&units=200`."""
    pairs = zip(request.GET.getlist("region")[:20], request.GET.getlist("units")[:20], strict=False)
    return [{"region": region[:2], "units": units.strip()[:40]} for region, units in pairs if units.strip()]


def _others(request: HttpRequest) -> rates.Others:
    """What the reader says of affiliates: free units they use up in a reporting period, fees they owe in the year."""
    free, paid = (decimal(plain(request.GET.get(name, "").strip()[:40] or "0")) for name in AFFILIATES)
    if not (0 <= free < UNITS_MAX and 0 <= paid < UNITS_MAX):
        raise quotes.TooMuch(units=str(max(free, paid, key=abs)))
    return rates.Others(free=free, in_field=paid, in_all=paid)


def _answer(request: HttpRequest, schedule, rows: list[dict], day: date) -> dict:
    if not rows:
        return {}
    every = _every(request)
    try:
        if request.GET.get("list", schedule.number) != schedule.number:
            raise quotes.NotInForce(number=request.GET["list"][:40])
        quantities: dict[str, Fraction] = {}
        for row in rows:
            if row["region"] not in REGIONS:
                raise quotes.NotOffered(region=row["region"] or "–")
            units = decimal(plain(row["units"]))
            quantities[row["region"]] = quantities.get(row["region"], Fraction(0)) + units
        tax = taxes.in_force(selectors.taxes.table(), "standard", day)
        quote = quotes.quote(schedule.terms, quantities, every=every, tax=tax.rate, others=_others(request))
    except Refused as refusal:
        return {"fault": refusal}
    return {
        "quote": quote,
        "shares": rates.read(schedule.terms).is_shared,
        "becomes": advances.KINDS[quote.kind],
        "units": fees.counted(sum(quantities.values(), Fraction(0)), schedule.terms),
        "tax_rate": percent(tax.rate, 0),
        "reports": [_report(row, every, schedule.terms) for row in quote.reports],
    }


def _report(row: quotes.Report, every: str, terms: dict) -> dict:
    """One line of the year's table, and how its fee came about."""
    whole = quotes.REPORTS[every]
    name = _("The year") if whole == 1 else _("Report %(n)s") % {"n": row.first}
    if row.count > 1:
        name = _("Reports %(first)s to %(last)s, each") % {"first": row.first, "last": row.last}
    return {
        "name": name,
        "count": row.count,
        "units": fees.counted(row.units, terms),
        "fee": row.fee.yen,
        "used": row.used,
        "net": row.net,
        "tax": row.tax,
        "gross": row.net + row.tax,
        "why": fees.derived(services.fees.document(row.fee), terms) | {"title": name},
    }
