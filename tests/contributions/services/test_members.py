"""Members change class and leave; stakes are declared and corrected; every day stays readable."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import members as rules
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Stake

JULY, LAST = date(2026, 7, 1), date(2026, 6, 30)


def test_a_class_changes_from_a_day_and_the_past_keeps_the_old_one(world):
    member = services.members.reclassify(
        world.of("tetsu"), member_class="investor", valid_from=JULY, **world.by("legal")
    )
    assert member.member_class == "investor"
    classes = selectors.members.classes_on
    assert (classes(LAST)[member.pk], classes(JULY)[member.pk]) == ("founder", "investor")
    with pytest.raises(rules.SameClass):
        services.members.reclassify(member, member_class="investor", valid_from=JULY, **world.by("legal"))


def test_a_checkpoint_before_the_change_still_tells_the_old_class(world):
    sealed = world.seal()
    member = services.members.reclassify(
        world.of("tetsu"), member_class="investor", valid_from=date(2026, 4, 1), **world.by("legal")
    )
    assert selectors.members.classes_on(JULY)[member.pk] == "investor"
    assert selectors.members.classes_on(JULY, known_at=sealed.size)[member.pk] == "founder"


def test_a_member_that_left_is_none_from_its_day_on(world):
    services.members.withdraw(world.of("tetsu"), withdrawn_on=JULY, **world.by("legal"))

    def members(day):
        return {one.code for one in selectors.members.as_of(world.viewer("legal"), day)}

    assert "tetsu" in members(LAST) and "tetsu" not in members(JULY)
    assert Entry.objects.get(kind="member.withdrawn").member == "tetsu"
    with pytest.raises(rules.AlreadyWithdrawn):
        services.members.withdraw(world.of("tetsu"), withdrawn_on=JULY, **world.by("legal"))


def test_what_a_member_that_left_gave_stops_counting_in_the_datasets_standing(contributed_world):
    services.members.withdraw(contributed_world.of("tetsu"), withdrawn_on=JULY, **contributed_world.by("legal"))
    viewer = contributed_world.viewer("legal")
    (before,) = selectors.datasets.standings(viewer, LAST, member="tetsu")
    (after,) = selectors.datasets.standings(viewer, JULY, member="tetsu")
    assert before.counts and not after.counts


@pytest.mark.parametrize("username", ["finance", "desk", "tetsu", "auditor"])
def test_only_legal_changes_members_and_stakes(world, username):
    stake = Stake.objects.get(member=world.of("tetsu"))
    for verb in (
        lambda by: services.members.withdraw(world.of("tetsu"), withdrawn_on=JULY, **by),
        lambda by: services.members.reclassify(world.of("tetsu"), member_class="investor", valid_from=JULY, **by),
        lambda by: services.stakes.restate(stake, share="1/5", valid_from=JULY, **by),
    ):
        with pytest.raises(NotAllowed):
            verb(world.by(username))
