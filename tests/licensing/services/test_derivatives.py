"""Derivatives: registered in lineage, stacked exactly, decided by legal, and no rival sees them."""

from datetime import date, timedelta

import pytest

import world as cast
from licensing import selectors, services
from licensing.core.derivatives import Circular, NotPassedOn, ParentOpen, ParentUnknown, UsedTooEarly, UsedTooLate
from licensing.core.lives import NotInForce
from licensing.services.derivatives import DecidedAlready, NotYourDerivative

KEPT = {"prohibited": True, "residency": True, "export": True}


def register(world, code: str = "robo", *, by: str = "", **more):
    given = {
        "name": "調整モデル",
        "kind": "fine-tune",
        "purpose": "把持",
        "data_category": "自社の軌跡",
        "parents": [{"model": "R-0.1", "weight": "1"}],
        "use_from": date(2026, 9, 1),
        "passed_on": KEPT,
        "rate": "5/100",
    }
    return services.derivatives.register(world.agreement(code), **(given | more), **world.by(by or code))


def test_a_family_stacks_and_a_circle_is_refused(licensed_world):
    world = licensed_world
    with pytest.raises(NotInForce):
        register(world)
    world.wait_until("2026-07-01 09:00")
    first = register(world)
    merged = register(
        world,
        name="統合",
        kind="merge",
        parents=[{"model": "R-0.1", "weight": "1/3"}, {"model": first.number, "weight": "2/3"}],
    )
    assert merged.stack["total"] == "1/30" and merged.stack["policy"] == "all_ancestors"
    with pytest.raises(Circular) as refusal:
        services.derivatives.revise(first, parents=[{"model": merged.number, "weight": "1"}], **world.by("robo"))
    assert f"{first.number} → {merged.number} → {first.number}" in refusal.value.text("ja")
    with pytest.raises(ParentOpen) as refusal:
        services.derivatives.approve(merged, **world.by("legal"))
    assert first.number in refusal.value.text("ja")
    approved = services.derivatives.approve(first, **world.by("legal"))
    assert approved.state == "approved"
    with pytest.raises(DecidedAlready):
        services.derivatives.refuse(first, reason="x", **world.by("legal"))
    assert services.derivatives.refuse(merged, reason="重みが不明", **world.by("second")).reason == "重みが不明"
    notice = services.derivatives.notice_of(first, world.clock.date())
    assert "第5条" in notice and "リバースエンジニアリング" in notice, "whoever receives it reads what binds it"


@pytest.mark.slow
def test_a_merge_runs_through_two_agreements_of_one_licensee_while_both_are_in_force(licensed_world):
    world = licensed_world
    world.wait_until("2026-07-01 09:00")
    first = register(world)
    second = world.execute(world.draft("robo"))
    half = [{"model": "R-0.1", "weight": "1/2"}, {"model": first.number, "weight": "1/2"}]
    given = {"name": "統合", "kind": "merge", "purpose": "把持", "data_category": "軌跡", "parents": half, "rate": "0",
             "use_from": date(2026, 9, 1), "passed_on": KEPT}  # fmt: skip
    merged = services.derivatives.register(cast.fresh(second), **given, **world.by("robo"))
    assert merged.stack["total"] == "1/40", "half of what its parent asks; the release asks nothing"
    services.terminations.suspend(cast.fresh(first.agreement), reason="確認", **world.by("legal"))
    with pytest.raises(NotInForce):
        services.derivatives.register(cast.fresh(second), **given, **world.by("robo"))


def test_a_rival_neither_sees_nor_builds_on_them(licensed_world):
    world = licensed_world
    world.wait_until("2026-07-01 09:00")
    first = register(world)
    assert not selectors.derivatives.visible_to(world.licensee("arm")).exists()
    assert not selectors.derivatives.visible_to(world.viewer("finance")).exists()
    assert selectors.derivatives.waiting_for(world.viewer("legal")).get() == first
    with pytest.raises(NotYourDerivative):
        register(world, by="arm")
    with pytest.raises(ParentUnknown):
        register(world, "arm", parents=[{"model": first.number, "weight": "1"}])
    assert register(world, "arm").number == "V-arm-001", "numbers are the licensee's own and tell nothing of others"
    with pytest.raises(NotPassedOn):
        register(world, passed_on=KEPT | {"export": False})
    with pytest.raises(UsedTooEarly):
        register(world, use_from=date(2026, 7, 5))
    last = world.agreement("robo").term_until - timedelta(days=1)
    with pytest.raises(UsedTooLate) as refusal:
        register(world, use_from=last + timedelta(days=1))
    assert str(last) in refusal.value.text("ja") and register(world, use_from=last, name="末日").use_from == last
