from __future__ import annotations

import itertools
import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from contributions.core.words import Text
from licensing.core import charts, cliffs
from licensing.core.drawing import n, short, spread

BANDS = [
    charts.Band("data", Text("データ提供", "Data"), Fraction(1, 2)),
    charts.Band("compute", Text("計算資源提供", "Compute"), Fraction(3, 10)),
    charts.Band("cash", Text("資金", "Cash"), Fraction(1, 5)),
]
MEMBERS = [
    charts.Source(Text("甲社", "Company A"), {"data": Fraction(3, 10), "compute": Fraction(1, 20)}),
    charts.Source(
        Text("乙<社>&", "Company <B>&"), {"data": Fraction(1, 5), "compute": Fraction(1, 4), "cash": Fraction(1, 10)}
    ),
    charts.Source(Text("丙社", "Company C"), {"cash": Fraction(1, 10)}),
]
VOLUME = {
    "unit": "JPY",
    "mode": "volume",
    "tiers": [
        {"from": "0", "until": "100000000", "price": "0.03"},
        {"from": "100000000", "until": None, "price": "0.02"},
    ],
}
BARS = [
    charts.Bar("2026-05", Text("大阪", "Osaka"), Fraction(900)),
    charts.Bar("2026-06", Text("大阪", "Osaka"), Fraction(1200)),
    charts.Bar("2026-06", Text("柏", "Kashiwa"), Fraction(300)),
]


def drawn(language: str) -> dict[str, str]:
    points = cliffs.sample(VOLUME, [Fraction(0), Fraction(3 * 10**8)])
    return {
        "flow": charts.flow(MEMBERS, BANDS, Text("利用料収入", "licence revenue"), language=language),
        "own flow": charts.flow(MEMBERS[:1], BANDS, Text("利用料収入", "licence revenue"), language=language),
        "no flow": charts.flow([], BANDS, Text("利用料収入", "licence revenue"), language=language),
        "tiers": charts.tiers(points, Text("円", "yen of sales"), language=language),
        "bars": charts.stacked_bars(BARS, Text("GPU時間", "GPU hours"), language=language),
        "no bars": charts.stacked_bars([], Text("GPU時間", "GPU hours"), language=language),
        "pipeline": charts.pipeline([charts.Stage(Text("権原", "title"), 9, 2, 1)], language=language),
        "no pipeline": charts.pipeline([], language=language),
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_picture_is_well_formed_has_its_finding_and_no_inline_style(language: str) -> None:
    for name, svg in drawn(language).items():
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img", name
        assert root.get("aria-label"), name
        assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=", svg), name
        assert not re.search(r"\d\.\d{2,}", re.sub(r"<title>.*?</title>|aria-label=\"[^\"]*\"", "", svg)), name


def test_the_finding_is_said_in_the_readers_language() -> None:
    japanese, english = (ElementTree.fromstring(drawn(language)["flow"]).get("aria-label") for language in ("ja", "en"))
    assert japanese == "データ提供は2社、計算資源提供は2社、資金は2社。最大は乙<社>&（55.0000 %）。"
    assert english is not None
    assert english.endswith("The largest is Company <B>& with 55.0000 %.")


def test_names_cannot_break_out_of_the_picture() -> None:
    assert "<社>" not in drawn("ja")["flow"]


def test_bands_leave_a_member_as_thick_as_its_bar() -> None:
    svg = drawn("en")["flow"]
    left = [re.findall(r"-?\d+\.?\d*", path) for path in re.findall(r'class="flow f\d" d="([^"]+)"', svg)]
    thick = sum(Fraction(numbers[-1]) - Fraction(numbers[1]) for numbers in left if numbers[0] == "210")
    assert abs(thick - (charts.HEIGHT - 2 * charts.GAP)) < 1


def test_a_members_own_flow_counts_nobody_else() -> None:
    assert "社" not in re.sub("甲社", "", drawn("ja")["own flow"])
    assert "members" not in drawn("en")["own flow"]


def test_a_cliff_is_marked_with_its_height() -> None:
    svg = drawn("ja")["tiers"]
    assert svg.count("<circle") == 1
    assert "1,000,000円 下がる" in svg


def test_bars_name_their_facilities_and_unit() -> None:
    svg = drawn("en")["bars"]
    assert "Osaka" in svg
    assert "Kashiwa" in svg
    assert svg.count("<rect") == 3 + 2
    assert "2026-05 to 2026-06: 2,400 GPU hours in all" in svg


def test_labels_keep_their_distance_and_stay_inside() -> None:
    placed = spread([1, 2, 3, 100], 14, 100)
    assert all(later - earlier >= 14 for earlier, later in itertools.pairwise(placed))
    assert max(placed) <= 100


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(1, 3), "0.3"), (Fraction(-1, 20), "-0.1"), (Fraction(-1, 100), "0"), (7, "7")]
)
def test_coordinates_are_rounded_exactly(value: Fraction, text: str) -> None:
    assert n(value) == text


def test_axis_numbers_are_written_short() -> None:
    assert (short(Fraction(5_000_000), "ja"), short(Fraction(5_000_000), "en")) == ("500万", "5M")
