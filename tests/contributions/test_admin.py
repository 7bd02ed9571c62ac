"""The operator's windows: they open, nothing in them can be changed, and nobody else gets in."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client


@pytest.fixture
def operator(contributed_world) -> Client:
    user = contributed_world.user("operator")
    user.is_staff = user.is_superuser = True
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def windows() -> list[str]:
    return [m._meta.model_name for m in admin.site._registry if m._meta.app_label == "contributions"]


def test_every_window_opens_and_none_can_be_written(operator):
    assert "entry" not in windows() and "dataset" not in windows()
    for name in windows():
        assert operator.get(f"/admin/contributions/{name}/").status_code == 200
        assert operator.get(f"/admin/contributions/{name}/add/").status_code == 403


def test_a_member_does_not_get_in(contributed_world):
    client = Client()
    client.force_login(contributed_world.user("tetsu"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/contributions/organization/").status_code == 302
