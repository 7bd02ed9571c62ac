"""What usage comes to: the fee of a report, handed in or typed, by the terms of its days, its year, and its group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from contributions.core.money import fraction, fraction_text
from contributions.core.periods import Period, jst_date
from contributions.selectors import organizations
from licensing.core import advances, calendar, rates
from licensing.core import usage as rules
from licensing.models import Agreement, UsageReport
from licensing.selectors import evaluation_fees
from licensing.selectors import lives as standing


def of(report: UsageReport) -> rates.Fee:
    """What the report comes to under the terms in force on its days: the very JSON that the signed PDF carries."""
    lines = [rules.UsageLine(line.metric, line.region, Fraction(line.units)) for line in report.lines.all()]
    return preview(report, lines, compliant=_is_compliant(report))


def _is_compliant(report: UsageReport) -> bool:
    """Whether it was handed in by its due day, with no invoice of the agreement overdue then."""
    day = jst_date(report.submitted_at)
    for invoice in report.agreement.invoices.filter(due_on__lt=day).prefetch_related("receipts"):
        if sum(receipt.amount for receipt in invoice.receipts.all() if receipt.received_on <= day) < invoice.gross:
            return False
    return day <= report.due_on


def preview(report: UsageReport, lines: Sequence[rules.UsageLine], *, compliant: bool = True) -> rates.Fee:
    """What lines would come to as that report, stored or not: with its licence year and its group behind it."""
    charged = sum(int(each.fee["yen"]) for each in earlier_than(report) if each.fee)
    return rates.rate(
        terms_of(report),
        lines,
        charged=Fraction(charged),
        closing=year_end(report),
        others=_others(report),
        compliant=compliant,
    )


def previewed(agreement: Agreement, period, lines: Sequence[rules.UsageLine], *, at: datetime) -> dict:
    """What lines would come to if they were handed in for a period now, as the fee would be stored.

    The group's free tier, the caps and what the licence year was charged before count as they would at acceptance.
    """
    report = UsageReport(
        agreement=agreement,
        period_from=period.period_from,
        period_until=period.period_until,
        due_on=period.due_on,
        submitted_at=at,
    )
    return _with_advance(report, preview(report, lines, compliant=_is_compliant(report)))


def expected(report: UsageReport) -> dict:
    """What a report that is handed in comes to as things stand, until it is accepted."""
    return _with_advance(report, of(report))


def _with_advance(report: UsageReport, fee: rates.Fee) -> dict:
    try:
        return credited(report, fee)
    except advances.NotInvoiced:
        return document(fee)


def credited(report: UsageReport, fee: rates.Fee) -> dict:
    """A fee as it is stored, with what is credited: first the evaluation's fee, which may lapse, then an advance."""
    evaluation = evaluation_on(report, fee.yen)
    advance = advance_on(report, fee.yen - (evaluation.used if evaluation is not None else 0))
    return document(fee, advance, evaluation)


def circumstances(report: UsageReport) -> dict:
    """What a report is rated by beside its lines: its year's end, what its group came to, whether it was in time."""
    return {"closing": year_end(report), "others": _others(report), "compliant": _is_compliant(report)}


def _others(report: UsageReport) -> rates.Others:
    """What the other licences of the licensee's group came to before: those accepted first used the free tier first."""
    agreement, year = report.agreement, year_of(report)
    if not rates.read(terms_of(report)).is_shared:
        return rates.Others()
    group = organizations.group_of(agreement.licensee.organization.code, at=report.period_from)
    rows = UsageReport.objects.filter(
        agreement__licensee__organization__code__in=group,
        state=UsageReport.State.ACCEPTED,
        period_from__gte=year.start,
        period_from__lt=year.until,
    ).exclude(agreement=agreement)
    field, free, in_field, in_all = agreement.schedule.field_of_use, Fraction(0), Fraction(0), Fraction(0)
    for row in rows.select_related("agreement__schedule"):
        assert row.fee is not None, "an accepted report has its fee"
        in_all += int(row.fee["yen"])
        if row.agreement.schedule.field_of_use == field:
            in_field += int(row.fee["yen"])
            if row.period_from < report.period_until and report.period_from < row.period_until:
                free += fraction(row.fee.get("free", "0"))
    return rates.Others(free, in_field, in_all)


def terms_of(report: UsageReport) -> dict:
    """The price terms in force in the report's period; a period is cut where they change."""
    return standing.variables_on(report.agreement, report.period_from, known_on=known_on(report))["terms"]


def known_on(report: UsageReport) -> date:
    return jst_date(report.submitted_at) if report.submitted_at else report.period_until


def year_of(report: UsageReport) -> Period:
    """The licence year that the report's period begins in, and so belongs to."""
    term = standing.reported_term(report.agreement, known_on(report))
    return calendar.licence_year(term, report.period_from)


def year_end(report: UsageReport) -> rates.YearEnd | None:
    """How long the agreement ran in the licence year, if this report is its last one; selling off stock is no year."""
    year, ends = year_of(report), standing.ends(report.agreement, known_on(report))
    if report.period_until < year.until or ends <= year.start:
        return None
    ran = Period(year.start, min(year.until, ends))
    return rates.YearEnd(ran.days, calendar.whole_year(year.start).days)


def earlier_than(report: UsageReport) -> list[UsageReport]:
    """The accepted reports of the same licence year before this one."""
    rows = report.agreement.usage_reports.filter(
        period_from__gte=year_of(report).start, period_from__lt=report.period_from, state=UsageReport.State.ACCEPTED
    )
    return list(rows)


def advance_on(report: UsageReport, fee: int) -> advances.Credit | None:
    """What the advance of the agreement does for a fee; nothing where none was agreed, or none is credited.

    It was agreed when the agreement was concluded, and is credited on whatever price list a later edition stands.
    """
    read = rates.read(report.agreement.variables["terms"])
    if not read.advance or read.advance_credit == advances.NONE:
        return None
    left = advance_left(report.agreement)
    if left is None:
        raise advances.NotInvoiced(agreement=report.agreement.number)
    year, term = year_of(report), standing.reported_term(report.agreement, known_on(report))
    return advances.credit(
        fee,
        left,
        kind=read.advance_credit,
        first_year=year.start == term.start,
        closes_year=report.period_until >= year.until,
        ends=report.period_until >= term.until,
    )


def evaluation_on(report: UsageReport, fee: int) -> advances.Credit | None:
    """What was paid for the evaluation does for a fee of the full licence; nothing where there was none."""
    terms = evaluation_fees.agreed(report.agreement)
    if terms is None:
        return None
    year, term = year_of(report), standing.reported_term(report.agreement, known_on(report))
    return advances.credit(
        fee,
        evaluation_fees.left(report.agreement),
        kind=terms.rest,
        first_year=year.start == term.start,
        closes_year=report.period_until >= year.until,
        ends=report.period_until >= term.until,
    )


def advance_left(agreement: Agreement) -> int | None:
    """What is left of an agreement's advance: as invoiced, less what accepted reports used or ended. None: none yet."""
    paid = agreement.invoices.filter(report=None).first()
    if paid is None:
        return None
    taken = (advances.read(row.fee) for row in agreement.usage_reports.filter(state=UsageReport.State.ACCEPTED))
    return paid.net - sum(one.used + one.lapsed for one in taken)


def document(fee: rates.Fee, credit: advances.Credit | None = None, evaluation: advances.Credit | None = None) -> dict:
    """A fee with its lines, and what an advance or an evaluation is credited with, as stored and journaled."""
    return {
        "exact": fraction_text(fee.exact),
        "yen": str(fee.yen),
        **({"free": fraction_text(fee.free)} if fee.free else {}),
        **({"evaluation": advances.document(evaluation)} if evaluation is not None and evaluation.before else {}),
        **({"advance": advances.document(credit)} if credit is not None else {}),
        "lines": [
            {
                "ja": line.text.ja,
                "en": line.text.en,
                "units": None if line.units is None else fraction_text(line.units),
                "price": None if line.price is None else fraction_text(line.price),
                "amount": fraction_text(line.amount),
            }
            for line in fee.lines
        ],
    }


def to_pay(report: UsageReport) -> int:
    """What is to be paid of an accepted report's fee, before tax: less what is credited of an evaluation or advance."""
    return yen_of(report) - advances.read(report.fee).used - advances.read(report.fee, "evaluation").used


def yen_of(report: UsageReport) -> int:
    """The fee in whole yen of an accepted report."""
    assert report.fee is not None
    yen = int(report.fee["yen"])
    assert yen <= fraction(report.fee["exact"]) < yen + 1
    return yen
