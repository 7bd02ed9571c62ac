"""Usage reports: those handed in with the fee they came to, and the form that rates while it is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.errors import Finding, Refused
from contributions.core.money import fraction
from contributions.core.periods import last_day
from contributions.core.roles import OF_MONEY, may, reads
from contributions.core.words import Text
from contributions.templatetags.moyai import called, percent
from licensing import selectors, services
from licensing.core import usage as rules
from licensing.core.variables import REGIONS
from licensing.forms.usage import ROWS_MAX, NoteForm, Row, typed
from licensing.views import confirming, doors, fees, lists, rails

STATES = ("submitted", "accepted")
SEARCH = (
    "number",
    "agreement__number",
    "agreement__licensee__organization__name_ja",
    "agreement__licensee__organization__name_en",
)


@doors.open_to(doors.PARTIES, part=doors.OF_USAGE)
def index(request: HttpRequest) -> HttpResponse:
    """The reports handed in, and above them those still owed."""
    viewer = request.viewer
    rows, context = lists.narrowed(request, selectors.usage.visible_to(viewer), search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("usage", *_table(rows))
    context |= lists.paged(request, rows)
    context |= {
        "owed": selectors.usage.owed(viewer, on=localdate()),
        "may_submit": may(viewer, "usage.submit"),
        "sees_money": reads(viewer, OF_MONEY),
        "total": sum(int(row.fee["yen"]) for row in rows if row.fee),
    }
    return render(request, "licensing/usage/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Agreement"),
        _("Licensee"),
        _("Period from"),
        _("Period to (last day)"),
        _("Units"),
        _("Fee (yen)"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.agreement.number,
            called(row.agreement.licensee.organization),
            row.period_from,
            last_day(row.period_until),
            _units(row),
            int(row.fee["yen"]) if row.fee else None,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def _evaluation(report, viewer) -> str:
    """The evaluation whose fee the report is credited with, for whoever reads its account."""
    agreed = selectors.evaluation_fees.agreed(report.agreement) if reads(viewer, OF_MONEY) else None
    return agreed.evaluation.number if agreed is not None else ""


def _units(report) -> Fraction:
    return sum((fraction(line.units) for line in report.lines.all()), Fraction(0))


def detail(request: HttpRequest, number: str, *, error: str = "") -> HttpResponse:
    """One report: its lines, the fee with every step, and what comes next."""
    report = get_object_or_404(selectors.usage.visible_to(request.viewer), number=number)
    viewer, terms = request.viewer, services.fees.terms_of(report)
    invoice = getattr(report, "invoice", None)
    document = report.fee or services.fees.expected(report)
    why = fees.derived(document, terms, links=sources(report.agreement, viewer))
    context = {
        "report": report,
        "lines": [
            {"region": REGIONS.get(line.region, line.region), "units": fees.counted(fraction(line.units), terms)}
            for line in report.lines.all()
        ],
        "units": fees.counted(_units(report), terms),
        "why": why | {"account": reads(viewer, OF_MONEY), "source": _evaluation(report, viewer)},
        "fee": int(document["yen"]),
        "invoice": invoice,
        "suspended_days": selectors.lives.days_suspended(report, localdate()),
        "step": _step(report, invoice, document, viewer, error),
        "history": rails.history(viewer, f"usage:{report.number}"),
    }
    return render(request, "licensing/usage/detail.html", context, status=422 if error else 200)


def sources(agreement, viewer) -> list[dict]:
    """Where the prices stand: the agreement, and its schedule for whom it is open."""
    schedule = agreement.schedule
    links = [{"url": reverse("licensing:agreement", args=[agreement.number]), "label": _("Terms of the agreement")}]
    if selectors.schedules.visible_to(viewer).filter(pk=schedule.pk).exists():
        url = reverse("licensing:schedule", args=[schedule.number, schedule.version])
        links.append({"url": url, "label": f"{_('Schedule')} {schedule}"})
    return links


def _step(report, invoice, document: dict, viewer, error: str) -> dict | None:
    """Accept, then invoice: what finance does next, with the figures."""
    facts = {"number": report.number, "licensee": called(report.agreement.licensee.organization)}
    if report.state == "submitted" and may(viewer, "usage.accept"):
        sentence = _(
            "You accept usage report %(number)s of %(licensee)s: a fee of ¥%(fee)s before tax. The fee is frozen."
        )
        return {
            "verb": _("Accept the report"),
            "sentence": sentence % (facts | {"fee": f"{int(document['yen']):,}"}),
            "url": reverse("licensing:usage_accept", args=[report.number]),
            "error": error,
        }
    if selectors.invoices.to_issue(viewer).filter(pk=report.pk).exists() and may(viewer, "invoice.issue"):
        totals = services.invoices.totals_of(report)
        sentence = _(
            "You issue an invoice to %(licensee)s on usage report %(number)s: ¥%(net)s and %(rate)s consumption tax"
            " ¥%(tax)s, in all ¥%(gross)s."
        )
        facts |= {name: f"{getattr(totals, name):,}" for name in ("net", "tax", "gross")}
        return {
            "verb": _("Issue the invoice"),
            "sentence": sentence % (facts | {"rate": percent(totals.rates[0].rate, 0)}),
            "url": reverse("licensing:invoice_issue", args=[report.number]),
            "error": error,
            "totals": totals,
        }
    return None


@require_POST
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Finance accepts a report; its fee is frozen."""
    report = get_object_or_404(selectors.usage.visible_to(request.viewer), number=number)
    if error := confirming.fault(request, report.number):
        return detail(request, number, error=error)
    services.usage.accept(report, by=request.viewer, at=now())
    messages.success(request, _("The report is accepted. It can be invoiced now."))
    return redirect("licensing:usage_report", number)


def new(request: HttpRequest, number: str, start: str) -> HttpResponse:
    """Report the usage of one period; the fee shows while figures are typed."""
    agreement = get_object_or_404(selectors.agreements.concluded(request.viewer), number=number)
    period_from = _day_or_404(start)
    if not may(request.viewer, "usage.submit"):
        raise Http404
    held = selectors.usage.visible_to(request.viewer).filter(agreement=agreement, period_from=period_from).first()
    if held is not None:
        return redirect("licensing:usage_report", held.number)
    owed = next((row for row in _owed(request, agreement) if row.period_from == period_from), None)
    if owed is None:
        raise Http404
    agreement = selectors.lives.as_of(selectors.lives.gathered([agreement])[0], period_from)
    if request.method == "POST":
        return _posted(request, agreement, owed)
    return _form(request, agreement, owed, _empty_rows(agreement), NoteForm())


def _owed(request: HttpRequest, agreement) -> list:
    return [row for row in selectors.usage.owed(request.viewer, on=localdate()) if row.agreement == agreement]


def _day_or_404(start: str) -> date:
    try:
        return date.fromisoformat(start)
    except ValueError:
        raise Http404 from None


def _posted(request: HttpRequest, agreement, owed) -> HttpResponse:
    rows, note = typed(request.POST), NoteForm(request.POST)
    if "preview" in request.POST:
        return render(request, "licensing/usage/preview.html", _rated(agreement, owed, rows))
    if "add" in request.POST and len(rows) < ROWS_MAX:
        metric = agreement.variables["terms"]["unit"]
        return _form(request, agreement, owed, [*rows, Row(len(rows) + 1, metric, "", "")], note)
    if "nothing" in request.POST and confirming.fault(request, agreement.number):
        error = confirming.fault(request, agreement.number)
        return _form(request, agreement, owed, rows or _empty_rows(agreement), note, nothing_error=error)
    if not note.is_valid():
        return _form(request, agreement, owed, rows, note)
    return _submit(request, agreement, owed, rows, note)


def _submit(request: HttpRequest, agreement, owed, rows: list[Row], note: NoteForm) -> HttpResponse:
    filled = _nothing_used(agreement) if "nothing" in request.POST else [row for row in rows if row.units.strip()]
    try:
        report = services.usage.submit(
            agreement,
            period_from=owed.period_from,
            rows=[row.document for row in filled],
            note=note.cleaned_data["note"],
            by=request.viewer,
            at=now(),
            on=localdate(),
        )
    except services.usage.FaultyReport as refusal:
        findings = _placed(refusal.findings, filled)
        return _form(request, agreement, owed, rows or _empty_rows(agreement), note, findings=findings)
    except Refused as refusal:
        return _form(request, agreement, owed, rows, note, refusal=refusal)
    messages.success(request, _("The usage report is handed in."))
    return redirect("licensing:usage_report", report.number)


def _form(request: HttpRequest, agreement, owed, rows: list[Row], note: NoteForm, **wrong) -> HttpResponse:
    regions = agreement.variables["regions"]
    context = {
        "agreement": agreement,
        "owed": owed,
        "rows": rows,
        "note": note,
        "regions": [(code, REGIONS.get(code, Text(code, code))) for code in regions],
        "unit": fees.unit_name(agreement.variables["terms"]),
        "nothing": {"nothing": "1"},
        **_rated(agreement, owed, rows),
        **wrong,
    }
    faulty = {finding.line for finding in context["findings"]}
    context["rows"] = [{"row": row, "faulty": row.line in faulty} for row in rows]
    return render(request, "licensing/usage/form.html", context, status=422 if wrong else 200)


def _rated(agreement, owed, rows: Sequence[Row]) -> dict:
    """What the rows come to so far: findings by line, or the fee as it would be accepted, the group's share in it."""
    filled = [row for row in rows if row.units.strip()]
    terms, regions = agreement.variables["terms"], set(agreement.variables["regions"])
    lines, findings = rules.read([row.document for row in filled], metrics={terms["unit"]}, regions=regions)
    if not filled or findings:
        return {"findings": _placed(findings, filled) if filled else (), "why": None}
    document = services.fees.previewed(owed.agreement, owed, lines, at=now())
    return {"findings": (), "why": fees.derived(document, terms), "fee": int(document["yen"]), "agreement": agreement}


def _placed(findings: Sequence[Finding], filled: Sequence[Row]) -> tuple[Finding, ...]:
    """Findings counted over the filled rows, renamed to the rows as the reader sees them; each says its line."""
    return tuple(
        finding if finding.line is None else _named(finding, filled[finding.line - 1].line) for finding in findings
    )


def _named(finding: Finding, line: int) -> Finding:
    ja, en = finding.ja, finding.en
    if "{line}" not in ja:
        ja, en = "{line}行目：" + ja, "Line {line}: " + en
    return replace(finding, line=line, ja=ja, en=en, facts={**finding.facts, "line": line})


def _empty_rows(agreement) -> list[Row]:
    metric = agreement.variables["terms"]["unit"]
    return [Row(line, metric, region, "") for line, region in enumerate(agreement.variables["regions"], 1)]


def _nothing_used(agreement) -> list[Row]:
    """A report of nothing: one line of 0 units."""
    return [replace(_empty_rows(agreement)[0], units="0")]
