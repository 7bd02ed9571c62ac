"""A hundred agreements over random variables: none with a blank, a dangling reference or unequal languages."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from licensing.core import agreements, assembly, clauses, numbering, samples
from licensing.core.assembly import Tree

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))
CLAUSES = [clauses.clause(row) for row in LIBRARY["clauses"]]
TEMPLATES = {row["id"]: agreements.template(row) for row in LIBRARY["templates"]}
HUNDRED = range(100)
ORDER = ("standard", "evaluation", "standard", "nda", "standard", "amendment", "standard", "standard")


def generated(seed: int) -> tuple[Tree, agreements.Template, dict]:
    draw = random.Random(200 + seed)
    source = TEMPLATES[ORDER[seed % len(ORDER)]]
    document = samples.document(source, draw.randrange, CLAUSES)
    return agreements.assemble(source, CLAUSES, document), source, document


@pytest.mark.parametrize("seed", HUNDRED)
def test_a_generated_agreement_is_whole_and_equal_in_both_languages(seed):
    tree, source, document = generated(seed)
    for place, line in assembly.lines(tree):
        for text in (line.text.ja, line.text.en, line.number.ja + line.number.en or "-"):
            assert text.strip(), place
            assert not re.search(r"[{}]|\bNone\b", text), (place, text)
    rate = document.get("terms", {})
    assert agreements.prove_equal(tree, source, document, rate)
    data = agreements.embedded("L-2026-001", 1, source, CLAUSES, tree, document, "S-1@1")
    assert [(one["id"], one["version"]) for one in data["clauses"]]
    assert len(data["clauses"]) == len(tree.articles)


def test_references_of_the_generated_agreements_lead_to_an_article_that_is_there():
    followed = 0
    for seed in HUNDRED:
        tree, _, _ = generated(seed)
        there = {article.number: article for article in tree.articles}
        for _, line in assembly.lines(tree):
            for one in line.references:
                target = there[one.place.article]
                assert (one.place.paragraph or 1) <= len(target.paragraphs)
                assert numbering.read_reference(one.printed.ja, "ja").item == one.place.item
                followed += 1
    assert followed > 1000


def test_the_hundred_meet_every_template_numbering_layout_and_alternative():
    trees = [generated(seed) for seed in HUNDRED]
    assert {source.id for _, source, _ in trees} == set(TEMPLATES)
    assert {tree.numbering for tree, _, _ in trees} == set(numbering.PRESETS)
    assert {tree.layout for tree, _, _ in trees} == {"side", "after"}
    placed = {article.clause for tree, _, _ in trees for article in tree.articles}
    forbidden = {version.id for version in CLAUSES if version.rank == clauses.FORBIDDEN}
    assert placed == {version.id for version in CLAUSES} - forbidden


def test_the_plainest_specimen_is_numbered_and_set_as_its_template_begins():
    row = next(row for row in LIBRARY["templates"] if row["id"] == "nda")
    presets = {"layout": "after", "numbering": "statute"}
    changed = [one | {"default": presets.get(one["name"], one.get("default"))} for one in row["variables"]]
    document = samples.document(agreements.template({**row, "variables": changed}))
    assert {name: document[name] for name in presets} == presets


def test_the_plainest_specimen_is_the_same_each_time():
    source = TEMPLATES["standard"]
    assert samples.document(source) == samples.document(source)
