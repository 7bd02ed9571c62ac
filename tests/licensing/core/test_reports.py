"""What a report says of breaches: the kind of data only where enough contributors stand behind it, never whose."""

from __future__ import annotations

from licensing.core import reports
from licensing.core.reports import Breached, Used


def used(contributor: str, kind: str = "plant") -> Used:
    return Used(contributor, kind, 1, "record", 1, frozenset({"JP"}), frozenset())


def test_a_kind_with_three_contributors_is_named_and_one_with_fewer_is_not() -> None:
    three = [used("tetsu"), used("hagane"), used("kuruma")]
    (told,) = reports.breaches(three, [Breached("plant", "SG", "2026-05-01", "2026-06-01")])
    assert told["kind"] == {"ja": "工場・設備のセンサー系列", "en": "plant and sensor series"}
    assert (told["country"], told["since"], told["until"]) == ("SG", "2026-05-01", "2026-06-01")
    (told,) = reports.breaches(three[:2], [Breached("plant", "SG", "2026-05-01", None)])
    assert told["kind"]["en"] == "part of the training data, whose kind is not disclosed"


def test_two_breaches_of_one_sort_are_told_as_one_and_none_as_none() -> None:
    twice = [Breached("plant", "SG", "2026-05-01", None), Breached("video", "SG", "2026-05-01", None)]
    assert len(reports.breaches([used("tetsu"), used("hagane", "video")], twice)) == 1
    assert reports.breaches([used("tetsu")], []) == []


def held(contributor: str, size: int, *within: str) -> Used:
    return Used(contributor, "plant", size, "record", size, frozenset({"JP"}), frozenset(), frozenset(within))


def test_data_of_parents_are_counted_in_and_no_band_tells_what_one_added_to_a_parent() -> None:
    parent = [held("tetsu", 100, "R-1"), held("hagane", 200, "R-1"), held("kuruma", 300, "R-1")]
    (told,) = reports.categories(parent, ["R-1"])
    assert told.extent.en.startswith("100 to 1,000") and "not disclosed" not in reports.volume(parent, ["R-1"]).en
    one_more = [*parent, held("ginko", 90_000)]
    (told,) = reports.categories(one_more, ["R-1"])
    assert "not disclosed" in told.extent.en and "not disclosed" in reports.volume(one_more, ["R-1"]).en
    three_more = [*one_more, held("robo", 1), held("arm", 2)]
    assert reports.categories(three_more, ["R-1"])[0].extent.en.startswith("10,000 to 100,000")
    between = [held("tetsu", 1, "R-1", "R-2"), *(held(who, 1, "R-2") for who in ("hagane", "kuruma"))]
    assert "not disclosed" in reports.volume(between, ["R-1", "R-2"]).en, "two were added to the grandparent"
