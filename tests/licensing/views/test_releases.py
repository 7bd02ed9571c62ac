"""A release as each workplace may know it: whose data it was trained on is never told to a rival."""

from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def page(client, world, username: str) -> str:
    client.force_login(world.user(username))
    return client.get(reverse("licensing:release", args=["R-0.1"])).content.decode()


def test_legal_sees_the_runs_and_every_version_they_used(client, allocated_world):
    said = page(client, allocated_world, "legal")
    assert "TR-0001" in said
    assert said.count("/datasets/") >= 2


def test_a_member_sees_its_own_versions_only(client, allocated_world):
    said = page(client, allocated_world, "tetsu")
    assert "高炉" in said
    assert "転炉" not in said
    assert "TR-0001" not in said


def test_a_licensee_sees_its_release_and_neither_runs_nor_data(client, licensed_world):
    said = page(client, licensed_world, "robo")
    assert "9c" * 32 in said
    assert not any(word in said for word in ("高炉", "転炉", "TR-0001", "鉄山製鋼"))


def test_licences_are_counted_for_those_who_may_see_contracts(client, licensed_world):
    assert "効力のある利用契約" in page(client, licensed_world, "finance")
    assert "効力のある利用契約" not in page(client, licensed_world, "tetsu")
    assert "効力のある利用契約" not in page(client, licensed_world, "desk")


def test_a_release_is_closed_to_whom_it_is_not_licensed(client, allocated_world):
    client.force_login(allocated_world.user("robo"))
    assert client.get(reverse("licensing:release", args=["R-0.1"])).status_code == 404
