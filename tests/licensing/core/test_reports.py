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
