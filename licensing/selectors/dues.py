"""What waits where usage becomes money: reports, invoices, receipts, distributions and payouts."""

from __future__ import annotations

from datetime import date

from contributions.core.periods import last_day
from contributions.core.roles import FINANCE, LICENSEE, Viewer, may
from contributions.core.words import Text
from licensing.selectors import distributions, evaluation_fees, invoices, usage
from licensing.selectors.waiting import Waiting, licensee_of


def waiting_for(viewer: Viewer, *, on: date) -> list[Waiting]:
    """What this viewer is to report, accept, invoice, record or confirm."""
    return [*_usage(viewer, on), *_money(viewer)]


def _usage(viewer: Viewer, on: date) -> list[Waiting]:
    if viewer.workplace == LICENSEE:
        if not may(viewer, "usage.submit"):
            return []
        return [
            Waiting(
                Text("利用実績を報告", "Report usage"),
                Text(
                    f"{row.period_from} から {last_day(row.period_until)} まで",
                    f"{row.period_from} to {last_day(row.period_until)}",
                ),
                row.agreement.number,
                "licensing:usage_new",
                (row.agreement.number, row.period_from.isoformat()),
                due_on=row.due_on,
                state="overdue" if row.overdue else "waiting",
            )
            for row in usage.owed(viewer, on=on)
        ]
    return [
        Waiting(
            Text("利用実績を受理", "Accept a usage report"),
            licensee_of(row.agreement),
            row.number,
            "licensing:usage_report",
            (row.number,),
            state="submitted",
        )
        for row in usage.waiting_for(viewer)
    ]


def _money(viewer: Viewer) -> list[Waiting]:
    rows = [
        Waiting(
            Text("分配額を確認", "Confirm a payout")
            if viewer.workplace == "member"
            else Text("収益分配を承認", "Approve a distribution"),
            Text("収益分配", "Distribution"),
            row.number,
            "licensing:payout" if viewer.workplace == "member" else "licensing:distribution",
            (row.number,),
            due_on=row.distribution.confirm_by if viewer.workplace == "member" else row.pay_on,
            amount=row.gross,
            state=row.state,
        )
        for row in distributions.waiting_for(viewer)
    ]
    if viewer.workplace == FINANCE:
        rows += [
            Waiting(
                Text("前払金の請求書を発行", "Issue the invoice of an advance"),
                licensee_of(row), row.number, "licensing:advance", (row.number,), due_on=row.term_from,
            )
            for row in invoices.advances_to_issue(viewer)
        ]  # fmt: skip
        rows += [
            Waiting(
                Text("評価の対価の請求書を発行", "Issue the invoice of an evaluation fee"),
                licensee_of(row), row.number, "licensing:evaluation_fee", (row.number,), due_on=row.term_from,
            )
            for row in evaluation_fees.to_issue(viewer)
        ]  # fmt: skip
        rows += [
            Waiting(
                Text("請求書を発行", "Issue an invoice"),
                licensee_of(row.agreement),
                row.number,
                "licensing:usage_report",
                (row.number,),
                state="accepted",
            )
            for row in invoices.to_issue(viewer)
        ]
        rows += [
            Waiting(
                Text("入金を記録", "Record a receipt"),
                licensee_of(row.agreement),
                row.number,
                "licensing:invoice",
                (row.number,),
                due_on=row.due_on,
                amount=row.gross,
                state=row.state,
            )
            for row in invoices.visible_to(viewer).filter(state="issued")
        ]
    return rows
