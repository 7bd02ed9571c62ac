"""Distributions: every yen somewhere, approved by somebody else, answered by each member for itself alone."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors as contributed
from contributions.core import canonical
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry
from licensing import selectors, services
from licensing.models import Allocation, Distribution, Payout, Receipt


@pytest.fixture
def paid(licensed_world):
    """Both licensees have paid for June; nothing is split yet."""
    world = licensed_world
    world.wait_until("2026-10-10 09:00")
    world.receive(world.invoice(world.usage("robo", "620")))
    world.receive(world.invoice(world.usage("arm", "501.0007")))
    return world


def approve(world, distribution, by="legal"):
    return services.distributions.approve(distribution, approved_on=date(2026, 10, 30), **world.by(by))


def own(world, code) -> Payout:
    return Payout.objects.get(member=world.of(code))


def test_the_parts_make_the_whole_to_the_yen(paid):
    distribution = paid.split(Receipt.objects.all())
    steps = {name: int(value) for name, value in distribution.steps.items() if "rate" not in name}
    assert distribution.gross == 7_080_000 + 6_009_006 == steps["gross"]
    assert steps["admin"] == steps["gross"] * 5 // 100
    assert steps["admin"] + steps["reserve"] + steps["held"] + steps["net"] == steps["gross"]
    assert sum(payout.net for payout in distribution.payouts.all()) == steps["net"] == distribution.pool


def test_each_payout_follows_its_share_within_a_yen(paid):
    distribution = paid.split(Receipt.objects.all())
    shares = {share.member_id: share.grid_units for share in Allocation.objects.get().shares.all()}
    for payout in distribution.payouts.all():
        assert abs(payout.net * 10**6 - distribution.pool * shares[payout.member_id]) < 10**6
        assert (payout.tax, payout.gross) == (payout.net * 10 // 100, payout.net + payout.tax)


def test_the_tax_that_licensees_paid_is_not_shared_out(paid):
    receipt = Receipt.objects.get(invoice__agreement__licensee__organization__code="robo")
    assert (receipt.amount, services.distributions.net_of(receipt)) == (7_788_000, 7_080_000)


def test_the_receipts_of_several_part_payments_come_to_the_invoice(paid):
    invoice = paid.invoice(paid.usage("robo", "777", start=date(2026, 7, 1)))
    receipts = [paid.receive(invoice, amount) for amount in (1, 333_333)] + [
        paid.receive(invoice, invoice.gross - 333_334)
    ]
    parts = [services.distributions.net_of(receipt) for receipt in receipts]
    assert invoice.net - len(parts) < sum(parts) <= invoice.net


def test_a_receipt_is_distributed_once(paid):
    first = Receipt.objects.first()
    paid.split([first])
    with pytest.raises(services.distributions.AlreadyDistributed):
        paid.split(Receipt.objects.all())
    assert Distribution.objects.count() == 1


def test_only_an_adopted_allocation_pays(paid):
    run = paid.run()
    with pytest.raises(services.distributions.AllocationNotAdopted, match=run.number):
        services.distributions.propose(
            run, list(Receipt.objects.all()), payment_type="licence-fee", legal_form="kabushiki", admin_rate="0",
            reserve_rate="0", period=(date(2026, 4, 1), date(2026, 10, 1)), pay_on=date(2026, 11, 30),
            confirm_by=date(2026, 11, 20), **paid.by("finance"),
        )  # fmt: skip


def test_a_kind_of_payment_that_the_legal_form_does_not_know_is_refused(paid):
    """A share of a partnership's profit is none of a stock company's payments."""
    with pytest.raises(services.distributions.Refused):
        paid.split(Receipt.objects.all(), payment_type="partnership-share")
    assert not Distribution.objects.exists()


def test_who_proposed_does_not_approve(paid):
    distribution = paid.split(Receipt.objects.all())
    same = Viewer(distribution.proposed_by_id, "finance", "consortium", "consortium", "legal")
    with pytest.raises(services.distributions.SamePerson):
        services.distributions.approve(distribution, approved_on=date(2026, 10, 30), by=same, at=paid.clock)
    with pytest.raises(NotAllowed):
        approve(paid, distribution, "finance")
    assert Distribution.objects.get().state == "proposed"
    assert approve(paid, distribution).state == "approved"
    with pytest.raises(services.distributions.NotProposed):
        approve(paid, distribution, "second")


def test_members_see_their_payout_once_it_is_approved_and_not_before(paid):
    distribution = paid.split(Receipt.objects.all())
    member = paid.member("tetsu")
    assert not selectors.distributions.payouts_visible_to(member).exists()
    approve(paid, distribution)
    (payout,) = selectors.distributions.payouts_visible_to(member)
    assert (payout.member.code, payout.state) == ("tetsu", "notified")
    assert not selectors.distributions.visible_to(member).exists()


def test_a_member_confirms_its_own_and_once(settled_world):
    world, payout = settled_world, own(settled_world, "tetsu")
    with pytest.raises(services.distributions.NotNotified):
        services.distributions.confirm(payout, **world.by("hagane"))
    assert services.distributions.confirm(payout, **world.by("tetsu")).state == "confirmed"
    with pytest.raises(services.distributions.NotNotified):
        services.distributions.confirm(payout, **world.by("tetsu"))
    entry = Entry.objects.get(kind="payout.confirmed")
    assert entry.member == "tetsu"
    assert set(canonical.loads(bytes(entry.statement.content))["facts"]) == {"payout", "net", "tax"}


def test_a_dispute_holds_only_the_disputed_payout(settled_world):
    world = settled_world
    disputed = services.distributions.dispute(own(world, "tetsu"), reason="計算が合いません。", **world.by("tetsu"))
    assert (disputed.state, disputed.dispute) == ("disputed", "計算が合いません。")
    services.distributions.confirm(own(world, "hagane"), **world.by("hagane"))
    with pytest.raises(services.distributions.NotPayableYet):
        services.distributions.pay(own(world, "tetsu"), paid_on=date(2026, 11, 30), **world.by("finance"))
    paid = services.distributions.pay(own(world, "hagane"), paid_on=date(2026, 11, 30), **world.by("finance"))
    assert paid.state == "paid"
    with pytest.raises(services.distributions.NotPayableYet):
        services.distributions.pay(own(world, "hagane"), paid_on=date(2026, 11, 30), **world.by("finance"))


def test_the_reason_of_a_dispute_is_not_in_its_statement(settled_world):
    services.distributions.dispute(own(settled_world, "tetsu"), reason="秘密の理由", **settled_world.by("tetsu"))
    entry = Entry.objects.get(kind="payout.disputed")
    assert "秘密".encode() not in bytes(entry.statement.content) and entry.annexes.count() == 1


@pytest.mark.parametrize("username", ["legal", "finance", "auditor", "robo"])
def test_nobody_confirms_in_a_members_place(settled_world, username):
    with pytest.raises(NotAllowed):
        services.distributions.confirm(own(settled_world, "tetsu"), **settled_world.by(username))


def test_the_statement_explains_the_members_yen_and_nobody_elses(settled_world):
    explained = services.papers.explained(own(settled_world, "tetsu"))
    said = str(explained)
    assert f"{own(settled_world, 'tetsu').net:,}" in said or str(own(settled_world, "tetsu").net) in said
    assert not any(code in said for code in ("hagane", "kuruma", "ginko"))


@pytest.mark.slow
def test_a_statement_is_drawn_for_each_member_once(settled_world):
    number = Distribution.objects.get().number
    drawn = services.papers.draw_statements(number=number, **settled_world.by("finance"))
    assert drawn == {"distribution": number, "statements": 4}
    digests = set(Payout.objects.values_list("document_sha256", flat=True))
    assert len(digests) == 4 and "" not in digests
    services.papers.draw_statements(number=number, **settled_world.by("finance"))
    assert set(Payout.objects.values_list("document_sha256", flat=True)) == digests


def test_each_member_reads_the_notice_of_its_own_payout_and_of_no_other(paid):
    approve(paid, paid.split(Receipt.objects.all()))
    notices = Entry.objects.filter(kind="payout.notified")
    assert notices.count() == Payout.objects.count()
    for code in ("tetsu", "hagane"):
        (own,) = contributed.journal.open_to(paid.member(code)).filter(kind="payout.notified")
        assert (own.member, own.seq) == (code, Payout.objects.get(member__organization__code=code).seq)
    assert not contributed.journal.open_to(paid.licensee("robo")).filter(kind="payout.notified").exists()
