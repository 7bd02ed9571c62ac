"""What is typed in two boxes becomes a clause, and is typed back the same; what changed is told piece by piece."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contributions.core.words import Text
from licensing.core import clauses, drafting

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", LIBRARY["clauses"], ids=lambda row: row["id"])
def test_every_clause_of_the_library_is_typed_back_as_it_was(row):
    version = clauses.clause(row)
    document = drafting.document(
        version.id,
        version.family,
        version.heading,
        drafting.typed(version),
        condition=version.condition or "",
        version=version.version,
    )
    written = clauses.document(clauses.clause(document))
    assert written | {"from": None} == clauses.document(version) | {"from": None}


def test_dashes_of_all_kinds_begin_an_item_and_a_line_goes_on_until_the_next():
    text = Text(
        "次のとおり。\n・一の\n続き\nー 二\n\n次の項。", "As follows:\n- one that\n  goes on\n- two\n\nThe next."
    )
    first, second = drafting.read(text)
    assert [item["ja"] for item in first["items"]] == ["一の続き", "二"]
    assert first["items"][0]["en"] == "one that goes on" and second["en"] == "The next."


def test_a_structure_that_differs_is_said_not_guessed():
    with pytest.raises(drafting.StructureDiffers) as refusal:
        drafting.read(Text("一の項。\n\n二の項。", "One paragraph.\n- with an item"))
    assert "2項" in refusal.value.text("ja") and "items in each: 1" in refusal.value.text("en")


def test_variables_are_those_that_are_used():
    text = Text("{minimum}を{ref:audit.2}により払う。", "Pay {minimum} under {ref:audit.2}.")
    assert drafting.document("pay", "fees", Text("払", "Pay"), text)["variables"] == ["minimum"]


def test_japanese_is_compared_by_character_and_english_by_word():
    assert drafting.changes("年14.6%とする", "年3%とする")[0] == drafting.Piece("stayed", "年")
    english = drafting.changes("within thirty days", "within sixty days")
    assert [(one.kind, one.text) for one in english if one.kind != "stayed"] == [("went", "thirty"), ("came", "sixty")]
    for before, after in (("甲乙丙", "甲丙丁"), ("", "新"), ("旧", "")):
        pieces = drafting.changes(before, after)
        assert "".join(one.text for one in pieces if one.kind != "came") == before
        assert "".join(one.text for one in pieces if one.kind != "went") == after


def test_two_versions_are_compared_place_by_place():
    notice = clauses.clause(next(row for row in LIBRARY["clauses"] if row["id"] == "notice"))
    document = clauses.document(notice)
    document["paragraphs"] = [*document["paragraphs"][:1], {"ja": "新項。", "en": "New."}]
    changed = clauses.clause(document | {"condition": "mfn"})
    assert [row["place"] for row in drafting.compared(notice, changed)] == ["2", "condition"]
    assert drafting.compared(notice, notice) == []
