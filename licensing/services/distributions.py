"""Distributions: receipts split by an adopted allocation, approved by another person, confirmed by each member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from contributions.core.errors import Refused
from contributions.core.money import floor, fraction, fraction_text
from contributions.core.roles import Viewer, check_may
from contributions.models import Member
from contributions.services import journal, numbers
from licensing import selectors
from licensing.core import books as bookkeeping
from licensing.core import distributions as rules
from licensing.core import taxes as tax_rules
from licensing.core.rights import MONEY
from licensing.models import Allocation, Distribution, Payout, Receipt
from licensing.selectors import distributions, taxes
from licensing.services import books

TAX_CODE = "standard"


class AllocationNotAdopted(Refused):
    code = "allocation-not-adopted"
    ja = "配分計算 {number} は採択されていないため、分配に使えません。"
    en = "Allocation {number} is not adopted and cannot be distributed by."


class AlreadyDistributed(Refused):
    code = "already-distributed"
    ja = "入金 {receipts} はすでに分配されています。"
    en = "These receipts are distributed already: {receipts}."


class SamePerson(Refused):
    code = "same-person"
    ja = "分配を提案した人は承認できません。別の担当者が承認してください。"
    en = "Who proposed a distribution cannot approve it. Somebody else must."


class NotProposed(Refused):
    code = "distribution-not-proposed"
    ja = "収益分配 {number} は承認待ちではありません。"
    en = "Distribution {number} is not waiting for approval."


class NotNotified(Refused):
    code = "payout-not-notified"
    ja = "分配額 {number} は確認待ちではありません。"
    en = "Payout {number} is not waiting for confirmation."


class NotPayableYet(Refused):
    code = "payout-not-confirmed"
    ja = "分配額 {number} は会員の確認が済んでいません。"
    en = "Payout {number} is not confirmed by its member."


class NoRevenueShared(Refused):
    code = "no-revenue-shared"
    ja = "配分計算 {number} は利用料収入を配分していません。収入を配分する規程による計算を使ってください。"
    en = "Allocation {number} does not share licence revenue. Use one by a policy that does."


@transaction.atomic
def propose(
    allocation: Allocation,
    receipts: Sequence[Receipt],
    *,
    payment_type: str,
    legal_form: str,
    admin_rate: str,
    reserve_rate: str,
    period: tuple[date, date],
    pay_on: date,
    confirm_by: date,
    by: Viewer,
    at: datetime,
) -> Distribution:
    """Split what was received, before tax, exactly to the yen. What the payment legally is, a person decides here."""
    check_may(by, "distribution.propose")
    if allocation.state != Allocation.State.ADOPTED:
        raise AllocationNotAdopted(number=allocation.number)
    payment = rules.check_payable(payment_type, legal_form)
    receipts = list(Receipt.objects.select_for_update().filter(pk__in=[receipt.pk for receipt in receipts]))
    taken = [str(receipt) for receipt in receipts if receipt.distributions.exists()]
    if taken:
        raise AlreadyDistributed(receipts="、".join(taken))
    shared = selectors.allocations.stored(allocation, MONEY)
    if not shared:
        raise NoRevenueShared(number=allocation.number)
    split = rules.split(
        sum(net_of(receipt) for receipt in receipts),
        {row["member"]: row["grid"] for row in shared["members"]},
        grid=shared["grid"],
        admin_rate=fraction(admin_rate),
        reserve_rate=fraction(reserve_rate),
        held=shared["held"],
    )
    rate = tax_rules.in_force(taxes.table(), TAX_CODE if payment.taxable else "none", period[1])
    return _store(allocation, receipts, split, payment, rate, period, pay_on, confirm_by, by=by, at=at)


def net_of(receipt: Receipt) -> int:
    """The part of a receipt that is not consumption tax: in the proportion of its invoice, rounded down."""
    invoice = receipt.invoice
    return floor(Fraction(receipt.amount * invoice.net, invoice.gross))


def _store(allocation, receipts, split, payment, rate, period, pay_on, confirm_by, *, by, at) -> Distribution:
    number = numbers.take(Distribution, f"DS-{period[0].year}", width=2)
    steps = {
        "gross": str(split.gross),
        "admin_rate": fraction_text(split.admin_rate),
        "admin": str(split.admin),
        "reserve_rate": fraction_text(split.reserve_rate),
        "reserve": str(split.reserve),
        "held": str(split.held),
        "net": str(split.net),
    }
    entry = journal.append(
        "distribution.proposed",
        subject=f"distribution:{number}",
        facts={
            "distribution": number,
            "allocation": allocation.number,
            "payment": payment.code,
            "period": [day.isoformat() for day in period],
            "steps": steps,
            "receipts": [f"{receipt.invoice.number}" for receipt in receipts],
            "payouts": {payout.member: str(payout.amount) for payout in split.payouts},
        },
        by=by,
        at=at,
    )
    distribution = Distribution.objects.create(
        seq=entry.seq,
        number=number,
        allocation=allocation,
        payment_type=payment.code,
        period_from=period[0],
        period_until=period[1],
        gross=split.gross,
        steps=steps,
        pool=split.net,
        tax_rate=fraction_text(rate.rate),
        pay_on=pay_on,
        confirm_by=confirm_by,
        proposed_at=at,
        proposed_by_id=by.user,
    )
    distribution.receipts.set(receipts)
    members = {member.code: member for member in Member.objects.select_related("organization")}
    grid = selectors.allocations.stored(allocation, MONEY)["grid"]
    Payout.objects.bulk_create(
        _payout(distribution, members[payout.member], payout, rate, grid, entry.seq) for payout in split.payouts
    )
    return distribution


def _payout(distribution, member: Member, payout, rate, grid: int, seq: int) -> Payout:
    tax = tax_rules.on_net(payout.amount, rate.rate)
    return Payout(
        seq=seq,
        number=f"{distribution.number}-{member.code}",
        distribution=distribution,
        member=member,
        grid_units=int(payout.share * grid),
        quota=fraction_text(payout.quota),
        net=payout.amount,
        tax=tax,
        gross=payout.amount + tax,
    )


@transaction.atomic
def approve(distribution: Distribution, *, by: Viewer, at: datetime, approved_on: date) -> Distribution:
    """Approve a proposed split; each member's payout now waits for that member's confirmation."""
    check_may(by, "distribution.approve")
    distribution = Distribution.objects.select_for_update().get(pk=distribution.pk)
    if distribution.state != Distribution.State.PROPOSED:
        raise NotProposed(number=distribution.number)
    distributions.check_whole(by, distribution)
    if by.user is not None and by.user == distribution.proposed_by_id:
        raise SamePerson
    slip_number = books.next_number(approved_on)
    entry = journal.append(
        "distribution.approved",
        subject=f"distribution:{distribution.number}",
        facts={"distribution": distribution.number, "allocation": distribution.allocation.number},
        by=by,
        at=at,
    )
    distribution.state, distribution.approved_at = Distribution.State.APPROVED, at
    distribution.seq = entry.seq
    distribution.save(update_fields=["state", "approved_at", "seq"])
    _notify(distribution, by=by, at=at)
    books.post(_slip(distribution, slip_number, approved_on), entry=entry)
    return distribution


def _notify(distribution: Distribution, *, by: Viewer, at: datetime) -> None:
    """Each member's payout is a fact of its own, which that member alone reads and answers."""
    payouts = list(distribution.payouts.select_related("member__organization").order_by("number"))
    drafts = [
        journal.Draft(
            "payout.notified",
            subject=f"payout:{payout.number}",
            member=payout.member.code,
            facts={"payout": payout.number, "net": str(payout.net), "tax": str(payout.tax), "gross": str(payout.gross)},
        )
        for payout in payouts
    ]
    entries = journal.append_many(drafts, by=by, at=at)
    for payout, entry in zip(payouts, entries, strict=True):
        payout.state, payout.seq = Payout.State.NOTIFIED, entry.seq
    Payout.objects.bulk_update(payouts, ["state", "seq"])


def _slip(distribution: Distribution, number: str, day: date) -> bookkeeping.Slip:
    rows = distribution.payouts.select_related("member__organization")
    return bookkeeping.distribution(
        number,
        day,
        distribution.number,
        payouts=[(row.member.code, row.net, row.tax) for row in rows],
        reserve=int(distribution.steps["reserve"]) + int(distribution.steps["held"]),
        tax_code=TAX_CODE if fraction(distribution.tax_rate) else "none",
    )


@transaction.atomic
def confirm(payout: Payout, *, by: Viewer, at: datetime) -> Payout:
    """The member confirms its statement."""
    check_may(by, "payout.confirm")
    return _answer(payout, "payout.confirmed", Payout.State.CONFIRMED, by=by, at=at)


@transaction.atomic
def dispute(payout: Payout, *, reason: str, by: Viewer, at: datetime) -> Payout:
    """The member objects, with its reason; only its own payout is held."""
    check_may(by, "payout.dispute")
    return _answer(payout, "payout.disputed", Payout.State.DISPUTED, reason=reason, by=by, at=at)


def _answer(payout: Payout, kind: str, state: str, *, by: Viewer, at: datetime, reason: str = "") -> Payout:
    payout = Payout.objects.select_for_update().select_related("member__organization").get(pk=payout.pk)
    if payout.state != Payout.State.NOTIFIED or (by.workplace == "member" and by.acting != payout.member.code):
        raise NotNotified(number=payout.number)
    annexes = [journal.Attachment("reason.txt", "text/plain; charset=utf-8", reason.encode())] if reason else []
    entry = journal.append(
        kind,
        subject=f"payout:{payout.number}",
        member=payout.member.code,
        facts={"payout": payout.number, "net": str(payout.net), "tax": str(payout.tax)},
        annexes=annexes,
        by=by,
        at=at,
    )
    payout.state, payout.confirmed_at, payout.dispute, payout.seq = state, at, reason, entry.seq
    payout.save(update_fields=["state", "confirmed_at", "dispute", "seq"])
    return payout


@transaction.atomic
def pay(payout: Payout, *, by: Viewer, at: datetime, paid_on: date) -> Payout:
    """Record that a confirmed payout was transferred."""
    check_may(by, "payout.pay")
    payout = Payout.objects.select_for_update().select_related("member__organization", "distribution").get(pk=payout.pk)
    if payout.state != Payout.State.CONFIRMED:
        raise NotPayableYet(number=payout.number)
    slip_number = books.next_number(paid_on)
    entry = journal.append(
        "payout.paid",
        subject=f"payout:{payout.number}",
        member=payout.member.code,
        facts={"payout": payout.number, "gross": str(payout.gross), "on": paid_on.isoformat()},
        by=by,
        at=at,
    )
    payout.state, payout.seq = Payout.State.PAID, entry.seq
    payout.save(update_fields=["state", "seq"])
    books.post(
        bookkeeping.payout(slip_number, paid_on, payout.number, member=payout.member.code, amount=payout.gross),
        entry=entry,
    )
    return payout
