"""A caller of the API: one of the cast, signed in, speaking English unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from world import World, tell


@pytest.fixture
def call(db) -> Callable[..., Client]:
    def signed_in(username: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(World().user(username))
        return client

    return signed_in


@pytest.fixture
def post(call) -> Callable:
    """POST as one of the cast: post("finance", "usage/U-0001/accept", amount="1")."""

    def sent(username: str, address: str, *, language: str = "en", **body):
        return call(username, language).post(f"/api/v1/{address}/", body, content_type="application/json")

    return sent


@pytest.fixture
def allocated(db) -> World:
    """An allocation is adopted."""
    return tell("allocate")


@pytest.fixture
def licensed(db) -> World:
    """Two rivals hold a licence."""
    return tell("license")


@pytest.fixture
def settled(db) -> World:
    """Both have paid, and the money waits for the members."""
    return tell("settle")
