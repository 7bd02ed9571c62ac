"""A member's own picture: to scale where its parts are known, and giving nothing away where a total is withheld."""

from __future__ import annotations

import re
from fractions import Fraction as F

from contributions.core.words import Text
from licensing.core.charts import Band
from licensing.core.strands import Strand, strands

BANDS = [Band("data", Text("データ提供", "Data"), F(3, 4)), Band("cash", Text("資金", "Cash"), F(1, 4))]
RIGHT = Text("利用料収入", "licence revenue")


def asset(name: str, category: str, points: int) -> Strand:
    return Strand(Text(name, name), category, F(points))


OWN = [asset("D-1", "data", 30), asset("D-2", "data", 10), asset("C-1", "cash", 7)]


def heights(svg: str) -> list[float]:
    """The heights of the categories' bars, in order."""
    return [float(h) for h in re.findall(r'class="f\d solid"[^>]* height="([\d.]+)"', svg)]


def test_where_the_parts_are_known_heights_are_parts_of_the_share():
    tall = heights(strands(OWN, BANDS, RIGHT, parts={"data": F(1, 10), "cash": F(1, 10)}, language="en"))
    assert tall[0] == tall[1]


def test_where_a_total_is_withheld_heights_are_the_published_weights():
    few = strands(OWN, BANDS, RIGHT, parts=None, language="en")
    many = strands([asset("C-1", "cash", 7000), *OWN[:2]], BANDS, RIGHT, parts=None, language="en")
    assert heights(few) == heights(many)
    assert abs(heights(few)[0] - 3 * heights(few)[1]) < 0.5
    assert "%" not in re.sub(r"weight [\d.]+ %", "", few)


def test_names_are_escaped_and_cut_to_their_room():
    svg = strands([asset("<b>&", "data", 1)], BANDS, RIGHT, parts=None, language="ja")
    assert "<b>" not in svg


def test_a_category_with_many_assets_shows_the_largest_and_the_rest():
    own = [asset(f"D-{n}", "data", n) for n in range(1, 12)]
    svg = strands(own, BANDS, RIGHT, parts=None, language="en")
    assert "D-11" in svg
    assert "others" in svg
    assert ">D-1<" not in svg


def test_nothing_that_counts_says_so():
    assert "Nothing that counts" in strands([asset("D-1", "data", 0)], BANDS, RIGHT, parts=None, language="en")
