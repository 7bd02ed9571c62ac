"""The contract checklist: an edition is whole, and an answer says something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licensing.core import checklists
from licensing.core.clauses import FAMILIES

DOCUMENT = json.loads((Path(__file__).parents[3] / "demo" / "checklist.json").read_text(encoding="utf-8"))
ITEM = {"code": "I-1", "side": "input", "matter": "use", "ja": "問", "en": "Question"}


def test_the_edition_that_is_delivered_asks_of_every_side_and_leads_to_families_there_are():
    items = checklists.items(DOCUMENT["items"])
    assert {item.side for item in items} == set(checklists.SIDES)
    assert {item.matter for item in items} == set(checklists.MATTERS)
    assert {family for item in items for family in item.families} <= set(FAMILIES)
    assert "2025" in DOCUMENT["source_ja"] and "2025" in DOCUMENT["source_en"]


@pytest.mark.parametrize(
    "rows", [[], [ITEM, ITEM], [ITEM | {"en": " "}], [ITEM | {"side": "above"}], [ITEM | {"matter": ""}], [{}]]
)
def test_an_edition_with_a_hole_is_refused(rows):
    with pytest.raises(checklists.ChecklistRefused):
        checklists.items(rows)


def test_open_items_warn_or_bar():
    items = checklists.items([ITEM])
    assert checklists.check_complete(items, {}, checklists.WARN) == list(items)
    assert checklists.check_complete(items, {"I-1": "yes"}, checklists.BLOCK) == []
    with pytest.raises(checklists.Unanswered, match="I-1"):
        checklists.check_complete(items, {}, checklists.BLOCK)
