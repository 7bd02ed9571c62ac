"""Price lists: refused if they cannot be rated, frozen once adopted."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import services as contributed
from contributions.core import canonical
from contributions.core.exclusions import NotPermitted
from contributions.core.independence import OwnDraft
from contributions.core.roles import NotAllowed
from contributions.core.terms import WiderThanCameIn
from contributions.models import Entry, User
from licensing import selectors, services
from licensing.models import Schedule, ScheduleDraft


def test_an_adopted_list_is_published_with_its_terms(world):
    schedule = world.schedule()
    facts = canonical.loads(bytes(Entry.objects.get(seq=schedule.seq).statement.content))["facts"]
    assert (str(schedule), schedule.state, facts["terms"]) == ("S-ROBOT@1", "adopted", schedule.terms)
    assert facts["terms_sha256"] == canonical.sha256_hex(canonical.dumps(schedule.terms)) == schedule.sha256


def test_an_adopted_list_is_not_adopted_again(world):
    with pytest.raises(services.schedules.AlreadyAdopted, match="S-ROBOT"):
        services.schedules.adopt(world.schedule(), **world.by("second"))


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
    with pytest.raises(services.schedules.FaultyTerms):
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


def test_a_price_list_for_a_region_that_did_not_come_in_is_refused_and_named(allocated_world):
    world = allocated_world
    world.narrow("tetsu", territory=["JP"])
    assert world.schedule("S-HOME", regions={"JP": "1"}, adopted=False).state == "proposed"
    with pytest.raises(WiderThanCameIn, match="TH"):
        world.schedule("S-ABROAD", regions={"JP": "1", "TH": "1/2"}, adopted=False)
    assert not Schedule.objects.filter(number="S-ABROAD").exists()


def test_whoever_proposed_a_list_does_not_publish_it_and_reads_who_may(world):
    proposed = world.schedule(adopted=False)
    with pytest.raises(OwnDraft) as refusal:
        services.schedules.adopt(proposed, **world.by("legal"))
    second = User.objects.get(username="second")
    assert second.name_ja in refusal.value.text("ja") and "S-ROBOT@1" in refusal.value.text("en")
    assert services.schedules.adopt(proposed, **world.by("second")).adopted_by_id == second.pk


def test_a_list_is_not_adopted_while_data_behind_a_release_is_excluded_from_licensing(allocated_world):
    world = allocated_world
    contributed.exclusions.declare(
        world.of("tetsu"), purposes=["licensing"], valid_from=date(2026, 5, 1), **world.by("tetsu")
    )
    proposed = world.schedule(adopted=False)
    with pytest.raises(NotPermitted) as refusal:
        services.schedules.adopt(proposed, **world.by("second"))
    assert "D-tetsu-0001@1" in refusal.value.text("ja")
    assert Schedule.objects.get().state == "proposed"


def test_every_fault_of_a_list_is_named_at_once(world):
    with pytest.raises(services.schedules.FaultyTerms) as refusal:
        services.schedules.propose(
            number="S-X", name_ja="x", name_en="x", field_of_use="ships", licensee_class="friend",
            terms={
                "unit": "robot", "mode": "volume", "cap": "y",
                "tiers": [{"from": "0", "until": None, "price": "x"}],
            },
            valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 1), **world.by("legal"),
        )  # fmt: skip
    named = [finding.field for finding in refusal.value.findings]
    assert named == ["tiers.1.price", "cap", "field_of_use", "licensee_class", "valid_until"]


def test_a_field_that_the_consortium_listed_can_be_priced_and_a_closed_one_not(world):
    listed = {"code": "drones", "name_ja": "無人航空機", "name_en": "Drones", "valid_from": date(2026, 5, 1)}
    services.fields.list_field(**listed, **world.by("legal"))
    services.fields.list_field(**listed | {"code": "games", "valid_until": date(2026, 5, 2)}, **world.by("legal"))
    assert selectors.fields.name("drones", date(2026, 6, 1)).en == "Drones"
    proposed = world.schedule(adopted=False)
    for field, fits in (("drones", True), ("games", False)):
        act = {"number": f"S-{field}", "name_ja": "x", "name_en": "x", "field_of_use": field, "terms": proposed.terms}
        act |= {"licensee_class": "other", "valid_from": date(2026, 6, 1)}
        if fits:
            assert services.schedules.propose(**act, **world.by("legal")).version == 1
        else:
            with pytest.raises(services.schedules.FaultyTerms, match="games"):
                services.schedules.propose(**act, **world.by("legal"))
    act |= {"number": proposed.number, "field_of_use": "drones"}
    with pytest.raises(services.schedules.FaultyTerms, match="another field or class"):
        services.schedules.propose(**act, **world.by("legal"))
    with pytest.raises(services.schedules.FaultyTerms, match="decimals"):
        world.schedule("S-THIRD", adopted=False, tiers=[{"from": "0", "until": None, "price": "1/3"}])


def test_a_draft_is_kept_with_its_faults_and_goes_when_it_is_proposed(world):
    draft = services.schedules.save_draft(None, typed={"number": "S-D", "cap": "x"}, revision=0, **world.by("legal"))
    services.schedules.save_draft(draft, typed={"number": "S-D", "cap": "9"}, revision=1, **world.by("legal"))
    with pytest.raises(services.schedules.StaleDraft):
        services.schedules.save_draft(draft, typed={"number": "S-D", "cap": "8"}, revision=1, **world.by("second"))
    assert ScheduleDraft.objects.get().typed["cap"] == "9"
    assert not selectors.schedules.drafts_visible_to(world.viewer("finance")).exists()
    services.schedules.propose(
        number="S-D", name_ja="x", name_en="x", field_of_use="robotics", licensee_class="other",
        terms=world.schedule(adopted=False).terms, valid_from=date(2026, 6, 1), draft=draft, **world.by("legal"),
    )  # fmt: skip
    assert not ScheduleDraft.objects.exists()


def test_a_withdrawn_proposal_is_not_adopted_and_its_number_stays_used(world):
    proposed = services.schedules.withdraw(world.schedule(adopted=False), **world.by("legal"))
    with pytest.raises(services.schedules.NotProposed):
        services.schedules.adopt(proposed, **world.by("second"))
    assert world.schedule().version == 2


def test_the_newest_adopted_version_that_has_begun_is_in_force_until_its_last_day(world):
    first, second = world.schedule(), world.schedule(minimum="7000000")
    Schedule.objects.filter(pk=second.pk).update(valid_from=date(2026, 9, 1), valid_until=date(2026, 12, 1))
    in_force = {day: [row.version for row in selectors.schedules.in_force(day)] for day in (
        date(2026, 5, 31), date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1))}  # fmt: skip
    assert list(in_force.values()) == [[], [1], [2], []]
    assert selectors.schedules.is_in_force(first, date(2026, 8, 31))
    assert not selectors.schedules.is_in_force(first, date(2026, 9, 1)), "signed licences stay on it, new ones do not"


def test_a_list_for_members_is_not_shown_to_strangers(world):
    shown = world.schedule()
    for number, kind in (("S-MEMBER", "member"), ("S-OTHER", "other")):
        services.schedules.adopt(
            services.schedules.propose(
                number=number, name_ja="x", name_en="x", field_of_use="games", licensee_class=kind, terms=shown.terms,
                valid_from=date(2026, 6, 1), **world.by("legal"),
            ), **world.by("second"),
        )  # fmt: skip
    world.schedule("S-DRAFT", adopted=False)
    assert [row.number for row in selectors.guide.schedules_on(date(2026, 7, 1))] == ["S-OTHER", "S-ROBOT"]
    assert selectors.guide.schedule("S-MEMBER", date(2026, 7, 1)) is None
