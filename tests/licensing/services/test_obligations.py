"""Obligations: raised by what happens, done by what is on record, and money waived only by two people."""

from datetime import date

import pytest
from django.core import mail

from contributions.core.roles import NotAllowed, Viewer
from contributions.core.words import Text
from contributions.models import Entry
from licensing import selectors, services
from licensing.core.obligations import AlreadySettled, NotYourObligation, SecondEyes
from licensing.core.outside import Duty, Terms, TooManyDuties

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


def test_duties_of_a_contract_concluded_outside_stand_in_list_calendar_feed_and_letter(world):
    world.wait_until("2026-11-30 07:00")
    given = Terms(
        "framework", "業務委託基本契約", "架空商事株式会社", date(2026, 4, 1), date(2026, 4, 1), date(2027, 4, 1),
        renewal="automatic", renewal_months=12, notice_months=3,
    )  # fmt: skip
    row = services.outside.take(
        given, name="契約書.pdf", content=b"%PDF-1.4\n%scan\n", **world.by("legal"),
        duties=[Duty("年次報告書の提出", "licensee", date(2026, 11, 20), "第8条第1項", every_months=12)],
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        services.obligations.add_outside(row, [Duty("支払", "licensor", date(2026, 12, 10))], **world.by("finance"))
    services.obligations.add_outside(
        row, [Duty("委託料の支払", "licensor", date(2026, 12, 10), amount=110_000)], **world.by("legal")
    )
    legal, on = world.viewer("legal"), world.clock.date()
    rows = list(selectors.obligations.by_urgency(selectors.obligations.visible_to(legal), on))
    assert [(one.number, selectors.obligations.state_on(one, on)) for one in rows] == [
        (f"O-{row.number}-01", "late"), (f"O-{row.number}-02", "future"),
    ]  # fmt: skip
    assert not selectors.obligations.visible_to(world.viewer("tetsu")).exists()
    assert "年次報告書".encode() not in b"".join(bytes(one.statement.content) for one in Entry.objects.all())

    days = {day.key: day.day for day in selectors.calendars.days_for(legal, on=on)}
    assert days[f"notice-{row.number}-2026-12-31"] == date(2026, 12, 31)
    assert days[f"term-{row.number}-2027-04-01"] == date(2027, 3, 31)
    token = selectors.calendars.token_of(services.calendars.make_feed(**world.by("legal")))
    feed = services.calendars.feed(token, at=world.clock).replace("\r\n ", "")
    assert f"O-{row.number}-02" in feed and f"notice-{row.number}" in feed and "架空商事" in feed
    services.calendars.prefer("daily", **world.by("legal"))
    assert services.calendars.send_digests(at=world.clock) == 1
    assert "年次報告書の提出" in mail.outbox[-1].body and "架空商事" in mail.outbox[-1].body

    first = rows[0]
    services.obligations.fulfil(first, note="受領済み", **world.by("legal"))
    assert [one.pk for one in selectors.obligations.by_urgency(selectors.obligations.visible_to(legal), on)][
        -1
    ] == first.pk
    waiver = services.obligations.waive(rows[1], reason="免除", **world.by("legal"))
    assert waiver.state == "open" and waiver.waiver_asked_at, "money is waived by two"
    with pytest.raises(TooManyDuties):
        services.obligations.add_outside(
            row, [Duty(str(n), "licensee", date(2026, 4, 30), every_months=1) for n in range(11)], **world.by("legal")
        )
