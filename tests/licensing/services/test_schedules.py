"""Price lists: refused if they cannot be rated, frozen once adopted."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services as contributed
from contributions.core import canonical
from contributions.core.exclusions import NotPermitted
from contributions.core.roles import NotAllowed
from contributions.core.terms import WiderThanCameIn
from contributions.models import Entry
from licensing import selectors, services
from licensing.core.tariffs import TariffRefused
from licensing.models import Schedule


def test_an_adopted_list_is_published_with_its_terms(world):
    schedule = world.schedule()
    facts = canonical.loads(bytes(Entry.objects.get(seq=schedule.seq).statement.content))["facts"]
    assert (str(schedule), schedule.state, facts["terms"]) == ("S-ROBOT@1", "adopted", schedule.terms)
    assert facts["terms_sha256"] == canonical.sha256_hex(canonical.dumps(schedule.terms)) == schedule.sha256


def test_an_adopted_list_is_not_adopted_again(world):
    with pytest.raises(services.schedules.AlreadyAdopted, match="S-ROBOT"):
        services.schedules.adopt(world.schedule(), **world.by("legal"))


def test_the_next_proposal_is_the_next_version(world):
    first, second = world.schedule(), world.schedule(minimum="7000000", adopted=False)
    assert (first.version, second.version, second.state) == (1, 2, "proposed")


@pytest.mark.parametrize(
    "terms",
    [
        {"mode": "auction"},
        {"discount": "1/10"},
        {"tiers": [{"from": "0", "until": "10", "price": "1"}, {"from": "20", "until": None, "price": "1"}]},
        {"tiers": [{"from": "0", "until": None, "price": "-1"}]},
    ],
)
def test_terms_that_cannot_be_rated_are_refused(world, terms):
    with pytest.raises((TariffRefused, services.schedules.rates.BadTerms)):
        world.schedule(**terms)
    assert not Schedule.objects.exists()


def test_a_licensee_sees_what_is_published_and_no_draft(world):
    world.schedule()
    world.schedule(minimum="7000000", adopted=False)
    assert [row.version for row in selectors.schedules.visible_to(world.licensee("robo"))] == [1]
    assert not selectors.schedules.visible_to(world.member("tetsu")).exists()


def test_only_legal_adopts(world):
    with pytest.raises(NotAllowed):
        services.schedules.adopt(world.schedule(adopted=False), **world.by("finance"))


def test_a_price_list_for_a_field_that_did_not_come_in_is_refused(allocated_world):
    world = allocated_world
    world.narrow("tetsu", fields=["vehicles"])
    with pytest.raises(WiderThanCameIn, match="robotics"):
        world.schedule("S-NEW", adopted=False)


def test_a_list_is_not_adopted_while_data_behind_a_release_is_excluded_from_licensing(allocated_world):
    world = allocated_world
    contributed.exclusions.declare(
        world.of("tetsu"), purposes=["licensing"], valid_from=date(2026, 5, 1), **world.by("tetsu")
    )
    proposed = world.schedule(adopted=False)
    with pytest.raises(NotPermitted) as refusal:
        services.schedules.adopt(proposed, **world.by("legal"))
    assert "D-tetsu-0001@1" in refusal.value.text("ja")
    assert Schedule.objects.get().state == "proposed"
