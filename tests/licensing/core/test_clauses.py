"""The clause library: what is fit to publish, and what is refused with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licensing.core import clauses, conditions

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))
KNOWN = {"minimum", "days", "trained"}


def clause(ja="30日以内に支払う。", en="Pay within 30 days.", variables=(), items=(), condition=None, name="pay"):
    paragraph = {"ja": ja, "en": en, "items": list(items)}
    return clauses.clause(
        {
            "id": name,
            "family": name,
            "version": 1,
            "heading": {"ja": "支払", "en": "Payment"},
            "paragraphs": [paragraph],
            "variables": list(variables),
            "condition": condition,
        }
    )


def codes(version):
    return {fault.code for fault in clauses.faults(version, KNOWN)}


def test_a_clause_reads_back_as_it_was_written():
    version = clause(
        ja="{minimum}を{ref:pay}により支払う。", en="Pay {minimum} under {ref:pay}.", variables=["minimum"]
    )
    assert clauses.clause(clauses.document(version)) == version


@pytest.mark.parametrize(
    ("version", "code"),
    [
        (clause(en=""), "language-missing"),
        (clause(en="Pay within 60 days."), "numbers-differ"),
        (clause(ja="年14.6%", en="14.5% a year"), "numbers-differ"),
        (clause(ja="30日以内", en="within 30 months"), "units-differ"),
        (clause(ja="{n}か月以内", en="within {n} days", variables=["n"]), "units-differ"),
        (clause(ja="5日以内", en="within 5 business days"), "units-differ"),
        (clause(ja="2026年12月1日", en="1 November 2026"), "numbers-differ"),
        (clause(ja="{minimum}を支払う。", en="Pay it.", variables=["minimum"]), "variables-differ"),
        (clause(ja="{secret}", en="{secret}", variables=["secret"]), "unknown-variable"),
        (clause(ja="{minimum}", en="{minimum}"), "undeclared"),
        (clause(variables=["minimum"]), "undeclared"),
        (clause(ja="{minimum.__class__}", en="{minimum.__class__}"), "placeholder"),
        (clause(ja="{minimum", en="{minimum"), "placeholder"),
        (clause(condition="secret"), "unknown-variable"),
        (clause(items=[{"ja": "号", "en": ""}]), "language-missing"),
    ],
)
def test_what_is_unfit_to_publish_is_found(version, code):
    assert code in codes(version)
    assert all(fault.text("ja") and fault.text("en") for fault in clauses.faults(version, KNOWN))


def test_a_fit_clause_has_no_fault():
    assert (
        codes(
            clause(
                ja="{minimum}を{days}日以内に支払う。",
                en="Pay {minimum} within {days} days.",
                variables=["days", "minimum"],
            )
        )
        == set()
    )


@pytest.mark.parametrize(
    "spoilt", [{"id": "Pay!"}, {"version": 0}, {"paragraphs": "text"}, {"heading": None}, {"from": "soon"}]
)
def test_a_document_that_is_no_clause_is_refused(spoilt):
    with pytest.raises(clauses.ClauseRefused):
        clauses.clause(clauses.document(clause()) | spoilt)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("minimum > 0 and not trained", True),
        ("minimum == 0 or trained", False),
        ("'TH' in regions", True),
        ("regions == ['JP', 'TH']", True),
        ("0 < minimum <= 100", True),
        ("starts >= '2026-12-01'", True),
        ("renewal not in ('automatic', 'none')", False),
    ],
)
def test_a_condition_is_true_or_false_of_the_variables(text, expected):
    variables = {"minimum": 100, "trained": False, "regions": ("JP", "TH"), "starts": "2026-12-01", "renewal": "none"}
    assert conditions.holds(text, variables) is expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "minimum.real > 0",
        "minimum + 1 > 0",
        "[x for x in regions]",
        "lambda: 1",
        "minimum is None",
        "f'{minimum}'",
        "minimum > 1.5",
        "regions[0] == 'JP'",
        "(x := 1)",
        "not" * 200,
        "",
        "1 2",
        "x" * 401,
        "not " * 50 + "trained",
    ],
)
def test_a_condition_beyond_the_grammar_is_refused(text):
    with pytest.raises(conditions.ConditionRefused):
        conditions.parse(text)


@pytest.mark.parametrize("text", ["unknown", "minimum > 'a'", "minimum", "'JP' in renewal", "minimum and trained"])
def test_a_condition_that_compares_unlike_things_is_refused(text):
    with pytest.raises(conditions.ConditionRefused):
        conditions.holds(text, {"minimum": 1, "trained": True, "renewal": "none"})


def test_every_wording_on_disputes_leaves_provisional_relief_and_every_disclaimer_names_model_and_outputs():
    said = {
        row["id"]: (row["family"], *("".join(one[tongue] for one in row["paragraphs"]) for tongue in ("ja", "en")))
        for row in LIBRARY["clauses"]
    }
    disputes = {name: texts for name, texts in said.items() if texts[0] == "law"}
    assert len(disputes) == 4
    for name, (_family, ja, en) in disputes.items():
        assert "仮の救済" in ja and "provisional relief" in en, name
    for name in ("warranty", "warranty-evaluation"):
        assert (
            "許諾モデル及びAI生成物の正確性" in said[name][1] and "of the Licensed Model or of Outputs" in said[name][2]
        )
    for reference in ("{ref:after}", "{ref:liability}", "{ref:law}"):
        assert reference in said["nda-term"][1] and reference in said["nda-term"][2]
    assert "専属管轄" in said["law-defendant"][1] and "仲裁地は{arbitration_seat}" in said["law-arbitration"][1]
