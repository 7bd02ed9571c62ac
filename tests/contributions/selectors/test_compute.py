"""Metering by month and member, over what the viewer may see."""

from __future__ import annotations

import pytest

import world as cast
from contributions import selectors
from contributions.models import Batch

HOUR = 3600


@pytest.fixture
def metered(world):
    world.wait_until("2026-07-01 09:00")
    world.batch("kuruma", cast.sacct((1, "2026-05-10", 4, 8), (2, "2026-06-10", 1, 8)))
    world.batch("tetsu", cast.sacct((3, "2026-05-11", 2, 4)))
    return world


def by_month(viewer) -> list:
    return [(row["month"].strftime("%Y-%m"), row["gpu_s"] // HOUR) for row in selectors.compute.by_month(viewer)]


def test_the_office_sees_the_sum_of_all_and_a_member_its_own(metered):
    assert by_month(metered.viewer("legal")) == [("2026-05", 32 + 8), ("2026-06", 8)]
    assert by_month(metered.member("kuruma")) == [("2026-05", 32), ("2026-06", 8)]
    assert by_month(metered.member("hagane")) == by_month(None) == []


def test_what_was_reversed_is_not_summed(metered):
    Batch.objects.filter(member__organization__code="tetsu").update(state="reversed")
    assert by_month(metered.viewer("legal")) == [("2026-05", 32), ("2026-06", 8)]


def test_a_member_sees_the_facilities_it_runs_or_has_computed_at(metered):
    def seen(code):
        return sorted(selectors.compute.facilities_visible_to(metered.member(code)).values_list("code", flat=True))

    assert (seen("kuruma"), seen("tetsu"), seen("hagane")) == (["austin", "osaka"], ["osaka"], [])


def test_a_search_for_a_rivals_file_finds_nothing(metered):
    digest = Batch.objects.get(member__organization__code="tetsu").file_sha256
    own = selectors.compute.batches_visible_to(metered.member("tetsu"))
    rivals = selectors.compute.batches_visible_to(metered.member("hagane"))
    assert selectors.compute.matching(own, digest).count() == 1
    assert not selectors.compute.matching(rivals, digest).exists()
