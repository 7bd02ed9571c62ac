"""Which uses a declaration bars: by rival, by purpose, by dataset, by day."""

from datetime import date

import pytest

from contributions.core.exclusions import Exclusion, Use, conflicts

DAY = date(2026, 5, 1)
USE = Use(dataset="D-a-0001", member="a", purpose="training", served=frozenset({"b", "c"}))


def exclusion(**changes) -> Exclusion:
    given = {"number": "X-a-0001", "member": "a", "rival": "b", "purposes": (), "dataset": None, "start": DAY}
    return Exclusion(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "is_broken"),
    [
        ({}, True),
        ({"rival": "d"}, False),
        ({"rival": None, "purposes": ("training",)}, True),
        ({"rival": None, "purposes": ("resale",)}, False),
        ({"purposes": ("resale",)}, False),
        ({"dataset": "D-a-0001"}, True),
        ({"dataset": "D-a-0002"}, False),
        ({"member": "b"}, False),
        ({"start": date(2026, 5, 2)}, False),
        ({"until": DAY}, False),
        ({"until": date(2026, 5, 2)}, True),
    ],
)
def test_a_use_is_barred_by_rival_purpose_dataset_and_day(changes, is_broken):
    assert bool(conflicts([exclusion(**changes)], USE, DAY)) is is_broken


def test_every_declaration_that_bars_is_named_in_order():
    both = [exclusion(number="X-a-0002"), exclusion()]
    assert [one.number for one in conflicts(both, USE, DAY)] == ["X-a-0001", "X-a-0002"]
