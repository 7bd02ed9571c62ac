"""The chapters on shares and money: the allocation, what licensees used and paid, what goes to the members."""

from __future__ import annotations

from datetime import date

from licensing.models import Agreement, Allocation, Policy, Receipt, Release
from licensing.services import allocations, distributions, invoices, usage
from licensing.services.story import evaluation, rights
from licensing.services.story.cast import HALF_YEAR, act, act_of, read, seal


def allocate() -> Allocation:
    """The desk calculates, desk and auditor recompute and attest, legal adopts."""
    checkpoint = seal("2026-10-07 09:00")
    policy = Policy.objects.get(state=Policy.State.ADOPTED)
    allocation = allocations.run(
        policy,
        Release.objects.get(number="R-0.3"),
        checkpoint=checkpoint,
        window=HALF_YEAR,
        **act("haibun", "2026-10-07 10:00", "run"),
    )
    for username in ("haibun", "kansa"):
        allocation = allocations.attest(allocation, **act(username, "2026-10-08 10:00", f"attest {username}"))
    rights.decide_elsewhere(allocation, act)
    return allocations.adopt(allocation, **act("homu", "2026-10-09 10:00", "adopt allocation"))


def bill() -> None:
    """Licensees report June; finance accepts, invoices and receives. Aoba's second quarter waits to be invoiced."""
    used = {"shinonome": [("robot", "JP", "620"), ("robot", "TH", "180")], "aoba": [("cell", "JP", "96")]}
    june = date(2026, 6, 24)
    for code, rows in used.items():
        agreement = Agreement.objects.get(licensee__organization__code=code)
        report = report_of(agreement, june, rows, act(code, "2026-10-10 10:00", f"usage {code} {june}"))
        invoice = invoices.issue(
            report, issued_on=date(2026, 10, 13), **act("keiri", "2026-10-13 10:00", f"invoice {code}")
        )
        invoices.record_receipt(
            invoice,
            amount=invoice.gross,
            received_on=date(2026, 10, 28),
            reference="見本銀行　振込",
            **act("keiri", "2026-10-28 15:00", f"receipt {code}"),
        )
    aoba = Agreement.objects.get(licensee__organization__code="aoba")
    july = date(2026, 7, 1)
    report_of(aoba, july, [("cell", "JP", "104")], act("aoba", "2026-10-29 10:00", f"usage aoba {july}"))
    evaluation.bill(report_of)


def report_of(agreement: Agreement, start: date, rows: list[tuple[str, str, str]], who: dict):
    """What a licensee used of the model in the period that begins on a day, accepted in the afternoon."""
    report = usage.submit(
        agreement,
        period_from=start,
        rows=[{"metric": metric, "region": region, "units": units} for metric, region, units in rows],
        on=who["at"].date(),
        **who,
    )
    code = agreement.licensee.organization.code
    return usage.accept(report, **act("keiri", f"{who['at']:%Y-%m-%d} 16:00", f"accept {code} {start}"))


def distribute() -> None:
    """What was received goes to the members by the adopted allocation; two of them have confirmed already."""
    distribution = distributions.propose(
        Allocation.objects.get(state=Allocation.State.ADOPTED),
        list(Receipt.objects.all()),
        payment_type="licence-fee",
        legal_form=read("consortium.json")["legal_form"],
        admin_rate="5/100",
        reserve_rate="10/100",
        period=HALF_YEAR,
        pay_on=date(2027, 3, 31),
        confirm_by=date(2027, 3, 15),
        **act("keiri", "2026-10-30 10:00", "propose distribution"),
    )
    distribution = distributions.approve(
        distribution, approved_on=date(2026, 10, 30), **act("homu", "2026-10-30 15:00", "approve distribution")
    )
    for code in ("sony", "nec"):
        payout = distribution.payouts.get(member__organization__code=code)
        distributions.confirm(payout, **act_of(code, "2026-10-31 09:00", "confirm"))
