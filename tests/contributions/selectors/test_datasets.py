"""How a dataset version stands, and who sees it."""

from __future__ import annotations

from datetime import date

import world as cast
from contributions import selectors, services

JUNE = date(2026, 6, 1)


def state(version, on: date = JUNE) -> str:
    return selectors.datasets.standing(type(version).objects.get(pk=version.pk), on).state


def test_a_version_goes_from_new_over_review_to_usable(world):
    version = world.dataset("tetsu", "高炉", opened=False)
    assert state(version) == "new"
    services.reviews.open_all(version, **world.by("legal"))
    assert state(version) == "in_review"
    world.clear(version)
    assert state(version) == "usable"


def test_a_pass_begins_and_ends_on_its_days(world):
    version = world.clear(world.dataset("tetsu", "高炉"))
    states = [state(version, day) for day in (date(2026, 4, 30), date(2026, 5, 1), date(2028, 3, 31), date(2028, 4, 1))]
    assert states == ["in_review", "usable", "usable", "expired"]


def test_one_refusal_outweighs_every_pass(world):
    version = world.dataset("tetsu", "高炉")
    world.decide(version.reviews.get(kind="privacy"), "refused", opinion="顔が写っています。")
    world.clear(version)
    assert state(version) == "refused"


def test_a_copy_abroad_stops_a_cleared_version_and_says_where(world):
    version = world.clear(world.dataset("tetsu", "高炉", countries=("JP", "US")))
    standing = selectors.datasets.standing(version, JUNE)
    assert standing.state == "not_counted" and not standing.residency.is_kept
    assert "US" in standing.residency.text.ja


def test_a_version_without_terms_does_not_count(world):
    version = world.clear(world.dataset("tetsu", "高炉", with_terms=False))
    standing = selectors.datasets.standing(version, JUNE)
    assert [ground.name.en for ground in standing.grounds if not ground.is_met] == ["Inbound agreement"]


def test_what_the_state_paid_for_whole_does_not_count_and_half_does(world):
    states = {
        funding: state(world.clear(world.dataset("tetsu", funding, funding=funding)))
        for funding in ("F-01", "F-02", "F-03")
    }
    assert states == {"F-01": "usable", "F-02": "usable", "F-03": "not_counted"}


def test_the_review_body_sees_what_it_is_asked_about(world):
    asked = world.dataset("tetsu", "高炉")
    world.dataset("tetsu", "圧延", opened=False)
    assert list(selectors.datasets.visible_to(world.viewer("reviewer"))) == [asked.dataset]


def test_a_search_does_not_reach_beyond_what_is_visible(world):
    world.dataset("tetsu", "高炉の秘密")
    rows = selectors.datasets.visible_to(world.member("hagane"))
    assert not selectors.datasets.matching(rows, "高炉").exists()
    assert selectors.datasets.matching(selectors.datasets.visible_to(world.member("tetsu")), "高炉").count() == 1


def test_the_list_asks_the_database_a_bounded_number_of_times(world, django_assert_max_num_queries):
    for number in range(8):
        world.clear(world.dataset("tetsu", f"高炉{number}"))
    viewer = world.viewer("legal")
    with django_assert_max_num_queries(11):
        assert len(selectors.datasets.standings(viewer, JUNE)) == 8


def test_a_version_that_counts_supersedes_the_one_before_and_its_withdrawal_brings_it_back(world):
    first = world.clear(world.dataset("tetsu", "高炉"))
    second = services.datasets.revise(
        first.dataset, cast.description("第二版"), source=b"2", copies=[{"country": "JP", "region": "兵庫"}],
        submitted_on=first.submitted_on, agreement=first.agreement, **world.by("tetsu"),
    )  # fmt: skip
    services.reviews.open_all(second, **world.by("legal"))

    def states() -> list[str]:
        rows = selectors.datasets.history_of(world.member("tetsu"), first.dataset, JUNE)
        return [one.state for one in rows]

    assert states() == ["in_review", "usable"]
    world.clear(second)
    assert states() == ["usable", "superseded"]
    services.datasets.withdraw(first.dataset, version=second, on=JUNE, **world.by("tetsu"))
    assert states() == ["withdrawn", "usable"]
