"""Payouts: a member's own statement with how its yen came about, its answer, and the payment."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions import services as contributed
from contributions.core.errors import Refused
from contributions.core.money import fraction
from contributions.core.periods import last_day
from contributions.core.roles import MEMBER, may
from contributions.templatetags.moyai import called, text, yen
from licensing import selectors, services
from licensing.core import distributions as rules
from licensing.forms.distributions import DisputeForm
from licensing.views import confirming, doors, lists, rails

STATES = ("notified", "confirmed", "disputed", "paid")
SEARCH = ("number", "member__organization__name_ja", "member__organization__name_en", "distribution__number")


@doors.open_to(doors.PAYEES)
def index(request: HttpRequest) -> HttpResponse:
    """A member's own payouts; for the secretariat all of them."""
    visible = selectors.distributions.payouts_visible_to(request.viewer).order_by("-distribution__number", "number")
    rows, context = lists.narrowed(request, visible, search=SEARCH, states=STATES)
    if lists.wants_csv(request):
        return lists.csv("payouts", *_table(rows))
    context |= lists.paged(request, rows) | {
        "own": request.viewer.workplace == MEMBER,
        "totals": {name: sum(getattr(row, name) for row in rows) for name in ("net", "tax", "gross")},
    }
    return render(request, "licensing/payouts/list.html", context)


def _table(rows):
    header = [
        _("Number"),
        _("Member"),
        _("Period from"),
        _("Period to (last day)"),
        _("Before tax"),
        _("Tax"),
        _("Payable"),
        _("Day of payment"),
        lists.coded(_("State")),
    ]
    cells = (
        [
            row.number,
            called(row.member.organization),
            row.distribution.period_from,
            last_day(row.distribution.period_until),
            row.net,
            row.tax,
            row.gross,
            row.distribution.pay_on,
            row.state,
        ]
        for row in rows
    )
    return header, cells


def detail(request: HttpRequest, number: str, *, error: str = "", dispute: DisputeForm | None = None) -> HttpResponse:
    """One statement: the steps to its yen, what is legally paid, and the member's answer."""
    payout, viewer = _visible(request, number), request.viewer
    _note(request, payout)
    statement = services.papers.explained(payout)
    own = viewer.workplace == MEMBER
    context = {
        "payout": payout,
        "distribution": payout.distribution,
        "statement": statement,
        "payment": rules.PAYMENT_TYPES[payout.distribution.payment_type],
        "why": _why(payout, statement, own=own),
        "share": fraction(payout.quota) / payout.distribution.pool if payout.distribution.pool else None,
        "own": own,
        "step": _step(payout, viewer, error),
        "dispute": dispute or (DisputeForm() if _may_answer(payout, viewer) else None),
        "disputing": dispute is not None,
        "history": rails.history(viewer, f"payout:{payout.number}"),
    }
    return render(request, "licensing/payouts/detail.html", context, status=422 if error or dispute else 200)


def _why(payout, statement, *, own: bool) -> dict:
    """The statement's lines as a derivation: received, fees, the members' part, this share, the rounding."""
    rows = [
        {
            "op": "" if not index or line.amount is None else "−" if line.amount < 0 else "",
            "label": line.text,
            "factor": line.figure,
            "figure": yen(abs(line.amount), "unit") if line.amount is not None else "",
            "quiet": line.amount == 0,
        }
        for index, line in enumerate(statement.lines)
    ]
    allocation = payout.distribution.allocation
    source = _("Your share and how it came about") if own else f"{_('Allocation used')} {allocation.number}"
    if statement.tax:
        rate = fraction(payout.distribution.tax_rate)
        rows.append(
            {
                "op": "＋",
                "label": _("Consumption tax"),
                "factor": f"× {rate * 100} %",
                "figure": yen(statement.tax, "unit"),
            }
        )
    return {
        "title": _("How the amount came about"),
        "rows": rows,
        "sum_label": _("Payable"),
        "sum": yen(statement.payable, "unit"),
        "exact": fraction(payout.quota),
        "links": [{"url": reverse("licensing:allocation", args=[allocation.number]), "label": source}],
    }


def _may_answer(payout, viewer) -> bool:
    return payout.state == "notified" and may(viewer, "payout.confirm")


def _step(payout, viewer, error: str) -> dict | None:
    facts = {
        "number": payout.number,
        "member": called(payout.member.organization),
        "net": f"{payout.net:,}",
        "tax": f"{payout.tax:,}",
        "gross": f"{payout.gross:,}",
        "payment": text(rules.PAYMENT_TYPES[payout.distribution.payment_type].name),
    }
    if _may_answer(payout, viewer):
        sentence = _(
            "You confirm statement %(number)s for %(member)s: ¥%(net)s and ¥%(tax)s consumption tax, in all ¥%(gross)s,"
            " paid as “%(payment)s”."
        )
        return {"verb": _("Confirm"), "sentence": sentence % facts, "url": _url("confirm", payout), "error": error}
    if payout.state == "confirmed" and may(viewer, "payout.pay"):
        sentence = _("You record that ¥%(gross)s was transferred to %(member)s today for statement %(number)s.")
        return {
            "verb": _("Record the payment"),
            "sentence": sentence % facts,
            "url": _url("pay", payout),
            "error": error,
        }
    return None


def _url(verb: str, payout) -> str:
    return reverse(f"licensing:payout_{verb}", args=[payout.number])


@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """The member agrees to its statement."""
    payout = _visible(request, number)
    if error := confirming.fault(request, payout.number):
        return detail(request, number, error=error)
    services.distributions.confirm(payout, by=request.viewer, at=now())
    messages.success(request, _("The statement is confirmed."))
    return redirect("licensing:payout", number)


@require_POST
def dispute(request: HttpRequest, number: str) -> HttpResponse:
    """The member objects, with its reason."""
    payout, form = _visible(request, number), DisputeForm(request.POST)
    if not form.is_valid():
        return detail(request, number, dispute=form)
    try:
        services.distributions.dispute(payout, reason=form.cleaned_data["reason"], by=request.viewer, at=now())
    except Refused as refusal:
        form.add_error(None, text(refusal))
        return detail(request, number, dispute=form)
    messages.warning(request, _("Your objection is recorded. This payout is held."))
    return redirect("licensing:payout", number)


@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Finance records the transfer of a confirmed payout."""
    payout = _visible(request, number)
    if error := confirming.fault(request, payout.number):
        return detail(request, number, error=error)
    services.distributions.pay(payout, by=request.viewer, at=now(), paid_on=localdate())
    messages.success(request, _("The payment is recorded."))
    return redirect("licensing:payout", number)


def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The statement as its stored file."""
    payout = _visible(request, number)
    _note(request, payout)
    return lists.attachment(f"{payout.number}.pdf", services.papers.statement(payout), "application/pdf")


def _note(request: HttpRequest, payout) -> None:
    """The member reads who opened its statement."""
    owner = payout.member.organization
    contributed.openings.record(f"payout:{payout.number}", owner=owner, by=request.viewer, at=now())


def _visible(request: HttpRequest, number: str):
    return get_object_or_404(selectors.distributions.payouts_visible_to(request.viewer), number=number)
