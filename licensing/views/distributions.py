"""Distributions: the waterfall from receipts to members, the proposal, and its approval by another person."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import selectors as contributed
from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.periods import last_day
from contributions.core.roles import may
from contributions.templatetags.moyai import called, text, yen
from licensing import selectors, services
from licensing.adapters.holidays import is_business_day
from licensing.core import distributions as rules
from licensing.core import invoices as invoicing
from licensing.core.decimals import percent
from licensing.core.rights import MONEY
from licensing.forms.distributions import DistributionForm
from licensing.views import confirming, doors, lists, rails

STATES = ("proposed", "approved", "paid")
SEARCH = ("number", "allocation__number", "allocation__release__number")
CONFIRM_DAYS = 14


@doors.open_to(doors.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every distribution with what was received and what the members share."""
    visible = selectors.distributions.visible_to(request.viewer)
    rows, context = lists.narrowed(request, visible, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("distributions", *_table(rows))
    may_propose = may(request.viewer, "distribution.propose")
    context |= lists.paged(request, rows) | {
        "totals": {name: sum(getattr(row, name) for row in rows) for name in ("gross", "pool")},
        "may_propose": may_propose,
        "undistributed": selectors.invoices.undistributed(request.viewer).count() if may_propose else 0,
    }
    return render(request, "licensing/distributions/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Allocation used"),
        _("Period from"),
        _("Period to (last day)"),
        _("Received"),
        _("To members"),
        _("Day of payment"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            row.allocation.number,
            row.period_from,
            last_day(row.period_until),
            row.gross,
            row.pool,
            row.pay_on,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str, *, error: str = "") -> HttpResponse:
    """One distribution: from the receipts to every member's yen."""
    viewer = request.viewer
    distribution = get_object_or_404(selectors.distributions.visible_to(viewer), number=number)
    selectors.distributions.check_whole(viewer, distribution)
    payouts = selectors.distributions.payouts_visible_to(viewer).filter(distribution=distribution)
    if lists.wants_csv(request):
        return lists.csv(distribution.number, *_payout_table(payouts))
    grid = selectors.allocations.stored(distribution.allocation, MONEY)["grid"]
    for row in payouts:
        row.share = f"{row.grid_units}/{grid}"
    context = {
        "distribution": distribution,
        "payment": rules.PAYMENT_TYPES[distribution.payment_type],
        "why": _waterfall(distribution),
        "receipts": distribution.receipts.select_related("invoice"),
        "payouts": payouts,
        "totals": {name: sum(getattr(row, name) for row in payouts) for name in ("net", "tax", "gross")},
        "states": payouts.order_by("state").values("state").annotate(count=Count("pk")),
        "step": _step(distribution, viewer, error),
        "history": rails.history(viewer, f"distribution:{distribution.number}"),
    }
    return render(request, "licensing/distributions/detail.html", context, status=422 if error else 200)


def _payout_table(payouts):
    header = [_("Number"), _("Member"), _("Before tax"), _("Tax"), _("Payable"), lists.coded(_("State"))]
    cells = ([row.number, called(row.member.organization), row.net, row.tax, row.gross, row.state] for row in payouts)
    return header, cells


def _waterfall(distribution) -> dict:
    """Received, less fee and reserve, is what the members share."""
    steps = distribution.steps
    rows = [
        {"label": _("Received, before tax"), "figure": yen(int(steps["gross"]), "unit")},
        _less(_("Administration fee"), steps["admin_rate"], steps["admin"], _("of what was received, rounded down")),
        _less(_("Reserve"), steps["reserve_rate"], steps["reserve"], _("of what is left, rounded down")),
    ]
    if int(steps["held"]):
        rows.append(
            {
                "op": "−",
                "label": _("Kept back"),
                "rule": _("share of an empty category"),
                "figure": yen(int(steps["held"]), "unit"),
            }
        )
    return {
        "title": _("How the money to be shared came about"),
        "rows": rows,
        "sum_label": _("Shared by the members, by largest remainder"),
        "sum": yen(distribution.pool - int(steps["held"]), "unit"),
    }


def _less(label: str, rate: str, amount: str, rule: str) -> dict:
    return {
        "op": "−",
        "label": label,
        "factor": percent(fraction(rate)),
        "rule": rule,
        "figure": yen(int(amount), "unit"),
        "quiet": not int(amount),
    }


def _step(distribution, viewer, error: str) -> dict | None:
    if distribution.state != "proposed" or not may(viewer, "distribution.approve"):
        return None
    sentence = _(
        "You approve distribution %(number)s: ¥%(pool)s to the members by allocation %(allocation)s, paid as"
        " “%(payment)s” on %(day)s. Each member is then asked to confirm its statement."
    )
    facts = {
        "number": distribution.number,
        "pool": f"{distribution.pool:,}",
        "allocation": distribution.allocation.number,
        "payment": text(rules.PAYMENT_TYPES[distribution.payment_type].name),
        "day": distribution.pay_on.isoformat(),
    }
    return {
        "verb": _("Approve the distribution"),
        "sentence": sentence % facts,
        "url": reverse("licensing:distribution_approve", args=[distribution.number]),
        "error": error,
    }


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Legal approves what finance proposed."""
    distribution = get_object_or_404(selectors.distributions.visible_to(request.viewer), number=number)
    if error := confirming.fault(request, distribution.number):
        return detail(request, number, error=error)
    services.distributions.approve(distribution, by=request.viewer, at=now(), approved_on=localdate())
    messages.success(request, _("The distribution is approved. The members can confirm their statements."))
    return redirect("licensing:distribution", number)


def new(request: HttpRequest) -> HttpResponse:
    """Finance proposes how receipts are shared; what the payment legally is, a person chooses here."""
    viewer = request.viewer
    if not may(viewer, "distribution.propose"):
        raise Http404
    receipts = {str(row.pk): row for row in selectors.invoices.undistributed(viewer)}
    allocations = {row.number: row for row in selectors.allocations.visible_to(viewer).filter(state="adopted")}
    legal_form = _legal_form(viewer)
    form = DistributionForm(
        request.POST or None,
        receipts=[(key, _receipt_label(row)) for key, row in receipts.items()],
        allocations=[(number, _allocation_label(row)) for number, row in allocations.items()],
        payments=_payments(legal_form),
        initial=_initial(receipts),
    )
    if request.method == "POST" and form.is_valid():
        try:
            distribution = _propose(form.cleaned_data, receipts, allocations, legal_form, request)
        except Refused as refusal:
            form.add_error(None, text(refusal))
        else:
            messages.success(request, _("The distribution is proposed. Somebody else approves it."))
            return redirect("licensing:distribution", distribution.number)
    context = {
        "form": form,
        "legal_form": rules.LEGAL_FORMS.get(legal_form, legal_form),
        "payments": [payment for payment in rules.PAYMENT_TYPES.values() if legal_form in payment.forms],
        "forbidden": [payment for payment in rules.PAYMENT_TYPES.values() if legal_form not in payment.forms],
        "receipts": receipts,
        "allocations": allocations,
    }
    return render(request, "licensing/distributions/form.html", context, status=422 if form.errors else 200)


def _propose(cleaned: dict, receipts: dict, allocations: dict, legal_form: str, request: HttpRequest):
    return services.distributions.propose(
        allocations[cleaned["allocation"]],
        [receipts[key] for key in cleaned["receipts"]],
        payment_type=cleaned["payment_type"],
        legal_form=legal_form,
        admin_rate=cleaned["admin_rate"],
        reserve_rate=cleaned["reserve_rate"],
        period=(cleaned["period_from"], cleaned["period_to"] + timedelta(days=1)),
        pay_on=cleaned["pay_on"],
        confirm_by=cleaned["confirm_by"],
        by=request.viewer,
        at=now(),
    )


def _legal_form(viewer) -> str:
    """The consortium's legal form, as the ledger's founding entry records it."""
    founded = contributed.journal.visible_to(viewer).filter(kind="installation.founded").first()
    return contributed.journal.readable(founded).statement["facts"]["legal_form"] if founded else ""


def _payments(legal_form: str) -> list[tuple[str, str]]:
    return [
        (payment.code, f"{text(payment.name)} — {text(payment.paper)}")
        for payment in rules.PAYMENT_TYPES.values()
        if legal_form in payment.forms
    ]


def _receipt_label(receipt) -> str:
    facts = {
        "invoice": receipt.invoice.number,
        "day": receipt.received_on.isoformat(),
        "amount": f"{receipt.amount:,}",
        "net": f"{services.distributions.net_of(receipt):,}",
    }
    return _("%(invoice)s, received %(day)s: ¥%(amount)s with tax, ¥%(net)s before tax") % facts


def _allocation_label(allocation) -> str:
    facts = {
        "number": allocation.number,
        "release": allocation.release.number,
        "start": allocation.window_from.isoformat(),
        "until": last_day(allocation.window_until).isoformat(),
    }
    return _("%(number)s, release %(release)s, %(start)s – %(until)s") % facts


def _initial(receipts: dict) -> dict:
    """Every undistributed receipt, its whole period, and days that leave the members time."""
    on = localdate()
    invoices = [row.invoice for row in receipts.values()]
    return {
        "receipts": list(receipts),
        "period_from": min((row.period_from for row in invoices), default=None),
        "period_to": max((last_day(row.period_until) for row in invoices), default=None),
        "confirm_by": on + timedelta(days=CONFIRM_DAYS),
        "pay_on": invoicing.due_date(on, is_business_day),
    }
