"""What a withdrawal touches: forward only, by the agreement's own words, and to each only what it may know."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services
from contributions.models import Dataset, InboundAgreement
from contributions.selectors import datasets
from licensing import selectors
from licensing.models import Release
from licensing.selectors.impacts import DERIVATIVES

DAY = date(2026, 11, 1)


def impact(world, username, number="D-tetsu-0001"):
    return selectors.impacts.of_withdrawal(world.viewer(username), Dataset.objects.get(number=number), on=DAY)


def test_legal_sees_releases_and_licences_by_name_with_the_cut_off(licensed_world):
    found = impact(licensed_world, "legal")
    assert [(row.number, row.effect, row.cut_off) for row in found.releases] == [("R-0.1", "remains", DAY)]
    assert [row.name.ja for row in found.licences] == ["腕木製作所", "ロボ工業"]
    assert [row.number for row in found.allocations] == ["A-2026-01"]


def test_the_owner_sees_that_there_are_licences_and_not_whose(licensed_world):
    found = impact(licensed_world, "tetsu")
    assert [row.number for row in found.releases] == ["R-0.1"]
    assert found.has_licences and found.licences == ()
    told = str(
        list(datasets.consequences_of(licensed_world.viewer("tetsu"), Dataset.objects.get(number="D-tetsu-0001"), DAY))
    )
    assert "R-0.1" in told and "ロボ" not in told and "robo" not in told and "腕木" not in told


def test_nobody_sees_anything_of_a_rivals_dataset(licensed_world):
    found = impact(licensed_world, "hagane")
    assert found.versions == () and found.rows == () and not found.has_licences


def test_what_has_been_withdrawn_is_cut_off_on_its_own_day_whatever_day_is_asked_for(licensed_world):
    dataset, day = Dataset.objects.get(number="D-tetsu-0001"), date(2026, 12, 1)
    services.datasets.withdraw(dataset, on=day, **licensed_world.by("tetsu"))
    found = impact(licensed_world, "legal")
    assert found.cut_off == day == found.releases[0].cut_off


@pytest.mark.parametrize(("after", "effect"), [("ends", "ends"), ("no-new-training", "no-further-training")])
def test_what_becomes_of_a_release_is_what_its_inbound_agreement_says(licensed_world, after, effect):
    agreement = InboundAgreement.objects.get(organization__code="tetsu")
    assert agreement
    licensed_world.narrow("tetsu", after_withdrawal=after)
    assert [row.effect for row in impact(licensed_world, "legal").releases] == [effect]


def test_what_descends_from_a_touched_release_is_touched_too(licensed_world):
    version = Release.objects.get().runs.get().versions.filter(dataset__member__organization__code="hagane").get()
    child = licensed_world.release("R-0.2", versions=[version], parents={"R-0.1": "1/2"})
    DERIVATIVES.append(lambda viewer, release: [("DM-1", child, DAY)] if release == child else [])
    try:
        found = impact(licensed_world, "legal")
    finally:
        DERIVATIVES.pop()
    assert [row.number for row in found.releases] == ["R-0.1", "R-0.2"]
    assert [row.number for row in found.derivatives] == ["DM-1"]
