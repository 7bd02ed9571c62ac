"""Obligations: raised by what happens, done by what is on record, and money waived only by two people."""

from datetime import date

import pytest

from contributions.core.roles import NotAllowed, Viewer
from contributions.core.words import Text
from licensing import selectors, services
from licensing.core.obligations import AlreadySettled, NotYourObligation, SecondEyes

SYSTEM = Viewer.system("follower")


def test_duties_follow_the_agreement_and_what_is_handed_in_settles_them(settled_world):
    world = settled_world
    agreement = world.agreement("robo")
    for _ in range(2):
        services.obligations.follow_agreement(number=agreement.number, by=SYSTEM, at=world.clock)
        for report in agreement.usage_reports.all():
            services.obligations.follow_usage(number=report.number, by=SYSTEM, at=world.clock)
        for invoice in agreement.invoices.all():
            services.obligations.follow_invoice(number=invoice.number, by=SYSTEM, at=world.clock)
    rows = {(row.rule, row.occasion): row for row in agreement.obligations.all()}
    assert rows["report", "2026-06-24"].state == "done"
    paid = rows["pay", agreement.invoices.get().number]
    assert paid.state == "done" and paid.amount == agreement.invoices.get().gross
    owed = rows["report", "2026-07-01"]
    assert (owed.state, owed.due_on) == ("open", date(2026, 11, 29))
    assert selectors.obligations.state_on(owed, date(2026, 11, 30)) == "late"
    late = selectors.obligations.standing_on(agreement.obligations.all(), "late", date(2026, 11, 30))
    assert {row.rule for row in late} >= {"deliver", "report"}
    money = rows["minimum", "2026-06-24"]
    services.obligations.waive(money, reason="初年度支援", **world.by("legal"))
    with pytest.raises(SecondEyes):
        services.obligations.grant_waiver(money, **world.by("legal"))
    waiting = selectors.obligations.waiting_for(world.viewer("finance"), on=world.clock.date())
    assert [row.number for row in waiting] == [money.number]
    assert services.obligations.grant_waiver(money, **world.by("finance")).state == "waived"
    with pytest.raises(AlreadySettled):
        services.obligations.fulfil(money, **world.by("finance"))


def test_each_side_records_its_own_and_a_hand_made_duty_has_its_clause(licensed_world):
    world = licensed_world
    row = services.obligations.add(
        world.agreement("robo"), clause="grant", paragraph=3, party="licensor", title=Text("一覧の交付", "Hand over"),
        opens_on=date(2026, 7, 1), due_on=date(2026, 7, 31), **world.by("legal"),
    )  # fmt: skip
    with pytest.raises(NotYourObligation):
        services.obligations.fulfil(row, **world.by("robo"))
    with pytest.raises(NotAllowed):
        services.obligations.waive(row, reason="x", **world.by("robo"))
    assert not selectors.obligations.visible_to(world.licensee("arm")).filter(number=row.number).exists()
    assert services.obligations.waive(row, reason="不要", **world.by("legal")).state == "waived"
