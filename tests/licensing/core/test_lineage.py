"""Lineage: who is kin, in which layer each stands, and a picture that draws only what it was given."""

from __future__ import annotations

from fractions import Fraction

from contributions.core.words import Text
from licensing.core import lineage
from licensing.core.lineage import Edge, Node

EDGES = [
    Edge("R-2", "R-1", Fraction(3, 10)), Edge("R-3", "R-2", Fraction(1, 2)), Edge("R-3", "R-1", Fraction(1, 10)),
    Edge("D-1", "R-2"), Edge("R-9", "R-8"),
]  # fmt: skip
NODES = [Node(code, Text(f"リリース{code}", f"Release {code}"), code == "D-1") for code in ("R-1", "R-2", "R-3", "D-1")]


def test_layers_follow_the_longest_way():
    assert lineage.layers(["R-1", "R-2", "R-3", "D-1"], EDGES) == [["R-1"], ["R-2"], ["D-1", "R-3"]]


def test_kin_are_ancestors_and_descendants():
    assert lineage.kin("R-2", EDGES) == {"R-1", "R-2", "R-3", "D-1"}
    assert lineage.kin("R-9", EDGES) == {"R-8", "R-9"}


def test_the_picture_names_each_release_and_weight_and_says_its_finding():
    svg = lineage.draw(NODES, EDGES, me="R-2", language="ja")
    assert svg.count("<rect") == 4 and "3/10" in svg and "R-8" not in svg
    assert "R-2 は R-1（3/10） から派生し、2 件が派生しています。" in svg
    assert "has no parent; 2 descend" in lineage.draw(NODES, EDGES, me="R-1", language="en")
