"""The specimen holds placeholders and customary figures, and proves equal like any agreement."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from licensing.core import agreements, assembly, clauses, specimens

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))
TERMS = {
    "unit": "robot",
    "mode": "standard",
    "minimum": "5000000",
    "tiers": [{"from": "0", "until": None, "price": "9"}],
}


def test_the_standard_text_stands_with_placeholders_and_its_figures_agree():
    template = assembly.template(next(row for row in LIBRARY["templates"] if row["id"] == "standard"))
    library = [clauses.clause(row) for row in LIBRARY["clauses"]]
    values = specimens.values(template.schema, terms=TERMS, known={}, start=date(2027, 4, 1))
    tree = assembly.assemble(template, library, values)
    assert "（利用者）" in tree.preamble.text.ja and "[Licensee]" in tree.preamble.text.en
    assert len(agreements.prove_equal(tree, template, values, TERMS)) > 10


def test_every_variable_that_a_template_requires_has_a_specimen():
    template = assembly.template(next(row for row in LIBRARY["templates"] if row["id"] == "standard"))
    held = specimens.values(template.schema, terms=TERMS, known={}, start=date(2027, 4, 1))
    assert {name for name, variable in template.schema.items() if variable.required} <= set(held)


def test_the_evaluation_stands_for_some_months_free_of_charge_and_its_figures_agree():
    template = assembly.template(next(row for row in LIBRARY["templates"] if row["id"] == "evaluation"))
    library = [clauses.clause(row) for row in LIBRARY["clauses"]]
    months = {"start": date(2027, 4, 1), "until": date(2027, 7, 1)}
    values = specimens.values(template.schema, terms=TERMS, known={}, **months)
    tree = assembly.assemble(template, library, values)
    assert "無償" in [line.text.ja for line in tree.terms] and "2027年6月30日" in tree.terms[3].text.ja
    assert agreements.prove_equal(tree, template, values, TERMS)
