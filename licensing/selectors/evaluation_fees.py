"""The fee of an evaluation: what was agreed, invoiced and paid, and what is left of it for the full licence."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from contributions.core.roles import OF_MONEY, Viewer, reads
from licensing.core import advances
from licensing.core import evaluation_fees as rules
from licensing.models import Agreement, Invoice, StepUp, UsageReport
from licensing.selectors import agreements


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a full licence is credited with: the fee of which evaluation, how much at most, what becomes of the rest."""

    evaluation: Agreement
    cap: int
    rest: str


def fee_of(agreement: Agreement) -> int:
    """The fee of an evaluation in yen before tax; nothing where it is free, or no evaluation."""
    return int(agreement.variables.get("evaluation_fee") or 0)


def invoice_of(evaluation: Agreement) -> Invoice | None:
    """The invoice of an evaluation's fee."""
    return evaluation.invoices.filter(report=None).annotate(received=Sum("receipts__amount", default=0)).first()


def paid(evaluation: Agreement) -> int:
    """What was actually paid of the fee, before tax."""
    row = invoice_of(evaluation)
    return rules.paid_net(row.net, row.gross, row.received) if row is not None else 0


def agreed(full: Agreement) -> Agreed | None:
    """What the full licence of a step-up states; one whose text is silent has what the evaluation's clause promises."""
    step = StepUp.objects.filter(agreement=full).select_related("evaluation").first()
    fee = fee_of(step.evaluation) if step is not None else 0
    if step is None or not fee:
        return None
    stated = full.variables.get("evaluation_credit")
    return Agreed(
        step.evaluation,
        int(stated) if stated is not None else fee,
        full.variables.get("evaluation_rest", advances.YEAR),
    )


def taken(full: Agreement) -> list[tuple[UsageReport, advances.Credit]]:
    """What each accepted report of the full licence took of the credit."""
    rows = full.usage_reports.filter(state=UsageReport.State.ACCEPTED).order_by("seq")
    found = [(row, advances.read(row.fee, "evaluation")) for row in rows]
    return [(row, one) for row, one in found if one.before]


def left(full: Agreement) -> int:
    """What may still be credited, in yen before tax: up to what was paid until now, less what was used or lapsed."""
    terms = agreed(full)
    if terms is None:
        return 0
    used = [one for _, one in taken(full)]
    if terms.rest == advances.YEAR and any(one.lapsed for one in used):
        return 0  # the first licence year is over; what is paid after it comes too late
    return rules.balance(terms.cap, paid(terms.evaluation), sum(one.used + one.lapsed for one in used))


def to_issue(viewer: Viewer | None) -> list[Agreement]:
    """Concluded evaluations with a fee that has not been invoiced."""
    if not reads(viewer, OF_MONEY):
        return []
    rows = agreements.concluded(viewer).filter(variables__has_key="evaluation_fee")
    rows = rows.exclude(pk__in=Invoice.objects.filter(report=None).values("agreement"))
    return [row for row in rows if fee_of(row)]
