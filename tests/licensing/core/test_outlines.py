"""Outlines: a template's tree as rows that are moved, nested, added and taken out, and nested again as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.core.words import Text
from licensing.core import outlines
from licensing.core.outlines import CHAPTER, CLAUSE, DOWN, UP, Row

TEMPLATES = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))["templates"]


def outline(drawn: str) -> outlines.Rows:
    """“A ab B c .d” read as rows: a capital opens a chapter, a letter is a clause inside, a dot sets it beside."""
    rows, beside = [], False
    for sign in drawn.replace(" ", ""):
        if sign == ".":
            beside = True
        elif sign.isupper():
            rows.append(Row(CHAPTER, Text(sign, sign)))
        else:
            rows.append(Row(CLAUSE, clause=sign, inside=not beside))
            beside = False
    return outlines.settled(rows)


def drawn(rows: outlines.Rows) -> str:
    return "".join(
        row.heading.ja if row.kind == CHAPTER else (row.clause if row.inside else f".{row.clause}") for row in rows
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one["id"])
def test_every_template_comes_back_as_it_was(template):
    assert outlines.clauses(outlines.rows(template)) == template["clauses"]


@pytest.mark.parametrize(
    ("before", "at", "by", "after"),
    [
        ("AabBc", 2, UP, "AbaBc"),
        ("AabBc", 2, DOWN, "AaBbc"),
        ("AabBc", 4, UP, "AabcB"),
        (".aBc", 2, UP, ".a.cB"),
        ("AabBc", 3, UP, "BcAab"),
        ("AabBc", 0, DOWN, "BcAab"),
        ("Aa.b", 2, UP, "Aba"),
        ("Aa", 0, UP, "Aa"),
        ("Aa", 1, DOWN, "Aa"),
        ("Aa", 1, UP, ".aA"),
    ],
)
def test_rows_move_by_a_place_and_chapters_take_their_clauses_along(before, at, by, after):
    rows, to = outlines.moved(outline(before), at, by)
    assert drawn(rows) == after
    moved = outline(before)[at]
    assert (rows[to].kind, rows[to].clause, rows[to].heading) == (moved.kind, moved.clause, moved.heading)


def test_what_is_added_stands_in_the_chapter_that_is_open_there():
    new = Row(CLAUSE, clause="n")
    assert drawn(outlines.added(outline("AaBc"), new, 1)[0]) == "AanBc"
    assert drawn(outlines.added(outline("AaBc"), new, None)[0]) == "AaBcn"
    assert drawn(outlines.added(outline(".a"), new, 0)[0]) == ".a.n"
    assert drawn(outlines.added((), new, None)[0]) == ".n"
    assert drawn(outlines.added(outline("Aab"), Row(CHAPTER, Text("B", "B")), 1)[0]) == "AaBb"


def test_a_chapter_that_goes_leaves_its_clauses():
    assert drawn(outlines.removed(outline("AaBc"), 2)) == "Aac"
    assert drawn(outlines.removed(outline("Aa"), 0)) == ".a"


def test_a_clause_is_taken_in_and_out():
    assert drawn(outlines.nested(outline("Aab"), 1, False)) == "A.a.b"
    assert drawn(outlines.nested(outline("Aa.b"), 2, True)) == "Aab"
    assert drawn(outlines.nested(outline(".ab"), 1, True)) == ".a.b"


def test_version_and_condition_are_kept():
    document = {"clauses": [{"clause": "mfn", "version": 2, "when": "mfn"}, "law"]}
    assert outlines.clauses(outlines.rows(document)) == document["clauses"]


@given(st.text(alphabet="ABabc.", max_size=12), st.integers(0, 11), st.sampled_from([UP, DOWN]))
def test_no_move_loses_or_doubles_a_row(text, at, by):
    rows = outline(text)
    if at < len(rows):
        changed, _ = outlines.moved(rows, at, by)
        assert sorted(drawn(changed).replace(".", "")) == sorted(drawn(rows).replace(".", ""))
        assert outlines.rows({"clauses": outlines.clauses(changed)}) == outlines.settled(changed)
