"""An address may ask so often an hour, each door for itself, and its count is forgotten with the hour."""

import pytest

from licensing.adapters import limits


@pytest.fixture(autouse=True)
def _from_nothing():
    limits.forget()
    yield
    limits.forget()


def test_an_address_is_held_back_after_its_number_and_others_are_not():
    passed = [limits.allow("paper", "192.0.2.1", 2, clock=lambda: 0) for _n in range(3)]
    assert passed == [True, True, False]
    assert limits.allow("paper", "192.0.2.2", 2, clock=lambda: 0)
    assert limits.allow("call", "192.0.2.1", 2, clock=lambda: 0)


def test_the_count_begins_anew_with_the_hour():
    assert limits.allow("paper", "192.0.2.1", 1, clock=lambda: 0)
    assert not limits.allow("paper", "192.0.2.1", 1, clock=lambda: limits.WINDOW_SECONDS - 1)
    assert limits.allow("paper", "192.0.2.1", 1, clock=lambda: limits.WINDOW_SECONDS)


def test_so_many_addresses_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr(limits, "KEPT_MAX", 3)
    for number in range(5):
        limits.allow("paper", f"192.0.2.{number}", 1, clock=lambda: 0)
    assert limits.allow("paper", "192.0.2.0", 1, clock=lambda: 0), "the oldest is forgotten"
    assert not limits.allow("paper", "192.0.2.4", 1, clock=lambda: 0)
