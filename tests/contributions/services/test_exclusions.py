"""Exclusions: a member names whom and what its data must not serve, and only it and the secretariat know."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import exclusions as rules
from contributions.core.roles import NotAllowed
from contributions.models import Entry, Organization

DAY = date(2026, 5, 1)


def declare(world, *, by="tetsu", rival="hagane", **more):
    return services.exclusions.declare(
        world.of(by),
        rival=Organization.objects.get(code=rival) if rival else None,
        valid_from=DAY, by=world.member(by), at=world.clock, **more,
    )  # fmt: skip


def test_a_declaration_is_numbered_within_its_member_and_stands_in_the_journal(contributed_world):
    world = contributed_world
    exclusion = declare(world, purposes=["training"])
    assert exclusion.number == "X-tetsu-0001"
    assert Entry.objects.get(seq=exclusion.seq).kind == "exclusion.declared"


def test_naming_a_rival_holds_both_ways_from_its_day_until_it_is_lifted(contributed_world):
    world = contributed_world
    exclusion = declare(world)
    assert "hagane" in selectors.exclusions.rivals_of("tetsu", at=DAY)
    assert "tetsu" in selectors.exclusions.rivals_of("hagane", at=DAY)
    assert not selectors.exclusions.rivals_of("tetsu", at=date(2026, 4, 30))
    services.exclusions.lift(exclusion, lifted_from=date(2026, 6, 1), by=world.member("tetsu"), at=world.clock)
    assert not selectors.exclusions.rivals_of("tetsu", at=date(2026, 6, 1))
    assert selectors.exclusions.rivals_of("tetsu", at=date(2026, 5, 31)) == {"hagane"}


def test_what_was_known_before_the_lifting_can_still_be_asked(contributed_world):
    world = contributed_world
    exclusion = declare(world)
    lifted = services.exclusions.lift(exclusion, lifted_from=DAY, by=world.member("tetsu"), at=world.clock)
    assert selectors.exclusions.as_of(DAY) == []
    assert [one.number for one in selectors.exclusions.as_of(DAY, known_at=lifted.lifted_seq)] == ["X-tetsu-0001"]
    assert selectors.exclusions.as_of(DAY, known_at=exclusion.seq) == []


def test_the_one_that_was_named_never_reads_it(contributed_world):
    world = contributed_world
    declare(world)
    assert selectors.exclusions.visible_to(world.member("tetsu")).count() == 1
    assert selectors.exclusions.visible_to(world.viewer("legal")).count() == 1
    for viewer in (world.member("hagane"), world.nowhere(), world.viewer("reviewer"), world.viewer("finance"), None):
        assert not selectors.exclusions.visible_to(viewer).exists()
    assert not selectors.journal.open_to(world.member("hagane")).filter(kind="exclusion.declared").exists()


def test_what_would_exclude_nothing_or_oneself_is_refused(contributed_world):
    world = contributed_world
    with pytest.raises(rules.NothingExcluded):
        declare(world, rival=None)
    with pytest.raises(rules.OwnGroup):
        declare(world, rival="tetsu")
    with pytest.raises(NotAllowed):
        services.exclusions.declare(world.of("tetsu"), purposes=["x"], valid_from=DAY, **world.by("finance"))
    lifted = services.exclusions.lift(declare(world), lifted_from=DAY, by=world.member("tetsu"), at=world.clock)
    with pytest.raises(rules.AlreadyLifted):
        services.exclusions.lift(lifted, lifted_from=DAY, by=world.member("tetsu"), at=world.clock)
