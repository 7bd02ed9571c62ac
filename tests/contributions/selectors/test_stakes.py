"""Stakes as of a day: the last one to begin by then."""

from __future__ import annotations

from datetime import date

from contributions import selectors, services


def test_a_later_stake_replaces_the_earlier_from_its_own_day(world):
    day = date(2026, 7, 1)
    services.stakes.declare(world.of("kuruma"), share="0", valid_from=day, **world.by("legal"))
    services.stakes.declare(world.of("tetsu"), share="1/2", valid_from=day, **world.by("legal"))

    def shares(day):
        return {row.member.code: row.share for row in selectors.stakes.as_of(world.viewer("legal"), day)}

    assert shares(date(2026, 3, 31)) == {}
    assert shares(date(2026, 6, 30))["tetsu"] == "1/4"
    assert shares(date(2026, 7, 1)) == {"ginko": "1/4", "hagane": "1/4", "kuruma": "0", "tetsu": "1/2"}


def test_a_member_sees_its_own_stake_and_nobody_elses(world):
    found = selectors.stakes.as_of(world.member("tetsu"), date(2026, 6, 1))
    assert [row.member.code for row in found] == ["tetsu"]
