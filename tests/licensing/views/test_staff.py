"""The page of a licensee's own people."""

from __future__ import annotations

import pytest
from django.urls import reverse

from contributions.models import RoleGrant, User

COLLEAGUE = {
    "username": "hokoku", "name_ja": "報告", "name_en": "Reporter", "email": "h@example.invalid", "role": "reporter",
    "language": "ja",
}  # fmt: skip


def url(name: str = "staff", *more, code: str = "robo") -> str:
    return reverse(f"licensing:{name}", args=[code, *more])


@pytest.fixture
def owner(client, world):
    client.force_login(world.user("robo"))
    return client


def test_a_colleague_is_invited_given_a_link_another_role_and_removed(owner):
    assert owner.post(url("staff_new"), COLLEAGUE).status_code == 302
    user = User.objects.get(username="robo-hokoku")
    assert "/accounts/" in owner.post(url("staff_link", user.pk)).content.decode()
    first = RoleGrant.objects.get(user=user)
    assert owner.post(url("staff_assign", first.seq), {"role": "engineer"}).status_code == 302
    held = RoleGrant.objects.get(user=user, revoked_from=None)
    assert held.role == "engineer"
    assert owner.post(url("staff_remove", held.seq), {"confirm": "wrong"}).status_code == 422
    assert owner.post(url("staff_remove", held.seq), {"confirm": "robo-hokoku"}).status_code == 302
    assert "robo-hokoku" not in owner.get(url()).content.decode()


def test_a_rivals_people_do_not_exist(owner):
    assert owner.get(url(code="arm")).status_code == 404
    assert owner.post(url("staff_new", code="arm"), COLLEAGUE).status_code == 404


@pytest.mark.parametrize(("username", "status"), [("legal", 200), ("auditor", 200), ("finance", 404), ("tetsu", 404)])
def test_the_secretariats_readers_look_and_change_nothing(client, world, username, status):
    client.force_login(world.user(username))
    assert client.get(url()).status_code == status
    assert client.post(url("staff_new"), COLLEAGUE).status_code == 404
