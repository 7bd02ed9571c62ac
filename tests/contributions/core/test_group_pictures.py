"""Pictures of groups and stakes: well-formed, exact, and saying what they show."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

from contributions.core import group_pictures
from contributions.core.organizations import Link, tree
from contributions.core.words import Text

APRIL, JULY = date(2026, 4, 1), date(2026, 7, 1)
NAMES = {code: Text(f"{code}社 <&>", f"{code} Co. <&>") for code in "abc"}
LINKS = [
    Link("a", "b", Fraction(3, 5), APRIL),
    Link("b", "c", Fraction(11, 20), APRIL),
    Link("a", "c", Fraction(1, 10), APRIL),
]


def test_a_tree_names_everybody_and_what_is_held():
    branches = tree(LINKS, "a")
    drawn = group_pictures.tree(branches, NAMES, me="b", language="ja")
    texts = [element.text for element in ElementTree.fromstring(drawn).iter() if element.text]
    assert texts.count("c社 <&>") == 2 and "直接 55.00 %・実質 33.00 %（支配）" in texts
    assert "10.00 %（支配なし）" in texts
    assert group_pictures.finding(branches, NAMES).en.startswith("2 below a Co. <&>, of which it controls 2")


def test_one_entity_alone_is_no_picture():
    branches = tree([], "a")
    assert group_pictures.tree(branches, NAMES, me="a", language="en") == ""
    assert "No group relation" in group_pictures.finding(branches, NAMES).en


def test_stakes_are_step_lines_to_the_day():
    steps = {"a": [(APRIL, Fraction(1, 4)), (JULY, Fraction(1, 2))], "b": [(APRIL, Fraction(1, 4))], "c": []}
    drawn = group_pictures.stakes(steps, NAMES, until=JULY, language="en")
    assert ElementTree.fromstring(drawn).get("aria-label") == (
        "On 2026-07-01, 2 stakes sum to 75.00 %; the largest is a Co. <&>, 50.00 %."
    )
    assert "a Co. &lt;&amp;&gt; 50.00 %" in drawn and group_pictures.stakes({}, {}, until=JULY, language="ja") == ""
