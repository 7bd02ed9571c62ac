"""Templates are data: read, pinned to clause versions, and compared clause by clause."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from licensing.core import agreements, assembly, clauses, samples, templates

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))
CLAUSES = [clauses.clause(row) for row in LIBRARY["clauses"]]
STANDARD = LIBRARY["templates"][0]


def standard(**changes):
    return templates.template(copy.deepcopy(STANDARD) | changes)


def test_chapters_are_numbered_and_stand_above_their_first_article():
    source = standard()
    tree = assembly.assemble(source, CLAUSES, samples.document(source))
    headed = [article.chapter for article in tree.articles if article.chapter]
    assert [chapter.ja for chapter in headed][:2] == ["第1章　総則", "第2章　権利及び利用条件"]
    assert len(headed) == len(source.chapters) and tree.articles[0].chapter is headed[0]


def test_a_chapter_whose_clauses_all_fall_out_has_no_number():
    loose = [{"chapter": {"ja": "空", "en": "Empty"}, "clauses": [{"clause": "mfn", "when": "mfn"}]}]
    without_mfn = [
        {**chapter, "clauses": [one for one in chapter["clauses"] if one != "mfn"]} for chapter in STANDARD["clauses"]
    ]
    source = standard(clauses=loose + without_mfn)
    tree = assembly.assemble(source, CLAUSES, samples.document(source))
    assert tree.articles[0].chapter.ja == "第1章　総則"


def test_a_pinned_entry_takes_that_version_and_no_other():
    source, pinned = standard(), templates.template(templates.pinned(STANDARD, {"grant": 1}))
    grant = next(version for version in CLAUSES if version.id == "grant")
    library = [*CLAUSES, clauses.clause(clauses.document(grant) | {"version": 9})]

    def version(of):
        tree = assembly.assemble(of, library, samples.document(of))
        return next(article.version for article in tree.articles if article.clause == "grant")

    assert version(source) == 9 and version(pinned) == 1


def test_an_alternative_stands_in_its_clause_s_place_and_references_follow_it():
    source = standard()
    document = samples.document(source) | {"alternatives": {"law": "law-arbitration", "control": "control-notice"}}
    tree = assembly.assemble(source, CLAUSES, document)
    names = [article.clause for article in tree.articles]
    assert "law-arbitration" in names and "law" not in names
    survival = next(article for article in tree.articles if article.clause == "survival")
    number = names.index("law-arbitration") + 1
    assert f"第{number}条" in survival.paragraphs[0].line.text.ja
    assert agreements.prove_equal(tree, source, document, document["terms"])


@pytest.mark.parametrize(
    ("placed", "words"),
    [
        ({"liability": "liability-unlimited"}, "forbidden"),
        ({"liability": "law-arbitration"}, "no alternative"),
        ({"liability": "gone"}, "library"),
        ({"nda-term": "liability-floor"}, "template"),
    ],
)
def test_an_alternative_that_may_not_stand_there_is_refused(placed, words):
    source = standard()
    with pytest.raises(agreements.AssemblyRefused, match=words):
        assembly.assemble(source, CLAUSES, samples.document(source) | {"alternatives": placed})


def test_two_versions_are_compared_clause_by_clause():
    before = templates.template({**STANDARD, "clauses": ["definitions", "grant", "fees", "law"]})
    entries = ["definitions", {"clause": "fees", "when": "minimum > 0"}, "law", "mfn"]
    after = templates.template({**STANDARD, "version": 3, "clauses": entries})
    found = {(one.subject, one.change) for one in templates.differences(before, after) if one.kind == "clause"}
    assert found == {("fees", "changed"), ("mfn", "added"), ("grant", "removed")}
    assert templates.differences(before, before) == []


def test_a_moved_clause_is_told():
    before = templates.template({**STANDARD, "clauses": ["definitions", "grant", "fees"]})
    after = templates.template({**STANDARD, "clauses": ["definitions", "fees", "grant"]})
    assert {(one.subject, one.change) for one in templates.differences(before, after)} == {
        ("fees", "moved"),
        ("grant", "moved"),
    }


@pytest.mark.parametrize(
    "spoilt",
    [
        {"clauses": []},
        {"clauses": "grant"},
        {"clauses": [{"clause": "grant", "version": "1"}]},
        {"title": "x"},
        {"variables": [{"name": "x", "kind": "magic", "label": {"ja": "x", "en": "x"}}]},
        {"roles": [{"ja": "甲", "en": "A"}]},
    ],
)
def test_a_document_that_is_no_template_is_refused_by_name(spoilt):
    with pytest.raises(templates.TemplateRefused, match="standard"):
        templates.template(STANDARD | spoilt)
