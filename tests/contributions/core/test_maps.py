"""The map of sites: where a region lies, what it says in words, and that abroad is told apart without colour."""

from __future__ import annotations

from datetime import date

from contributions.core import maps
from contributions.core.datasets import Copy

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def test_a_region_is_found_by_its_prefecture_in_either_script() -> None:
    assert [maps.prefecture_of(region) for region in ("大阪 / Osaka", "hyogo 2", "静岡（見本）", "somewhere")] == [
        "大阪", "兵庫", "静岡", None,
    ]  # fmt: skip
    places = [place[:2] for place in maps.PREFECTURES.values()]
    assert len(places) == len(set(places)) == 47


def test_copies_at_one_place_are_one_site_and_what_is_gone_is_not_drawn() -> None:
    copies = [Copy("JP", "大阪", MAY), Copy("JP", "大阪", MAY), Copy("SG", "Singapore", MAY, until=JUNE)]
    assert [(site.country, site.copies, site.is_allowed) for site in maps.sites(copies, {"JP"}, MAY)] == [
        ("JP", 2, True), ("SG", 1, False),
    ]  # fmt: skip
    assert len(maps.sites(copies, {"JP"}, JUNE)) == 1


def test_the_map_says_its_finding_and_marks_abroad_with_a_sign() -> None:
    found = maps.sites([Copy("JP", "大阪", MAY), Copy("SG", "<Singapore>", MAY)], {"JP"}, MAY)
    drawn = maps.draw(found, language="en")
    assert "1 copy in the countries allowed, 1 outside: Singapore." in drawn
    assert "Singapore ×" in drawn and "&lt;Singapore&gt;" in drawn and "Osaka" in drawn and "<Singapore>" not in drawn
    assert maps.finding([]).ja == "保管場所の記録がありません。"
