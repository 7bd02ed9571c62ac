"""The first page of each workplace: what waits for it, its figures, its latest entries, and nobody else's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from licensing.models import Allocation

pytestmark = pytest.mark.django_db
EVERYBODY = ("legal", "finance", "desk", "auditor", "reviewer", "tetsu", "robo", "operator")


def inbox(client, world, username: str) -> str:
    client.force_login(world.user(username))
    answer = client.get(reverse("licensing:inbox"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("username", EVERYBODY)
def test_every_workplace_has_an_inbox(client, settled_world, username):
    assert "受信箱" in inbox(client, settled_world, username)


def test_what_waits_leads_to_its_page(client, allocated_world):
    later = allocated_world.run()
    page = inbox(client, allocated_world, "desk")
    assert reverse("licensing:allocation", args=[later.number]) in page


def test_a_member_sees_its_share_of_the_release_and_no_rival(client, settled_world):
    allocation = Allocation.objects.get()
    own, rival = (allocation.shares.get(member__organization__code=code).grid_units for code in ("tetsu", "hagane"))
    page = inbox(client, settled_world, "tetsu")
    assert f"{own // 10_000}.{own % 10_000:04d}" in page
    assert f"{rival // 10_000}.{rival % 10_000:04d}" not in page
    assert not any(name in page for name in ("鋼野製鉄", "hagane", "ロボ工業", "腕木製作所"))


def test_a_licensee_sees_nothing_of_the_other_nor_of_members(client, settled_world):
    page = inbox(client, settled_world, "robo")
    assert not any(name in page for name in ("腕木製作所", "鉄山製鋼", "鋼野製鉄", "車田自動車", "銀河銀行"))


def test_finance_sees_what_came_in_and_what_is_owed(client, settled_world):
    page = inbox(client, settled_world, "finance")
    for label in ("未収額（税込）", "当四半期の入金", "支払前の分配額"):
        assert label in page


def test_the_inbox_is_closed_to_strangers(client, settled_world):
    assert client.get(reverse("licensing:inbox")).status_code == 302
