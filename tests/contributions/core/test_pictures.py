"""Pictures of what came in: the finding in words, heights in proportion, nothing that styles or runs."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree

from contributions.core import pictures
from contributions.core.pictures import Bar, Column, Step, compute_by_month, proof_path, review_columns
from contributions.core.shapes import ticks
from contributions.core.words import Text

OSAKA, KYUSHU = Text("大阪", "Osaka"), Text("九州", "Kyushu")
HOURS = Text("GPU時間", "GPU hours")
BARS = [
    Bar("2026-04", OSAKA, Fraction(300)),
    Bar("2026-04", KYUSHU, Fraction(100)),
    Bar("2026-05", OSAKA, Fraction(1, 3)),
]


def heights(svg: str) -> list[Fraction]:
    return [Fraction(found) for found in re.findall(r'solid" x="[\d.]+" y="[\d.-]+" width="72" height="([\d.]+)"', svg)]


def test_bars_stand_in_proportion_and_the_largest_facility_is_named_first():
    svg = compute_by_month(BARS, HOURS, language="en")
    ElementTree.fromstring(svg)
    tall, short, tiny = heights(svg)
    assert tall == 3 * short and 0 < tiny < 1
    assert svg.index("Osaka</text>") < svg.index("Kyushu</text>")
    assert "400 GPU hours from 2026-04 to 2026-05" in svg


def test_days_are_named_as_far_as_there_is_room():
    thirty = [Bar(f"{day:02d}", OSAKA, Fraction(day)) for day in range(1, 31)]
    named = re.findall(r'middle" x="[^"]+" y="[^"]+">(\d\d)<', compute_by_month(thirty, HOURS, language="en"))
    assert named[:3] == ["01", "03", "05"] and len(named) == 15


def test_nothing_yet_is_said_in_words():
    assert "まだありません" in compute_by_month([], HOURS, language="ja")
    assert "no data review" in review_columns([Column(OSAKA, 0, 0, 0)], language="en")


def test_reviews_are_counted_by_standing():
    svg = review_columns([Column(Text("個人情報", "Privacy"), 3, 1, 1, 1)], language="ja")
    ElementTree.fromstring(svg)
    assert "適合 3 件、審査中 1 件、不適合 1 件、期限切れ 1 件です。" in svg


def test_a_name_cannot_break_out_of_the_picture():
    svg = compute_by_month([Bar("2026-04", Text("<x>", '"<script>'), Fraction(1))], HOURS, language="en")
    ElementTree.fromstring(svg)
    assert "<script>" not in svg and "style=" not in svg


def test_steps_of_an_axis_are_round():
    assert [int(tick) for tick in ticks(1_080_000)] == [0, 500_000, 1_000_000, 1_500_000]
    assert ticks(0) == ticks(1) and ticks(Fraction(3, 100))[-1] >= Fraction(3, 100)


# ---- the path of a proof ----
PATH = [Step(4, 5, "aa" * 32), Step(6, 8, "bb" * 32), Step(0, 4, "cc" * 32)]


def test_a_proofs_path_names_every_hash_with_the_entries_it_stands_for():
    drawn = proof_path(5, PATH, size=8, root="dd" * 32, language="en")
    for said in ("0 – 3", "6 – 7", "aaaaaaaa", "bbbbbbbb", "cccccccc", "root dddddddd", "0 – 7", "4 – 7"):
        assert f">{said}<" in drawn, said
    assert drawn.count(">computed<") == 2 and "dd" * 5 not in drawn


def test_a_sibling_stands_on_its_own_side():
    drawn = proof_path(5, PATH, size=8, root="dd" * 32, language="ja")
    middle = 314
    placed = {
        digest: Fraction(re.search(rf'x="([\d.]+)" y="[\d.]+">{digest}', drawn)[1])
        for digest in ("aaaaaaaa", "bbbbbbbb", "cccccccc")
    }
    assert placed["aaaaaaaa"] < middle < placed["bbbbbbbb"] and placed["cccccccc"] < middle


def test_the_proof_of_a_log_of_one_entry_is_the_entry_alone():
    drawn = proof_path(0, [], size=1, root="dd" * 32, language="en")
    assert "Entry 0 and 0 hashes" in drawn and ">entry<" in drawn


def test_the_timeline_draws_a_lane_for_each_kind_and_says_what_it_shows() -> None:
    cash = pictures.Lane(Text("資金", "Cash"), Text("百万円", "million yen"), (("2026-04", Fraction(8), "8"),))
    work = pictures.Lane(
        Text("従事", "People"), Text("時間", "hours"), (("2026-04", Fraction(4), "4"), ("2026-06", Fraction(2), "2"))
    )
    svg = pictures.timeline([cash, work], language="en")
    assert svg.count('<rect class="f1 solid"') == 1 and svg.count('<rect class="f2 solid"') == 2
    assert 'height="44"' in svg and 'height="22"' in svg and "style=" not in svg
    assert pictures.timeline_finding([cash, work]).en == (
        "Contributions in 2 months from 2026-04 to 2026-06: Cash in 1, People in 2."
    )
    assert "Nothing has been put in" in pictures.timeline([], language="en")
