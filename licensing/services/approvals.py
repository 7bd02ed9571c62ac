"""Approvals (稟議): an approval is asked for by amount and tier, deputies are named.

What people then do in it, and what follows for the contract, stands in `decisions`.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.periods import jst_date
from contributions.core.roles import Viewer, check_may
from contributions.core.words import Text
from contributions.models import User
from contributions.services import journal, numbers
from licensing.core import approvals as rules
from licensing.core import rates
from licensing.core.usage import UsageLine
from licensing.models import Agreement, Approval, Deputy, Deviation, NegotiationRules
from licensing.selectors import approvals as found


class ApprovalOpen(Refused):
    code = "approval-open"
    ja = "契約 {agreement} には決裁の終わっていない稟議 {numbers} があります。決裁が終わるまで先へ進めません。"
    en = "Approval {numbers} of agreement {agreement} is still open. Nothing moves on before it is decided."


class ApprovalNeeded(Refused):
    code = "approval-needed"
    ja = (
        "契約 {agreement} は年間見込額 {amount} 円のため、現在の条件について稟議の決裁が必要です。"
        "契約のページから申請してください。"
    )
    en = "Agreement {agreement} is expected to bring JPY {amount} a year, so its present terms need an approval first."


class NothingToApprove(Refused):
    code = "approval-not-required"
    ja = "契約 {agreement} の年間見込額 {amount} 円では、稟議は不要です。"
    en = "At JPY {amount} a year agreement {agreement} needs no approval route."


class DeputyRefused(Refused):
    code = "deputy-refused"
    ja = "代理を指定できません。{reason}"
    en = "The deputy cannot be named. {reason}"


def rules_on(day: date) -> NegotiationRules:
    """The rules of a day; refused where there are none."""
    row = found.in_force(day)
    if row is None:
        raise rules.NoRules(day=day)
    return row


def expected(agreement: Agreement, stated: int | None = None) -> tuple[int, str]:
    """The yearly fee an agreement is expected to bring, and what it rests on: stated, or the schedule's sample.

    The sample is the quantity at which the schedule's last tier begins, or one unit where there is one tier; never
    less than the minimum fee.
    """
    if stated is not None:
        return stated, "stated"
    terms = agreement.variables.get("terms")
    if terms is None:
        return 0, "sample"
    read = rates.read(terms)
    units = read.tiers[-1].start or Fraction(1)
    region = sorted(agreement.variables.get("regions") or ["JP"])[0]
    region = region if not read.regions or region in read.regions else sorted(read.regions)[0]
    fee = rates.rate(terms, [UsageLine(read.unit, region, units)])
    return max(fee.yen, int(read.minimum)), "sample"


@transaction.atomic
def apply(
    agreement: Agreement,
    *,
    reason: str,
    by: Viewer,
    at: datetime,
    amount: int | None = None,
    deviation: Deviation | None = None,
) -> Approval:
    """Ask for an approval of a deviation, or of the agreement's present terms; its steps are fixed by today's rules."""
    check_may(by, "approval.apply")
    reason = rules.check_reason(reason)
    adopted = rules_on(jst_date(at))
    expects, basis = expected(agreement, amount)
    tier = deviation.tier if deviation is not None else rules.WHOLE
    steps = rules.route(rules.read(adopted.document), expects, tier)
    if not steps:
        raise NothingToApprove(agreement=agreement.number, amount=f"{expects:,}")
    check_none_open(agreement, deviation)
    number = numbers.take(Approval, f"AP-{jst_date(at).year}", width=3)
    subject = deviation.changed_sha256 if deviation is not None else agreement.terms_sha256
    entry = journal.append(
        "approval.opened",
        subject=f"approval:{number}",
        facts={
            "approval": number,
            "agreement": agreement.number,
            **({"deviation": deviation.number} if deviation is not None else {}),
            "amount": str(expects),
            "basis": basis,
            "tier": tier,
            "mandate": adopted.version,
            "subject_sha256": subject,
            "steps": [[step.code, step.kind, step.post] for step in steps],
        },
        annexes=[note(reason)],
        by=by,
        at=at,
    )
    return Approval.objects.create(
        seq=entry.seq,
        number=number,
        agreement=agreement,
        deviation=deviation,
        rules=adopted,
        amount=expects,
        basis=basis,
        tier=tier,
        subject_sha256=subject,
        reason=reason,
        steps=[{"code": step.code, "kind": step.kind, "post": step.post} for step in steps],
        applicant_id=by.user,
        opened_at=at,
    )


def check_none_open(agreement: Agreement, deviation: Deviation | None = None) -> None:
    """Refuse while an approval is open: of the agreement at all, or of one deviation (or of the terms themselves)."""
    rows = agreement.approvals.filter(state__in=(Approval.State.OPEN, Approval.State.SENT_BACK))
    if deviation is not None:
        rows = rows.filter(deviation=deviation)
    if numbers_open := sorted(row.number for row in rows):
        raise ApprovalOpen(agreement=agreement.number, numbers="、".join(numbers_open))


def check_granted(agreement: Agreement, at: datetime) -> None:
    """Refuse an agreement with an approval open, or one whose amount needs an approval that its terms do not have."""
    check_none_open(agreement)
    adopted = found.in_force(jst_date(at))
    if adopted is None:
        return
    stated = agreement.approvals.filter(deviation=None, basis="stated").order_by("pk").last()
    amount, _ = expected(agreement, stated.amount if stated else None)
    granted = agreement.approvals.filter(
        deviation=None, state=Approval.State.APPROVED, subject_sha256=agreement.terms_sha256
    )
    if rules.route(rules.read(adopted.document), amount, rules.WHOLE) and not granted.exists():
        raise ApprovalNeeded(agreement=agreement.number, amount=f"{amount:,}")


@transaction.atomic
def depute(
    principal: User, deputy: User, *, valid_from: date, valid_until: date, reason: str, by: Viewer, at: datetime
) -> Deputy:
    """Name a deputy: who acts in approvals for a holder of a post, for a time."""
    check_may(by, "approval.depute")
    reason = rules.check_reason(reason)
    if principal == deputy or valid_until <= valid_from:
        raise DeputyRefused(reason=_DEPUTY)
    if by.user is not None and by.user != principal.pk:
        raise DeputyRefused(reason=_OWN)
    entry = journal.append(
        "deputy.named",
        subject="deputy",
        facts={"from": valid_from.isoformat(), "until": valid_until.isoformat()},
        annexes=[note(f"{principal.username} → {deputy.username}\n{reason}")],
        by=by,
        at=at,
    )
    return Deputy.objects.create(
        seq=entry.seq,
        principal=principal,
        deputy=deputy,
        valid_from=valid_from,
        valid_until=valid_until,
        reason=reason,
    )


def note(text: str) -> journal.Attachment:
    """Words of a person, in an annex that can be erased."""
    return journal.Attachment("note.txt", "text/plain; charset=utf-8", text.encode())


_DEPUTY = Text("別の人を、始期より後の終期で指定してください。", "Name another person, and an end after the beginning.")
_OWN = Text("代理は本人が指定します。", "A deputy is named by whom the deputy acts for.")
