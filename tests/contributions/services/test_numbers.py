"""Numbers that people quote: gapless within their prefix, whatever stands beside it."""

from __future__ import annotations

import pytest
from django.db import transaction

from contributions import services
from contributions.models import Dataset


@pytest.fixture
def numbered(world):
    def entered(*numbers: str) -> None:
        member = world.of("tetsu")
        Dataset.objects.bulk_create(
            Dataset(seq=0, number=number, member=member, name_ja="x", name_en="x", modality="plant")
            for number in numbers
        )

    return entered


def take(prefix: str = "D-tetsu") -> str:
    with transaction.atomic():
        return services.numbers.take(Dataset, prefix)


def test_the_first_number_is_one(world):
    assert take() == "D-tetsu-0001"


def test_the_next_number_follows_the_last(numbered):
    numbered("D-tetsu-0001", "D-tetsu-0002")
    assert take() == "D-tetsu-0003"


def test_another_prefix_counts_by_itself(numbered):
    numbered("D-tetsu-0007", "D-hagane-0002")
    assert (take(), take("D-hagane"), take("D-ginko")) == ("D-tetsu-0008", "D-hagane-0003", "D-ginko-0001")


def test_a_prefix_that_begins_like_another_is_another(numbered):
    """A company and its second company: tetsu and tetsu-2."""
    numbered("D-tetsu-0005", "D-tetsu-2-0001")
    assert (take(), take("D-tetsu-2")) == ("D-tetsu-0006", "D-tetsu-2-0002")


def test_after_9999_comes_10000_and_then_10001(numbered):
    numbered("D-tetsu-9999")
    assert take() == "D-tetsu-10000"
    numbered("D-tetsu-10000")
    assert take() == "D-tetsu-10001"
