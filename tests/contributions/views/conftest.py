"""Pages are opened in a browser's place: signed in as one of the cast, in English unless a test says otherwise."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def reader():
    """`reader("tetsu")` is a client signed in as tetsu's officer."""

    def signed_in(username: str, language: str = "en") -> Client:
        import world

        client = Client(headers={"accept-language": language})
        client.force_login(
            world.User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signed_in


@pytest.fixture
def text():
    """The body of a page."""
    return lambda response: response.content.decode()
