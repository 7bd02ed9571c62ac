"""The tree of derivatives: every model once, right of all it was made from."""

from fractions import Fraction
from xml.etree import ElementTree

from licensing.core import lineage_pictures
from licensing.core.derivatives import Model, Parent

HALF = Fraction(1, 2)
MODELS = {
    "R": Model("R", Fraction(0)),
    "A": Model("A", Fraction(0), (Parent("R", Fraction(1)),)),
    "M": Model("M", Fraction(0), (Parent("R", HALF), Parent("A", HALF))),
}


def test_a_model_stands_right_of_its_furthest_parent():
    assert lineage_pictures.columns(MODELS) == {"R": 0, "A": 1, "M": 2}


def test_the_picture_names_all_and_weighs_the_parts_of_a_merge():
    svg = lineage_pictures.draw(MODELS, {"M": "統合 <x>"}, {"M": "wait"}, language="ja")
    ElementTree.fromstring(svg)
    assert svg.count("<rect") == 3 and svg.count('class="edge"') == 3 and svg.count(">1/2<") == 2
    assert "1 のリリースから 2 の派生モデル" in svg
