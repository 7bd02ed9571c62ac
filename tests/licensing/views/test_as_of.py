"""Licensing's lists as of another day: agreements, obligations, price lists, fields and bodies as they then stood."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from contributions.core import evidence
from contributions.core.roles import Viewer
from licensing import services

LATER = "This is not how things stand today."


@pytest.fixture
def shown() -> Callable[..., str]:
    """What one of the cast reads at an address."""

    def read(world, username: str, path: str) -> str:
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.user(username))
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode()

    return read


def test_the_register_of_licences_is_that_of_the_day(licensed_world, shown):
    world = licensed_world
    agreement = world.agreement("robo")
    world.wait_until("2026-08-10 09:00")
    services.terminations.terminate(agreement, ground="antisocial", reason="該当", **world.by("legal"))
    unsigned, before, after = (
        shown(world, "legal", f"/agreements/?as_of={day}&format=csv")
        for day in ("2026-06-19", "2026-08-09", "2026-08-10")
    )
    assert agreement.number not in unsigned
    line, ended = (next(row for row in text.splitlines() if agreement.number in row) for text in (before, after))
    assert "in_force" in line and "terminated" in ended
    own = shown(world, "robo", "/agreements/?as_of=2026-08-09")
    assert LATER in own and agreement.number in own and world.agreement("arm").number not in own
    assert "is no date" in shown(world, "legal", "/agreements/?as_of=yesterday")
    life = f"/agreements/{agreement.number}/life/"
    for who in ("legal", "robo"):
        lived, over = (shown(world, who, f"{life}?as_of={day}") for day in ("2026-08-09", "2026-08-10"))
        assert "In force" in lived and "2028-06-23" in lived and "Notice of termination" not in lived
        assert "Terminated" in over and "Notice of termination" in over and 'name="confirm"' not in lived + over
    assert "On 2026-06-19 this was not on record yet." in shown(world, "legal", f"{life}?as_of=2026-06-19")


def test_an_obligation_settled_later_was_open_and_one_raised_later_was_not_there(licensed_world, shown):
    world = licensed_world
    agreement = world.agreement("robo")
    services.obligations.raise_for(agreement, by=Viewer.system("follower"), at=world.clock)
    row = agreement.obligations.filter(party="licensee", money=False, state="open").order_by("due_on").first()
    world.wait_until("2026-08-10 09:00")
    services.obligations.fulfil(row, evidence=evidence.check("report.csv", b"abc"), **world.by("robo"))
    before, after = (
        shown(world, "legal", f"/obligations/?as_of={day}&format=csv&q={row.number}")
        for day in ("2026-08-09", "2026-08-10")
    )
    assert "Done,done" not in before and row.number in before and "Done,done" in after
    assert row.number not in shown(world, "legal", "/obligations/?as_of=2026-06-19&format=csv")
    was, settled = (
        shown(world, "robo", f"/obligations/{row.number}/?as_of={day}") for day in ("2026-08-09", "2026-08-10")
    )
    assert "<dt>Settled</dt>" not in was and 'name="confirm"' not in was and "<dt>Settled</dt>" in settled
    assert "On 2026-06-19 this was not on record yet." in shown(
        world, "legal", f"/obligations/{row.number}/?as_of=2026-06-19"
    )
    assert row.number not in shown(world, "arm", "/obligations/?as_of=2026-08-09&format=csv")


def test_price_lists_fields_and_rules_of_bodies_are_those_in_force_on_the_day(licensed_world, shown):
    world = licensed_world
    world.wait_until("2026-08-01 09:00")
    second = services.schedules.propose(
        number="S-ROBOT", name_ja="ロボット改定", name_en="Robots revised", field_of_use="robotics",
        licensee_class="japanese", terms=world.agreement("robo").schedule.terms, valid_from=date(2026, 9, 1),
        **world.by("legal"),
    )  # fmt: skip
    services.schedules.adopt(second, **world.by("second"))
    services.fields.list_field(
        code="maritime", name_ja="海事", name_en="Maritime", valid_from=date(2026, 9, 1), **world.by("legal")
    )
    old, new = (shown(world, "robo", f"/schedules/?as_of={day}&format=csv") for day in ("2026-08-31", "2026-09-01"))
    assert "Robots revised" not in old and "Robots" in old and "Robots revised" in new
    fields = [shown(world, "legal", f"/schedules/fields/?as_of={day}") for day in ("2026-08-31", "2026-09-01")]
    assert ["Maritime" in text for text in fields] == [False, True]
    assert LATER in shown(world, "legal", "/bodies/?as_of=2026-06-01")
