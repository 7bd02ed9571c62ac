"""Usage reports: handed in by the licensee, rated and accepted by finance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from contributions.core.errors import Finding, Refused
from contributions.core.money import fraction_text
from contributions.core.periods import Period, last_day
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.selectors import organizations
from contributions.services import journal, numbers
from licensing.core import calendar, rates
from licensing.core import usage as rules
from licensing.models import Agreement, UsageLine, UsageReport
from licensing.selectors import evaluation_fees
from licensing.selectors import lives as standing
from licensing.services import fees


class NotInForce(Refused):
    code = "agreement-not-in-force"
    ja = "契約 {agreement} は締結されていないため、利用実績を報告できません。"
    en = "Agreement {agreement} is not in force, so no usage can be reported under it."


class NoSuchPeriod(Refused):
    code = "no-such-reporting-period"
    ja = "{start} に始まる報告期間は、契約 {agreement} にないか、まだ終わっていません。"
    en = "Agreement {agreement} has no ended reporting period that starts on {start}."


class LicenceEnded(NoSuchPeriod):
    code = "licence-ended"
    ja = (
        "契約 {agreement} に基づく利用は {until} までのため、{start} に始まる報告期間はありません。"
        "それより後の利用は報告できません。利用を中止し、許諾者に連絡してください。"
    )
    en = (
        "Use under agreement {agreement} ended on {until}, so no period starts on {start}; later use cannot be"
        " reported. Stop it and tell the licensor."
    )


class NotYourAgreement(Refused):
    code = "not-your-usage"
    ja = "ご自身の契約の利用実績だけを報告できます。"
    en = "You can only report usage under your own agreement."


class AlreadyReported(Refused):
    code = "already-reported"
    ja = "この期間の利用実績は {number} として提出済みです。"
    en = "Usage of this period was submitted already, as {number}."


class FaultyReport(Refused):
    """A report with findings; nothing was written."""

    code = "faulty-report"
    ja = "利用実績報告に誤りが {count} 件あります。{first}"
    en = "The usage report has {count} faults. {first}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = findings[0]
        super().__init__(count=len(findings), first=Text(first.text("ja"), first.text("en")))


class NotSubmitted(Refused):
    code = "usage-not-submitted"
    ja = "利用実績報告 {number} は受理待ちではありません。"
    en = "Usage report {number} is not waiting to be accepted."


class EarlierOpen(Refused):
    code = "earlier-usage-open"
    ja = (
        "利用実績報告 {number} は許諾年度の最後の報告です。最低利用料との差額を確定するため、"
        "先に {start} から {until} までの報告を受理してください。"
    )
    en = (
        "Report {number} closes its licence year. Accept the report for {start} to {until} first,"
        " so that the difference to the minimum fee can be settled."
    )


@transaction.atomic
def submit(
    agreement: Agreement,
    *,
    period_from: date,
    rows: Sequence[Mapping],
    by: Viewer,
    at: datetime,
    on: date,
    note: str = "",
) -> UsageReport:
    """Hand in the usage of one reporting period; a report of nothing is one line of 0 units."""
    check_may(by, "usage.submit")
    agreement = Agreement.objects.select_for_update().select_related("licensee__organization").get(pk=agreement.pk)
    if by.workplace == "licensee" and by.acting != agreement.licensee.organization.code:
        raise NotYourAgreement
    if agreement.executed_at is None:
        raise NotInForce(agreement=agreement.number)
    period = _period(agreement, period_from, on)
    if (held := agreement.usage_reports.filter(period_from=period.start).first()) is not None:
        raise AlreadyReported(number=held.number)
    agreed = standing.variables_on(agreement, period.start, known_on=on)
    lines, findings = rules.read(rows, metrics={agreed["terms"]["unit"]}, regions=set(agreed["regions"]))
    if findings:
        raise FaultyReport(findings)
    return _store(agreement, period, lines, note, agreed, by=by, at=at)


def _period(agreement: Agreement, start: date, on: date) -> Period:
    for period in standing.reporting_periods(agreement, on=on):
        if period.start == start:
            return period
    until = standing.reported_term(agreement, on).until
    if start >= until:
        raise LicenceEnded(agreement=agreement.number, until=last_day(until), start=start)
    raise NoSuchPeriod(agreement=agreement.number, start=start)


def _store(
    agreement: Agreement, period: Period, lines, note: str, agreed: Mapping, *, by: Viewer, at: datetime
) -> UsageReport:
    number = numbers.take(UsageReport, "U")
    entry = journal.append(
        "usage.submitted",
        subject=f"usage:{number}",
        facts={
            "usage": number,
            "agreement": agreement.number,
            "period": [period.start.isoformat(), period.until.isoformat()],
            "lines": [[line.metric, line.region, fraction_text(line.units)] for line in lines],
        },
        effective=(period.start, period.until),
        annexes=[journal.Attachment("note.txt", "text/plain; charset=utf-8", note.encode())] if note else [],
        by=by,
        at=at,
    )
    report = UsageReport.objects.create(
        seq=entry.seq,
        number=number,
        agreement=agreement,
        period_from=period.start,
        period_until=period.until,
        due_on=calendar.due_on(period, int(agreed["report_days"])),
        note=note,
        submitted_at=at,
    )
    UsageLine.objects.bulk_create(
        UsageLine(report=report, metric=line.metric, region=line.region, units=fraction_text(line.units))
        for line in lines
    )
    return report


def _check_closing(report: UsageReport) -> None:
    """A licence year is closed once: every earlier period of it must have been accepted."""
    if fees.year_end(report) is None:
        return
    year = fees.year_of(report)
    periods = standing.reporting_periods(report.agreement, on=fees.known_on(report), ended_by=report.period_until)
    held = {each.period_from for each in fees.earlier_than(report)}
    for period in periods:
        if year.start <= period.start < report.period_from and period.start not in held:
            raise EarlierOpen(number=report.number, start=period.start, until=last_day(period.until))


@transaction.atomic
def accept(report: UsageReport, *, by: Viewer, at: datetime) -> UsageReport:
    """Accept a report and freeze the fee it comes to, with every step."""
    check_may(by, "usage.accept")
    report = (
        UsageReport.objects.select_for_update()
        .select_related("agreement__licensee__organization", "agreement__schedule")
        .get(pk=report.pk)
    )
    if report.state != UsageReport.State.SUBMITTED:
        raise NotSubmitted(number=report.number)
    _check_closing(report)
    _lock_group(report.agreement)
    fee = fees.of(report)
    document = fees.credited(report, fee)
    entry = journal.append(
        "usage.accepted",
        subject=f"usage:{report.number}",
        facts={"usage": report.number, "agreement": report.agreement.number, "fee": document},
        by=by,
        at=at,
    )
    report.state, report.accepted_at = UsageReport.State.ACCEPTED, at
    report.fee, report.seq = document, entry.seq
    report.save(update_fields=["state", "accepted_at", "fee", "seq"])
    return report


def _lock_group(agreement: Agreement) -> None:
    """Reports that draw on one free tier, cap, advance or evaluation fee are accepted one after the other."""
    read = rates.read(agreement.variables["terms"])
    rows = Agreement.objects.filter(pk=agreement.pk)
    if read.is_shared:
        group = organizations.group_of(agreement.licensee.organization.code)
        rows = Agreement.objects.filter(licensee__organization__code__in=group).order_by("pk")
    if read.is_shared or read.advance or evaluation_fees.agreed(agreement) is not None:
        list(rows.select_for_update(of=("self",)).values_list("pk"))
