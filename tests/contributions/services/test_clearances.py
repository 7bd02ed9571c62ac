"""Clean-team grants: named, purposed, time-boxed, and known to the member whose material they open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contributions import selectors, services
from contributions.core import people as rules
from contributions.core.roles import NotAllowed
from contributions.models import Annex, Clearance, Entry, Organization

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)


@pytest.fixture
def divided(world):
    world.rivals("tetsu", "hagane")
    world.second()
    return world


def test_a_grant_is_journaled_as_the_rivals_own_line_and_its_purpose_can_be_erased(divided):
    clearance = divided.clear_person("lent", "tetsu", start=FIRST, until=LAST)
    assert clearance.number == "CT-tetsu-0001"
    entry = Entry.objects.get(kind="cleanteam.granted")
    assert entry.member == "tetsu"
    assert "受入れの確認" not in bytes(entry.statement.content).decode()
    assert Annex.objects.get(entry=entry).name == "purpose.txt"


def test_the_member_reads_who_may_see_its_material_and_the_rival_does_not(divided):
    divided.clear_person("lent", "tetsu", start=FIRST, until=LAST)
    seen = selectors.clearances.visible_to
    assert seen(divided.member("tetsu")).count() == 1 and seen(divided.viewer("auditor")).count() == 1
    for username in ("hagane", "kuruma", "finance", "desk", "robo", "operator"):
        assert not seen(divided.viewer(username)).exists(), username


def test_nobody_clears_themselves_nor_lets_others_in_where_they_are_barred(divided):
    divided.wait_until("2026-05-02 09:00")
    days = {"valid_from": FIRST, "valid_until": LAST}
    tetsu = Organization.objects.get(code="tetsu")
    with pytest.raises(rules.OwnGrant):
        services.clearances.grant(divided.user("lent"), rival=tetsu, purpose="x", **days, **divided.by("lent"))
    divided.second("lent-desk")
    with pytest.raises(rules.GranterBarred):
        services.clearances.grant(divided.user("lent-desk"), rival=tetsu, purpose="x", **days, **divided.by("lent"))
    with pytest.raises(NotAllowed):
        services.clearances.grant(divided.user("lent"), rival=tetsu, purpose="x", **days, **divided.by("desk"))
    assert not Clearance.objects.exists()


def test_no_grant_is_given_over_somebody_who_is_no_rival_or_for_too_long(divided, settings):
    with pytest.raises(rules.NotARival):
        divided.clear_person("lent", "kuruma", start=FIRST, until=LAST)
    settings.CLEAN_TEAM_DAYS_MAX = 29
    with pytest.raises(rules.TooLong, match="29"):
        divided.clear_person("lent", "tetsu", start=FIRST, until=LAST)


def test_a_grant_ends_once(divided):
    clearance = divided.clear_person("lent", "tetsu", start=FIRST, until=LAST)
    day = FIRST + timedelta(days=3)
    services.clearances.end(clearance, ended_from=day, **divided.by("legal"))
    assert not selectors.clearances.in_force(Clearance.objects.all(), day).exists()
    assert selectors.clearances.in_force(Clearance.objects.all(), day - timedelta(days=1)).exists()
    with pytest.raises(rules.AlreadyRevoked):
        services.clearances.end(clearance, ended_from=day, **divided.by("legal"))


def test_a_lifted_declaration_lifts_the_bar(divided):
    exclusion = divided.of("tetsu").exclusions.get()
    services.exclusions.lift(exclusion, lifted_from=date(2026, 4, 1), **divided.by("tetsu"))
    assert divided.viewer("lent").barred == frozenset()


def test_a_move_to_another_employer_lifts_the_bar_from_its_day(divided):
    services.people.move(
        divided.user("lent"), home=Organization.objects.get(code="kuruma"), valid_from=date(2026, 6, 1),
        **divided.by("legal"),
    )  # fmt: skip
    assert divided.viewer("lent").barred == {"tetsu", "tetsuken"}
    divided.wait_until("2026-06-01 09:00")
    assert divided.viewer("lent").barred == frozenset()


def test_a_rivals_employee_in_an_office_sees_neither_its_breaches_nor_its_grants_of_state_money(divided):
    version = divided.dataset("tetsu", "高炉")
    divided.wait_until(f"{FIRST} 09:00")
    services.residency.record(
        version=version, country="SG", region="", since=divided.clock.date(), found="secretariat", **divided.by("legal")
    )
    services.funding.register(
        code="F-09", name_ja="補助", name_en="Grant", mode="subsidy", state_rate="1/2", decision_number="N-1",
        decided_on=FIRST, recipient=Organization.objects.get(code="tetsu"), **divided.by("finance"),
    )  # fmt: skip
    source = selectors.funding.visible_to(divided.viewer("legal")).get(code="F-09")
    services.funding.acquire(
        source, name_ja="装置", name_en="Device", acquired_on=FIRST, price=100, **divided.by("finance")
    )
    breaches, sources, assets = (
        selectors.residency.visible_to, selectors.funding.visible_to, selectors.funding.assets_visible_to,
    )  # fmt: skip
    for seen in (breaches, assets):
        assert seen(divided.viewer("legal")).exists() and not seen(divided.viewer("lent")).exists()
    told = {row.code for row in sources(divided.viewer("lent"))}
    assert told == {"F-01", "F-02", "F-03"}, "what is common to all stays open"
    divided.clear_person("lent", "tetsu", start=FIRST, until=LAST)
    divided.wait_until("2026-05-02 09:00")
    assert breaches(divided.viewer("lent")).exists() and sources(divided.viewer("lent")).filter(code="F-09").exists()
