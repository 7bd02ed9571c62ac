"""Invoices: a frozen snapshot of a report's fee, an advance or an evaluation's fee, taxed once; and the receipts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from contributions.core.errors import Refused
from contributions.core.money import fraction, fraction_text
from contributions.core.periods import Period, last_day
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import Organization
from contributions.services import journal, numbers
from licensing.adapters.holidays import is_business_day
from licensing.core import advances, rates
from licensing.core import books as bookkeeping
from licensing.core import evaluation_fees as evaluations
from licensing.core import invoices as rules
from licensing.models import Agreement, Invoice, InvoiceLine, Receipt, UsageReport
from licensing.selectors import evaluation_fees, taxes
from licensing.services import books, fees

TAX_CODE = "standard"


class NotAccepted(Refused):
    code = "usage-not-accepted"
    ja = "利用実績報告 {number} は受理されていないか、請求済みです。"
    en = "Usage report {number} is not accepted, or has been invoiced already."


class TooMuch(Refused):
    code = "receipt-too-much"
    ja = "入金 {amount} 円は請求書 {number} の残額 {left} 円を超えています。"
    en = "A receipt of JPY {amount} exceeds what is open on invoice {number}: JPY {left}."


def totals_of(report: UsageReport) -> rules.Totals:
    """What an invoice on the report would come to."""
    credited = _credited(report)
    back = credited is not None and credited.method == evaluations.RETURN
    line = rules.InvoiceLine(
        _description(report), fees.to_pay(report) + (credited.net if credited is not None and back else 0), TAX_CODE
    )
    totals = rules.total([line], table=taxes.table(), on=report.period_until)
    return evaluations.less(totals, credited) if credited is not None and back else totals


def advance_totals(agreement: Agreement) -> rules.Totals:
    """What the invoice of an agreement's advance comes to; refused where there is none, or it is invoiced already."""
    terms = agreement.variables.get("terms")
    advance = int(rates.read(terms).advance) if terms and agreement.executed_at else 0
    if not advance or agreement.invoices.filter(report=None).exists():
        raise advances.NoAdvance(agreement=agreement.number)
    line = rules.InvoiceLine(_advance_text(agreement), advance, TAX_CODE)
    return rules.total([line], table=taxes.table(), on=agreement.term_from)


def evaluation_totals(agreement: Agreement) -> rules.Totals:
    """What the invoice of an evaluation's fee comes to; refused where there is none, or it is invoiced already."""
    fee = evaluation_fees.fee_of(agreement) if agreement.executed_at else 0
    if not fee or agreement.invoices.filter(report=None).exists():
        raise evaluations.NoFee(agreement=agreement.number)
    line = rules.InvoiceLine(_evaluation_text(agreement), fee, TAX_CODE)
    return rules.total([line], table=taxes.table(), on=agreement.term_from)


@transaction.atomic
def issue(report: UsageReport, *, by: Viewer, at: datetime, issued_on: date) -> Invoice:
    """Invoice an accepted report; number, parties, lines and tax are frozen."""
    check_may(by, "invoice.issue")
    report = (
        UsageReport.objects.select_for_update().select_related("agreement__licensee__organization").get(pk=report.pk)
    )
    if report.state != UsageReport.State.ACCEPTED or Invoice.objects.filter(report=report).exists():
        raise NotAccepted(number=report.number)
    totals, taken, credited = totals_of(report), advances.read(report.fee), _credited(report)
    about = {"usage": report.number, **({"advance_used": str(taken.used)} if taken.before else {})}
    if credited is not None:
        about["evaluation_credited"] = str(credited.net)
    invoice, entry, slip_number = _issued(
        report.agreement,
        totals,
        Period(report.period_from, report.period_until),
        about,
        report=report,
        credited=credited,
        by=by,
        at=at,
        issued_on=issued_on,
    )
    _copy_lines(invoice, report)
    books.post(
        bookkeeping.invoice(
            slip_number,
            issued_on,
            invoice.number,
            licensee=report.agreement.licensee.organization.code,
            net=totals.net,
            tax=totals.tax,
            tax_code=TAX_CODE,
            earned=taken.used + taken.lapsed,
            credited=credited.net if credited is not None else 0,
        ),
        entry=entry,
    )
    return invoice


@transaction.atomic
def issue_advance(agreement: Agreement, *, by: Viewer, at: datetime, issued_on: date) -> Invoice:
    """Invoice the advance of an agreement in force, once; fees are credited with it as the terms say."""
    check_may(by, "invoice.issue")
    agreement = _locked(agreement)
    totals, text = advance_totals(agreement), _advance_text(agreement)
    kept = rates.read(agreement.variables["terms"]).advance_credit == advances.NONE
    post = partial(bookkeeping.advance, kept=kept)
    return _issue_once(agreement, totals, text, "advance", post, by=by, at=at, issued_on=issued_on)


@transaction.atomic
def issue_evaluation(agreement: Agreement, *, by: Viewer, at: datetime, issued_on: date) -> Invoice:
    """Invoice the fee of a concluded evaluation, once; what is paid of it is credited to the full licence."""
    check_may(by, "invoice.issue")
    agreement = _locked(agreement)
    totals, text = evaluation_totals(agreement), _evaluation_text(agreement)
    post = bookkeeping.evaluation
    return _issue_once(agreement, totals, text, "evaluation_fee", post, by=by, at=at, issued_on=issued_on)


def _locked(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("licensee__organization", "schedule")
    return rows.get(pk=agreement.pk)


def _issue_once(
    agreement: Agreement, totals: rules.Totals, text: Text, name: str, post: Callable[..., bookkeeping.Slip], *,
    by: Viewer, at: datetime, issued_on: date,
) -> Invoice:  # fmt: skip
    """The invoice of a sum that is owed once under an agreement, over its whole term."""
    period = Period(agreement.term_from, agreement.term_until)
    about = {name: str(totals.net)}
    invoice, entry, slip_number = _issued(
        agreement, totals, period, about, report=None, by=by, at=at, issued_on=issued_on
    )
    InvoiceLine.objects.create(
        invoice=invoice, description_ja=text.ja, description_en=text.en, quantity="", price="", amount=str(totals.net)
    )
    slip = post(
        slip_number,
        issued_on,
        invoice.number,
        licensee=agreement.licensee.organization.code,
        net=totals.net,
        tax=totals.tax,
        tax_code=TAX_CODE,
    )
    books.post(slip, entry=entry)
    return invoice


def _credited(report: UsageReport) -> evaluations.Credited | None:
    """What the report's invoice is credited with of an evaluation's fee, and how it is taxed."""
    used = advances.read(report.fee, "evaluation").used
    terms = evaluation_fees.agreed(report.agreement) if used else None
    if terms is None:
        return None
    source, method = evaluation_fees.invoice_of(terms.evaluation), settings.EVALUATION_CREDIT
    assert source is not None, "nothing is credited before it was paid"
    rate = fraction(source.tax_rate)
    tax = evaluations.tax_back(method, used, rate)
    return evaluations.Credited(terms.evaluation.number, source.number, method, used, tax, rate)


def _issued(
    agreement: Agreement,
    totals: rules.Totals,
    period: Period,
    about: dict,
    *,
    report: UsageReport | None,
    by: Viewer,
    at: datetime,
    issued_on: date,
    credited: evaluations.Credited | None = None,
):
    """The invoice's row with its entry, and the number of its slip. Where all is credited, nothing is left to pay."""
    number = numbers.take(Invoice, f"INV-{issued_on.year}")
    due_on = rules.due_date(issued_on, is_business_day)
    slip_number = books.next_number(issued_on)
    entry = journal.append(
        "invoice.issued",
        subject=f"invoice:{number}",
        facts={
            "invoice": number,
            "agreement": agreement.number,
            **about,
            "issued_on": issued_on.isoformat(),
            "due_on": due_on.isoformat(),
            "net": str(totals.net),
            "tax": str(totals.tax),
            "gross": str(totals.gross),
        },
        by=by,
        at=at,
    )
    invoice = Invoice.objects.create(
        seq=entry.seq,
        number=number,
        agreement=agreement,
        report=report,
        parties=_parties(agreement),
        issued_on=issued_on,
        period_from=period.start,
        period_until=period.until,
        due_on=due_on,
        net=totals.net,
        tax_rate=fraction_text(totals.rates[0].rate),
        tax=totals.tax,
        gross=totals.gross,
        credited=evaluations.document(credited) if credited is not None else None,
        state=Invoice.State.ISSUED if totals.gross > 0 else Invoice.State.PAID,
        illustrative=agreement.schedule.illustrative,
    )
    return invoice, entry, slip_number


@transaction.atomic
def record_receipt(
    invoice: Invoice, *, amount: int, received_on: date, by: Viewer, at: datetime, reference: str = ""
) -> Receipt:
    """Record money received on an invoice; it is paid once nothing is open."""
    check_may(by, "receipt.record")
    invoice = Invoice.objects.select_for_update().select_related("agreement__licensee__organization").get(pk=invoice.pk)
    left = invoice.gross - (invoice.receipts.aggregate(sum=Sum("amount"))["sum"] or 0)
    if not 0 < amount <= left:
        raise TooMuch(amount=f"{amount:,}", number=invoice.number, left=f"{left:,}")
    slip_number = books.next_number(received_on)
    receipt_number = f"{invoice.number}/{invoice.receipts.count() + 1}"
    entry = journal.append(
        "receipt.recorded",
        subject=f"invoice:{invoice.number}",
        facts={
            "receipt": receipt_number,
            "invoice": invoice.number,
            "amount": str(amount),
            "on": received_on.isoformat(),
        },
        by=by,
        at=at,
    )
    receipt = Receipt.objects.create(
        seq=entry.seq, invoice=invoice, received_on=received_on, amount=amount, reference=reference
    )
    if amount == left:
        invoice.state, invoice.seq = Invoice.State.PAID, entry.seq
        invoice.save(update_fields=["state", "seq"])
    licensee = invoice.agreement.licensee.organization.code
    books.post(
        bookkeeping.receipt(slip_number, received_on, invoice.number, licensee=licensee, amount=amount), entry=entry
    )
    return receipt


def _description(report: UsageReport) -> Text:
    start, last, number = report.period_from, last_day(report.period_until), report.agreement.number
    return Text(
        f"基盤モデル利用料（契約 {number}、{start:%Y-%m-%d} から {last:%Y-%m-%d} まで）",
        f"Foundation model licence fee (agreement {number}, {start:%Y-%m-%d} to {last:%Y-%m-%d})",
    )


def _advance_text(agreement: Agreement) -> Text:
    read, number = rates.read(agreement.variables["terms"]), agreement.number
    if read.advance_credit == advances.NONE:
        return Text(
            f"基盤モデル利用許諾の契約一時金（契約 {number}）",
            f"Initial payment, foundation model licence (agreement {number})",
        )
    return Text(
        f"基盤モデル利用料の前払金（契約 {number}）", f"Advance on foundation model licence fees (agreement {number})"
    )


def _evaluation_text(agreement: Agreement) -> Text:
    start, last, number = agreement.term_from, last_day(agreement.term_until), agreement.number
    return Text(
        f"基盤モデルの評価の対価（契約 {number}、{start:%Y-%m-%d} から {last:%Y-%m-%d} まで）",
        f"Foundation model evaluation fee (agreement {number}, {start:%Y-%m-%d} to {last:%Y-%m-%d})",
    )


def _parties(agreement: Agreement) -> dict:
    """The names and numbers that the invoice prints, copied: a later change of either does not reach it."""
    issuer = Organization.objects.get(code=settings.CONSORTIUM)
    recipient = agreement.licensee.organization
    return {"issuer": _party(issuer), "recipient": _party(recipient)}


def _party(organization: Organization) -> dict:
    return {
        "name": {"ja": organization.name_ja, "en": organization.name_en},
        "address": {"ja": organization.address_ja, "en": organization.address_en},
        "registration": organization.invoice_number,
    }


def _copy_lines(invoice: Invoice, report: UsageReport) -> None:
    """The steps of the fee, and what the evaluation's fee and the advance take off it."""
    taken, evaluation = advances.read(report.fee), advances.read(report.fee, "evaluation")
    lines = [
        *report.fee["lines"],
        *([{"ja": _EVALUATED.ja, "en": _EVALUATED.en, "amount": str(-evaluation.used)}] if evaluation.used else []),
        *([{"ja": _CREDITED.ja, "en": _CREDITED.en, "amount": str(-taken.used)}] if taken.before else []),
    ]
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice,
            description_ja=line["ja"],
            description_en=line["en"],
            quantity=line.get("units") or "",
            price=line.get("price") or "",
            amount=line["amount"],
        )
        for line in lines
    )


_EVALUATED = Text("評価の対価の充当", "credited from the evaluation fee")
_CREDITED = Text("前払金の充当", "credited from the advance")
