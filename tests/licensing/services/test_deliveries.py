"""Deliveries: only in force, checked in time or deemed accepted, and a newer file is owed again."""

from datetime import timedelta

import pytest

from contributions.core.evidence import Evidence
from contributions.core.roles import Viewer
from licensing import selectors, services
from licensing.core.deliveries import AcceptanceOver, ClassificationMissing, NothingToDeliver
from licensing.core.lives import NotInForce
from licensing.models import Download
from licensing.services.deliveries import NotYourDelivery


def test_files_go_to_whom_is_in_force_and_a_newer_one_is_owed_again(licensed_world):
    world = licensed_world
    release = world.agreement("robo").release
    file = services.deliveries.file(release, kind="weights", content=Evidence("w.bin", b"one"), **world.by("legal"))
    with pytest.raises(NotInForce):
        services.deliveries.deliver(world.agreement("robo"), **world.by("legal"))  # before the term
    world.wait_until("2026-07-01 09:00")
    for viewer in (world.viewer("legal"), world.licensee("robo")):
        owed = {
            row.number: [one.name for one in files] for row, files in selectors.deliveries.owed(viewer, at=world.clock)
        }
        assert owed[world.agreement("robo").number] == ["w.bin"]
    assert len(owed) == 1, "a licensee is told of its own alone"
    assert selectors.deliveries.owed(world.viewer("finance"), at=world.clock) == []
    assert selectors.deliveries.lacking(release) == ("card", "classification")
    with pytest.raises(ClassificationMissing) as refusal:
        services.deliveries.deliver(world.agreement("robo"), **world.by("legal"))
    assert "該非判定書" in refusal.value.text("ja") and not world.agreement("robo").deliveries.exists()
    for rival in (world.licensee("arm"), world.viewer("tetsu")):
        assert not selectors.deliveries.files_visible_to(rival).exists(), "neither name nor size of what others get"
    paper = Evidence("gaihi.txt", b"paper")
    services.deliveries.file(release, kind="classification", content=paper, **world.by("legal"))
    delivery = services.deliveries.deliver(world.agreement("robo"), **world.by("legal"))
    assert not selectors.deliveries.files_visible_to(world.licensee("arm")).exists()
    with pytest.raises(NothingToDeliver):
        services.deliveries.deliver(world.agreement("robo"), **world.by("legal"))
    with pytest.raises(NotYourDelivery):
        services.deliveries.take(delivery, file, **world.by("arm"))
    assert services.deliveries.take(delivery, file, **world.by("robo")) == b"one"
    assert Download.objects.get().user.username == "robo"
    assert not selectors.deliveries.visible_to(world.licensee("arm")).exists()
    services.deliveries.receive(delivery, **world.by("robo"))
    services.deliveries.reject(delivery, reason="要約値が不一致", **world.by("robo"))
    assert [row.name for row in selectors.deliveries.owed_under(world.agreement("robo"))] == ["gaihi.txt", "w.bin"]
    services.deliveries.file(release, kind="weights", content=Evidence("w.bin", b"two"), **world.by("legal"))
    second = services.deliveries.deliver(world.agreement("robo"), **world.by("legal"))
    assert sorted(row.size for row in second.files.all()) == [3, 5] and second.number.endswith("-2")
    world.wait_until(f"{second.accept_by + timedelta(days=1)} 09:00")
    assert selectors.deliveries.state_on(second, world.clock.date()) == "deemed", "silence accepts before any task"
    with pytest.raises(AcceptanceOver):
        services.deliveries.reject(second, reason="遅い", **world.by("robo"))
    services.deliveries.deem_due(by=Viewer.system("nightly"), at=world.clock)
    second.refresh_from_db()
    assert second.state == "deemed"
    services.terminations.suspend(world.agreement("robo"), reason="停止", **world.by("legal"))
    with pytest.raises(NotInForce):
        services.deliveries.take(second, second.files.first(), **world.by("robo"))
