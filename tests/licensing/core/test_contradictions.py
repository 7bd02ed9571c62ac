"""Conditions that contradict one another are found before any agreement meets them."""

from __future__ import annotations

import pytest

from licensing.core import clauses, conditions, contradictions
from licensing.core.templates import template

BOTH = {"ja": "題", "en": "Title"}
VARIABLES = [
    {"name": "minimum", "kind": "money", "label": BOTH},
    {"name": "regions", "kind": "regions", "label": BOTH},
    {"name": "trained", "kind": "flag", "label": BOTH},
    {"name": "renewal", "kind": "choice", "label": BOTH, "choices": {"automatic": BOTH, "none": BOTH}},
    {"name": "days", "kind": "count", "label": BOTH, "required": False},
    {"name": "start", "kind": "date", "label": BOTH},
    {"name": "rate", "kind": "rate", "label": BOTH},
]


def clause(name, family="f", condition=None, text="文。", **more):
    document = {"id": name, "family": family, "version": 1, "heading": BOTH, "condition": condition}
    return clauses.clause(document | {"paragraphs": [{"ja": text, "en": text}], **more})


def found(*versions, entries=None, **changes):
    source = {
        "id": "t",
        "version": 1,
        "title": BOTH,
        "preamble": BOTH,
        "terms": [],
        "clauses": entries or [version.id for version in versions if version.of is None],
        "variables": VARIABLES,
    }
    return {(name, fault.code) for name, fault in contradictions.faults(template(source | changes), versions)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("minimum > 0", "minimum == 0"),
        ("regions == ['JP']", "regions != ['JP']"),
        ("'JP' in regions", "'JP' not in regions"),
        ("trained", "not trained"),
        ("renewal == 'automatic'", "renewal == 'none'"),
        ("start < '2027-01-01'", "start >= '2027-01-01'"),
        ("regions == ['JP'] and not trained", "trained"),
        ("0 < minimum < 5", "minimum >= 5"),
    ],
)
def test_alternatives_that_exclude_one_another_are_no_contradiction(one, other):
    assert found(clause("a", condition=one), clause("b", condition=other)) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("minimum > 0", "minimum >= 0"),
        ("minimum >= 5", "minimum <= 5"),
        ("regions == ['JP']", "'JP' in regions"),
        ("trained", None),
        ("renewal == 'automatic'", "trained"),
        ("start < '2027-01-01'", "start > '2026-01-01'"),
        ("rate < 1", "rate > 0"),
    ],
)
def test_two_clauses_of_a_family_that_can_apply_at_once_are_found(one, other):
    assert found(clause("a", condition=one), clause("b", condition=other)) == {("a", "both-apply")}


@pytest.mark.parametrize(
    "condition",
    [
        "trained and not trained",
        "minimum > 5 and minimum < 5",
        "minimum < 0",
        "renewal == 'sometimes'",
        "regions == ['JP'] and 'TH' in regions",
        "1 == 2",
    ],
)
def test_a_clause_that_can_never_apply_is_found(condition):
    assert ("a", "never-applies") in found(clause("a", condition=condition))


def test_a_condition_of_the_template_counts_with_that_of_the_clause():
    entries = [{"clause": "a", "when": "not trained"}]
    assert found(clause("a", condition="trained"), entries=entries) == {("a", "never-applies")}


def test_a_reference_to_a_clause_that_may_fall_out_is_found():
    refers = clause("b", "g", text="{ref:a}")
    assert found(clause("a", condition="trained"), refers) == {("b", "dangling-reference")}
    assert found(clause("a", condition="trained"), clause("b", "g", "trained", text="{ref:a}")) == set()


def test_a_reference_to_a_family_with_a_gap_is_found():
    family = [clause("a", condition="minimum > 1"), clause("b", condition="minimum == 0")]
    assert found(*family, clause("c", "g", text="{ref:f}")) == {("c", "dangling-reference")}


def test_an_alternative_must_fit_where_its_clause_stands():
    base = clause("a", condition="trained")
    assert found(base, clause("b", condition="trained", of="a", rank="acceptable")) == set()
    lost = clause("b", condition="trained", text="{ref:gone}", of="a", rank="acceptable")
    assert found(base, lost) == {("b", "dangling-reference")}


def test_a_condition_over_what_may_be_absent_is_found():
    assert found(clause("a", condition="days > 3")) == {("a", "optional-variable")}
    assert found(clause("a", condition="weather")) == {("a", "unknown-variable")}


def test_what_the_library_lacks_and_what_stands_twice_is_found():
    assert found(clause("a"), entries=["a", "gone"]) == {("gone", "not-in-library")}
    assert found(clause("a"), entries=["a", "a"]) == {("a", "twice")}
    assert found(clause("a"), entries=[{"clause": "a", "version": 9}]) == {("a", "not-in-library")}


@pytest.mark.parametrize(
    "preamble", [{"ja": "{gone}", "en": "{gone}"}, {"ja": "3日", "en": "4 days"}, {"ja": "", "en": "x"}]
)
def test_the_preamble_is_held_to_the_same_rules(preamble):
    assert {name for name, _ in found(clause("a"), preamble=preamble)} == {"t"}


@pytest.mark.parametrize("condition", ["minimum == 'x'", "regions < [1]", "renewal", "trained and minimum"])
def test_a_condition_that_gives_neither_true_nor_false_is_found_with_its_clause(condition):
    assert found(clause("a", condition=condition)) == {("a", conditions.ConditionRefused.code)}


def test_a_condition_of_a_key_term_is_held_to_the_same_rules():
    for condition, code in (("weather", "unknown-variable"), ("days > 3", "optional-variable")):
        terms = [{"label": BOTH, "text": BOTH, "when": condition}]
        assert found(clause("a"), terms=terms) == {("t", code)}


def test_every_agreement_must_say_which_language_governs():
    def missed(*versions):
        source = template({
            "id": "t", "version": 1, "title": BOTH, "preamble": BOTH, "variables": VARIABLES,
            "clauses": [version.id for version in versions],
        })  # fmt: skip
        return [fault.code for _name, fault in contradictions.language_faults(source, versions)]

    assert missed(clause("a")) == missed(clause("l", "language", "trained")) == ["no-governing-language"]
    assert missed(clause("l", "language")) == []
    assert missed(clause("l", "language", "trained"), clause("m", "language", "not trained")) == []


def test_too_many_combinations_are_refused_rather_than_guessed():
    names = [f"v{n}" for n in range(7)]
    variables = [{"name": name, "kind": "count", "label": BOTH} for name in names]
    every = " and ".join(f"{name} in [3, 5, 7]" for name in names)
    assert found(clause("a", condition=every), variables=variables) == {("a", conditions.ConditionRefused.code)}
