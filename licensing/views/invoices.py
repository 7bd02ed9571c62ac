"""Invoices: the list with what is open, one invoice with its legal items and how it came about, and receipts."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.roles import LICENSEE, may
from contributions.core.words import Text
from contributions.templatetags.moyai import called, percent, text, yen
from licensing import selectors, services
from licensing.core import advances, rates
from licensing.core import evaluation_fees as evaluations
from licensing.forms.invoices import ReceiptForm
from licensing.views import confirming, doors, fees, lists, rails, usage

STATES = ("issued", "paid")
SEARCH = (
    "number",
    "agreement__number",
    "agreement__licensee__organization__name_ja",
    "agreement__licensee__organization__name_en",
)
SUMS = ("net", "tax", "gross", "received")


@doors.open_to(doors.PARTIES, part=doors.OF_MONEY)
def index(request: HttpRequest) -> HttpResponse:
    """Invoices with their totals and what is open on each."""
    viewer, on = request.viewer, localdate()
    rows, context = lists.narrowed(request, selectors.invoices.visible_to(viewer), search=SEARCH, states=STATES)
    rows = rows.annotate(open=F("gross") - F("received")).order_by("-number")
    if lists.wants_csv(request):
        return lists.csv("invoices", *_table(rows))
    context |= lists.paged(request, rows)
    for row in context["page"]:
        row.shown_state = shown_state(row, on)
    context |= {
        "totals": {name: sum(getattr(row, name) for row in rows) for name in (*SUMS, "open")},
        "to_issue": selectors.invoices.to_issue(viewer) if may(viewer, "invoice.issue") else (),
        "advances": selectors.invoices.advances_to_issue(viewer) if may(viewer, "invoice.issue") else (),
        "evaluations": selectors.evaluation_fees.to_issue(viewer) if may(viewer, "invoice.issue") else (),
    }
    return render(request, "licensing/invoices/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Agreement"),
        _("Licensee"),
        _("Issued on"),
        _("Due on"),
        _("Credited from the evaluation fee"),
        _("Before tax"),
        _("Tax"),
        _("With tax"),
        _("Received"),
        _("Open"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.agreement.number,
            text(_text(row.parties["recipient"]["name"])),
            row.issued_on,
            row.due_on,
            int(row.credited["net"]) if row.credited else 0,
            row.net,
            row.tax,
            row.gross,
            row.received,
            row.gross - row.received,
            shown_state(row, localdate()),
        ]
        for row in rows
    )
    return header, cells


def shown_state(invoice, on) -> str:
    """How an invoice stands on a day: overdue and paid in part are told from its facts."""
    if invoice.state != "issued":
        return invoice.state
    if invoice.due_on < on:
        return "overdue"
    return "partly_paid" if invoice.received else "issued"


def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One invoice: what a 適格請求書 must say, how the amount came about, and what was received."""
    invoice = get_object_or_404(selectors.invoices.visible_to(request.viewer), number=number)
    context = _page(request, invoice) | {"may_receive": _may_receive(request, invoice)}
    return render(request, "licensing/invoices/detail.html", context)


def _page(request: HttpRequest, invoice) -> dict:
    report, viewer = invoice.report, request.viewer
    return {
        "invoice": invoice,
        "inside": viewer.workplace != LICENSEE,
        "state": shown_state(invoice, localdate()),
        "issuer": _party(invoice.parties["issuer"]),
        "recipient": _party(invoice.parties["recipient"]),
        "open": invoice.gross - invoice.received,
        "why": _why(invoice, viewer),
        "advance": fees.advanced(report.fee) if report else None,
        "evaluation": fees.evaluated(report.fee) if report else None,
        "method": evaluations.METHODS[invoice.credited["method"]] if invoice.credited else None,
        "rates": _rates(invoice),
        "receipts": invoice.receipts.all(),
        "history": rails.history(viewer, f"invoice:{invoice.number}"),
    }


def _rates(invoice) -> list[dict]:
    """The totals of each rate; what is given back of an evaluation's fee stands at the rate at which it was taxed."""
    rows = [{"rate": fraction(invoice.tax_rate), "net": invoice.net, "tax": invoice.tax, "gross": invoice.gross}]
    held = evaluations.read(invoice.credited) if invoice.credited else None
    if held is not None and held.method == evaluations.RETURN:
        net, tax = invoice.net + held.net, invoice.tax + held.tax
        rows = [
            {"rate": fraction(invoice.tax_rate), "net": net, "tax": tax, "gross": net + tax},
            {"rate": held.rate, "net": -held.net, "tax": -held.tax, "gross": -held.net - held.tax, "returned": True},
        ]
    return rows


def _why(invoice, viewer) -> dict:
    """How the amount came about: the fee of the report, or the sum that the agreement states."""
    report = invoice.report
    if report is not None:
        return fees.derived(report.fee, services.fees.terms_of(report), links=_links(invoice, viewer))
    line = invoice.lines.get()
    figure = yen(invoice.net, "unit")
    row = {"op": "", "label": Text(line.description_ja, line.description_en), "figure": figure}
    return {
        "title": _("What is invoiced"),
        "rows": [row],
        "sum_label": _("Advance before tax, as the terms state it")
        if invoice.agreement.variables.get("terms")
        else _("Fee of the evaluation before tax, as the agreement states it"),
        "sum": figure,
        "links": usage.sources(invoice.agreement, viewer),
    }


def _links(invoice, viewer) -> list[dict]:
    report = invoice.report
    first = {
        "url": reverse("licensing:usage_report", args=[report.number]),
        "label": f"{_('Usage report')} {report.number}",
    }
    return [first, *usage.sources(invoice.agreement, viewer)]


def _party(copied: dict) -> dict:
    """A party as the invoice froze it."""
    return {
        "name": text(_text(copied["name"])),
        "address": text(_text(copied["address"])),
        "registration": copied["registration"],
    }


def _text(copied: dict) -> Text:
    return Text(copied["ja"], copied["en"])


@require_POST
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Invoice the usage report of that number."""
    report = get_object_or_404(selectors.usage.visible_to(request.viewer), number=number)
    return issued(request, report, services.invoices.issue, again=usage.detail)


@require_POST
def issue_advance(request: HttpRequest, number: str) -> HttpResponse:
    """Invoice the advance of the agreement of that number."""
    agreement = get_object_or_404(selectors.agreements.visible_to(request.viewer), number=number)
    return issued(request, agreement, services.invoices.issue_advance, again=advance)


def issued(request: HttpRequest, row, verb: Callable, *, again: Callable[..., HttpResponse]) -> HttpResponse:
    """Invoice what the row is of, by typing its number; what is wrong stands on the page that it was asked for on."""
    if error := confirming.fault(request, row.number):
        return again(request, row.number, error=error)
    try:
        invoice = verb(row, by=request.viewer, at=now(), issued_on=localdate())
    except Refused as refusal:
        return again(request, row.number, error=text(refusal))
    messages.success(request, _("Invoice %(number)s is issued.") % {"number": invoice.number})
    return redirect("licensing:invoice", invoice.number)


@doors.open_to(doors.PARTIES, part=doors.OF_MONEY)
def advance(request: HttpRequest, number: str, *, error: str = "") -> HttpResponse:
    """The advance of an agreement: what was agreed, its invoice, and what each report took of it."""
    viewer = request.viewer
    agreement = get_object_or_404(selectors.agreements.reporting(viewer), number=number)
    terms = rates.read(agreement.variables["terms"])
    if not terms.advance:
        raise Http404
    invoice = selectors.invoices.visible_to(viewer).filter(agreement=agreement, report=None).first()
    reports = selectors.usage.visible_to(viewer).filter(agreement=agreement, state="accepted").order_by("seq")
    taken = [(row, advances.read(row.fee)) for row in reports]
    context = {
        "agreement": agreement,
        "amount": int(terms.advance),
        "kind": advances.KINDS[terms.advance_credit],
        "printed": advances.PRINTED[terms.advance_credit],
        "invoice": invoice,
        "state": shown_state(invoice, localdate()) if invoice else "",
        "taken": [{"report": row, "taken": one} for row, one in taken if one.before],
        "left": services.fees.advance_left(agreement) if terms.advance_credit != advances.NONE else None,
        "step": _advance_step(agreement, viewer, error) if invoice is None else None,
        "refusal": error if invoice else "",
        "sources": usage.sources(agreement, viewer),
    }
    return render(request, "licensing/invoices/advance.html", context, status=422 if error else 200)


def _advance_step(agreement, viewer, error: str) -> dict | None:
    if not may(viewer, "invoice.issue"):
        return None
    totals = services.invoices.advance_totals(agreement)
    sentence = _(
        "You issue an invoice to %(licensee)s for the advance of agreement %(number)s: ¥%(net)s and %(rate)s"
        " consumption tax ¥%(tax)s, in all ¥%(gross)s."
    )
    facts = {"licensee": called(agreement.licensee.organization), "number": agreement.number}
    facts |= {name: f"{getattr(totals, name):,}" for name in ("net", "tax", "gross")}
    return {"sentence": sentence % (facts | {"rate": percent(totals.rates[0].rate, 0)}), "error": error}


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The invoice as its stored file."""
    invoice = get_object_or_404(selectors.invoices.visible_to(request.viewer), number=number)
    return lists.attachment(f"{invoice.number}.pdf", services.papers.invoice(invoice), "application/pdf")


def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Record money received on an invoice."""
    invoice = get_object_or_404(selectors.invoices.visible_to(request.viewer), number=number)
    if not _may_receive(request, invoice):
        raise Http404
    left = invoice.gross - invoice.received
    form = ReceiptForm(request.POST or None, initial={"amount": f"{left:,}", "received_on": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.invoices.record_receipt(invoice, **form.cleaned_data, by=request.viewer, at=now())
        except Refused as refusal:
            form.add_error("amount", text(refusal))
        else:
            messages.success(request, _("The receipt is recorded."))
            return redirect("licensing:invoice", number)
    context = {"invoice": invoice, "form": form, "open": left, "recipient": _party(invoice.parties["recipient"])}
    return render(request, "licensing/invoices/receipt.html", context, status=422 if form.errors else 200)


def _may_receive(request: HttpRequest, invoice) -> bool:
    return invoice.state == "issued" and may(request.viewer, "receipt.record")
