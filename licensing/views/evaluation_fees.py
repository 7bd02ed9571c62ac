"""The fee of an evaluation: its invoice, what was paid of it, and what the full licence took of that."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contributions.core.roles import may
from contributions.templatetags.moyai import called, percent
from licensing import selectors, services
from licensing.core import evaluation_fees as rules
from licensing.views import doors, invoices, usage


@doors.open_to(doors.PARTIES, part=doors.OF_MONEY)
def detail(request: HttpRequest, number: str, *, error: str = "") -> HttpResponse:
    """The account of one evaluation's fee."""
    viewer = request.viewer
    evaluation = get_object_or_404(selectors.agreements.concluded(viewer), number=number)
    fee = selectors.evaluation_fees.fee_of(evaluation)
    if not fee:
        raise Http404
    invoice = selectors.invoices.visible_to(viewer).filter(agreement=evaluation, report=None).first()
    full = selectors.step_ups.shown(selectors.step_ups.open_of(evaluation), viewer)
    agreed = selectors.evaluation_fees.agreed(full) if full is not None and full.executed_at else None
    context = {
        "agreement": evaluation,
        "fee": fee,
        "invoice": invoice,
        "state": invoices.shown_state(invoice, localdate()) if invoice else "",
        "paid": selectors.evaluation_fees.paid(evaluation),
        "full": full,
        "agreed": agreed,
        "rest": rules.RESTS.get(agreed.rest) if agreed else None,
        "taken": [{"report": row, "taken": one} for row, one in selectors.evaluation_fees.taken(full)]
        if agreed
        else [],
        "left": selectors.evaluation_fees.left(full) if agreed else None,
        "step": _step(evaluation, viewer, error) if invoice is None else None,
        "refusal": error if invoice else "",
        "sources": usage.sources(evaluation, viewer),
    }
    return render(request, "licensing/invoices/evaluation.html", context, status=422 if error else 200)


@require_POST
@doors.open_to(doors.PARTIES, part=doors.OF_MONEY)
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Invoice the fee of the evaluation of that number."""
    evaluation = get_object_or_404(selectors.agreements.concluded(request.viewer), number=number)
    return invoices.issued(request, evaluation, services.invoices.issue_evaluation, again=detail)


def _step(evaluation, viewer, error: str) -> dict | None:
    if not may(viewer, "invoice.issue"):
        return None
    totals = services.invoices.evaluation_totals(evaluation)
    sentence = _(
        "You issue an invoice to %(licensee)s for the evaluation under agreement %(number)s: ¥%(net)s and %(rate)s"
        " consumption tax ¥%(tax)s, in all ¥%(gross)s."
    )
    facts = {"licensee": called(evaluation.licensee.organization), "number": evaluation.number}
    facts |= {name: f"{getattr(totals, name):,}" for name in ("net", "tax", "gross")}
    return {"sentence": sentence % (facts | {"rate": percent(totals.rates[0].rate, 0)}), "error": error}
