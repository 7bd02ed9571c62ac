"""Renewals: refused in time by either side, announced within the ratchet, and written down once."""

from datetime import date, timedelta

import pytest

import world as cast
from contributions.core.roles import Viewer
from contributions.models import Entry
from licensing import selectors, services
from licensing.core.renewals import EndsBefore, RisesTooFar, TooLate
from licensing.models import Renewal
from licensing.services.agreements import NotYourAgreement
from licensing.services.renewals import SpokenAlready


def nightly(world) -> list[Renewal]:
    world.clock += timedelta(minutes=1)
    return services.renewals.renew_due(by=Viewer.system("nightly"), at=world.clock)


def test_silence_renews_and_posts_one_entry(licensed_world):
    world = licensed_world
    world.wait_until("2028-03-23 09:00")
    assert nightly(world) == []
    world.wait_until("2028-03-24 09:00")
    until = selectors.lives.until(world.agreement("robo"), world.clock.date())
    assert until == date(2029, 6, 24), "reading does not wait for the task"
    assert {row.agreement.licensee.organization.code for row in nightly(world)} == {"arm", "robo"}
    assert nightly(world) == []
    assert Entry.objects.filter(kind="agreement.renewed").count() == 2


def test_notice_against_renewal_lets_the_term_end_for_both(licensed_world):
    world = licensed_world
    world.wait_until("2028-03-23 09:00")
    agreement = world.agreement("robo")
    with pytest.raises(NotYourAgreement):
        services.renewals.refuse(agreement, **world.by("arm"))
    services.renewals.refuse(agreement, reason="自社開発に移行", **world.by("robo"))
    with pytest.raises(SpokenAlready):
        services.renewals.refuse(agreement, **world.by("robo"))
    world.wait_until("2028-03-24 09:00")
    with pytest.raises(TooLate):
        services.renewals.refuse(agreement, **world.by("legal"))
    assert [row.agreement.licensee.organization.code for row in nightly(world)] == ["arm"]
    world.wait_until("2028-06-24 00:01")
    assert selectors.lives.standing(world.agreement("robo"), world.clock) == "winding_down", "stock may be sold off"
    assert not selectors.agreements.in_force(world.licensee("robo"), at=world.clock).exists()
    services.terminations.move_due(by=Viewer.system("nightly"), at=world.clock)
    assert cast.fresh(agreement).state == "expired"
    periods = selectors.lives.reporting_periods(cast.fresh(agreement), on=date(2028, 12, 24))
    assert periods[-1].until == date(2028, 12, 24)
    world.wait_until("2028-12-24 00:01")
    assert selectors.lives.standing(cast.fresh(agreement), world.clock) == "expired"
    services.terminations.move_due(by=Viewer.system("nightly"), at=world.clock)
    assert Entry.objects.filter(kind="agreement.expired").count() == 1


def test_announced_prices_hold_from_the_renewed_term_on_and_no_higher_than_agreed(licensed_world):
    world = licensed_world
    agreement = world.agreement("robo")
    agreement.variables = agreement.variables | {"renewal_rise_max": "1/10"}
    agreement.save(update_fields=["variables"])
    world.wait_until("2028-01-20 09:00")
    far = world.schedule(tiers=[{"from": "0", "until": None, "price": "13201"}])
    with pytest.raises(RisesTooFar):
        services.renewals.announce(world.agreement("robo"), schedule=far, **world.by("legal"))
    near = world.schedule(
        tiers=[{"from": "0", "until": "500", "price": "13200"}, {"from": "500", "until": None, "price": "9900"}]
    )
    services.renewals.announce(world.agreement("robo"), schedule=near, **world.by("legal"))
    world.wait_until("2028-03-24 09:00")
    read = world.agreement("robo")
    prices = [
        selectors.lives.variables_on(read, day, known_on=world.clock.date())["terms"]["tiers"][0]["price"]
        for day in (date(2028, 6, 23), date(2028, 6, 24))
    ]
    assert prices == ["12000", "13200"]
    periods = selectors.lives.reporting_periods(read, on=date(2028, 7, 1))
    assert [str(period.until) for period in periods[-2:]] == ["2028-06-24", "2028-07-01"], "cut where prices change"
    assert nightly(world)[-1].announcement is not None


def test_what_ends_before_its_term_is_not_spoken_of_for_the_next(licensed_world):
    world = licensed_world
    world.wait_until("2026-07-10 09:00")
    agreement = world.agreement("robo")
    services.terminations.terminate(
        agreement, ground="grave", reason="解散の決議", ends_on=date(2027, 1, 31), **world.by("robo")
    )
    with pytest.raises(EndsBefore, match="ends after 2027-01-30"):
        services.renewals.refuse(agreement, **world.by("robo"))
    with pytest.raises(EndsBefore):
        services.renewals.announce(agreement, schedule=agreement.schedule, **world.by("legal"))
