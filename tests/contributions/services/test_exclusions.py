"""Exclusions: a member names whom and what its data must not serve, and only it and the secretariat know."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import exclusions as rules
from contributions.core.kinds import OF_DATA
from contributions.core.roles import NotAllowed, NotYours
from contributions.models import Dataset, DatasetVersion, Entry, Organization

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


def test_what_stands_is_not_declared_twice(contributed_world):
    world = contributed_world
    exclusion = declare(world, purposes=["training", "licensing"])
    with pytest.raises(rules.StatedAlready, match="X-tetsu-0001, from 2026-05-01"):
        declare(world, purposes=["licensing", "training"])
    declare(world, purposes=["training"])
    services.exclusions.lift(exclusion, lifted_from=DAY, by=world.member("tetsu"), at=world.clock)
    assert declare(world, purposes=["training", "licensing"]).number == "X-tetsu-0003"


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
        services.exclusions.declare(world.of("tetsu"), purposes=["training"], valid_from=DAY, **world.by("finance"))
    lifted = services.exclusions.lift(declare(world), lifted_from=DAY, by=world.member("tetsu"), at=world.clock)
    with pytest.raises(rules.AlreadyLifted):
        services.exclusions.lift(lifted, lifted_from=DAY, by=world.member("tetsu"), at=world.clock)


def test_a_purpose_nobody_knows_and_a_dataset_of_another_are_refused(contributed_world):
    world = contributed_world
    with pytest.raises(rules.UnknownPurpose):
        declare(world, purposes=["x"])
    with pytest.raises(services.exclusions.NotYourDataset):
        declare(world, dataset=Dataset.objects.get(number="D-hagane-0001"))
    with pytest.raises(NotYours):
        services.exclusions.declare(world.of("tetsu"), purposes=["training"], valid_from=DAY, **world.by("hagane"))
    standing, before = declare(world), date(2026, 4, 1)
    with pytest.raises(rules.LiftedBefore):
        services.exclusions.lift(standing, lifted_from=before, by=world.member("tetsu"), at=world.clock)


def test_the_secretariat_declares_for_a_member_whom_it_cannot_see(contributed_world):
    world = contributed_world
    outsider = Organization.objects.get(code="robo")
    made = services.exclusions.declare(world.of("tetsu"), rival=outsider, valid_from=DAY, **world.by("legal"))
    assert selectors.exclusions.visible_to(world.member("tetsu")).get() == made


def use(world, by="legal", served=("hagane",), purpose="training", on=DAY):
    versions = DatasetVersion.objects.filter(dataset__number="D-tetsu-0001").select_related("dataset__member")
    services.exclusions.check_use(versions, purpose=purpose, served=served, on=on, by=world.viewer(by))


def test_a_use_is_refused_to_the_rival_and_its_group_from_the_day_on_and_only_for_what_was_named(contributed_world):
    world = contributed_world
    services.exclusions.declare(
        world.of("hagane"), rival=Organization.objects.get(code="tetsu"), valid_from=DAY, **world.by("hagane")
    )
    declare(world, purposes=["training"])
    with pytest.raises(rules.NotPermitted):
        use(world)
    use(world, on=date(2026, 4, 30))
    use(world, purpose="evaluation")
    use(world, served=["ginko"])


def test_who_may_not_know_reads_nothing_but_that_it_cannot_be_had(contributed_world):
    world = contributed_world
    declare(world)
    with pytest.raises(rules.NotPermitted) as told:
        use(world)
    assert "D-tetsu-0001@1" in told.value.text("ja") and "hagane" not in told.value.text("en")
    with pytest.raises(rules.NotAvailable) as refused:
        use(world, by="robo")
    for language in ("ja", "en"):
        said = refused.value.text(language)
        assert not any(name in said for name in ("tetsu", "hagane", "鉄山", "鋼野", "D-"))


def test_a_check_tells_its_member_that_it_was_respected_and_nothing_of_others(licensed_world):
    world, find = licensed_world, Organization.objects.get
    before, later = (
        services.exclusions.declare(world.of("tetsu"), rival=find(code=code), valid_from=day, **world.by("legal"))
        for code, day in (("robo", date(2026, 4, 1)), ("arm", date(2026, 11, 1)))
    )
    checks = services.exclusions.check_all(on=date(2026, 11, 1), **licensed_world.by("auditor"))
    assert [(check.exclusion, check.respected) for check in checks] == [(before, False), (later, True)]
    november = {"on": date(2026, 11, 2), "unless_since": date(2026, 11, 1)}
    assert services.exclusions.check_all(**november, **licensed_world.by("auditor")) == []
    told = bytes(Entry.objects.get(seq=checks[0].seq).statement.content).decode()
    assert not any(word in told for word in ("robo", "L-2026", "TR-", "licens")), "no licensee, run or licence is named"
    assert selectors.exclusions.checks_visible_to(licensed_world.member("tetsu")).count() == 2
    assert not selectors.exclusions.checks_visible_to(licensed_world.member("hagane")).exists()
    with pytest.raises(NotAllowed):
        services.exclusions.check_all(on=DAY, **licensed_world.by("tetsu"))


def test_finance_reads_nothing_about_data_and_exclusions_in_the_journal(contributed_world):
    world = contributed_world
    declare(world)
    kinds = set(selectors.journal.open_to(world.viewer("finance")).values_list("kind", flat=True))
    assert kinds and not kinds & set(OF_DATA)
