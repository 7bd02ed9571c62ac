"""A caller of the API: one of the cast, signed in, speaking English unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from world import World, tell


@pytest.fixture
def call(db) -> Callable[..., Client]:
    def signed_in(username: str, language: str = "en", **options) -> Client:
        client = Client(headers={"accept-language": language}, **options)
        client.force_login(World().user(username))
        return client

    return signed_in


@pytest.fixture
def contributed(db) -> World:
    """Everything has been put in."""
    return tell("contribute")
