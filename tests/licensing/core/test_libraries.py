"""The library as a whole: what is delivered has no fault, and what is wrong is said of the clause that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licensing.core import agreements, clauses, libraries

LIBRARY = json.loads((Path(__file__).parents[3] / "demo" / "clauses.json").read_text(encoding="utf-8"))
CLAUSES = [clauses.clause(row) for row in LIBRARY["clauses"]]
TEMPLATES = [agreements.template(row) for row in LIBRARY["templates"]]
PRACTICE = (
    "grant ownership prohibited outputs licensee-data fees reporting payment taxes audit mfn improvements derivatives "
    "confidentiality residency export antisocial warranty liability term control termination after survival assignment "
    "good-faith law language step-up"
)
NEGOTIATED = ("liability", "audit", "mfn", "law", "improvements", "control")


def clause(name="pay", ja="支払う。", en="Pay.", items=(), **more):
    paragraph = {"ja": ja, "en": en, "items": [{"ja": one, "en": one} for one in items]}
    heading = {"ja": "支払", "en": "Payment"}
    document = {"id": name, "family": "pay", "version": 1, "heading": heading, "paragraphs": [paragraph]}
    return clauses.clause(document | more)


def codes(*versions):
    return {(name, fault.code) for name, fault in libraries.faults(versions, set())}


def test_the_library_that_is_delivered_has_no_fault_and_no_contradiction():
    libraries.check(CLAUSES, TEMPLATES)


def test_the_library_covers_the_families_of_japanese_practice():
    assert {row["family"] for row in LIBRARY["clauses"]} >= set(PRACTICE.split())
    assert {version.family for version in CLAUSES} <= set(clauses.FAMILIES)


@pytest.mark.parametrize("base", NEGOTIATED)
def test_what_is_negotiated_has_a_ladder_from_preferred_downwards(base):
    ranks = [version.rank for version in libraries.ladder(base, CLAUSES)]
    assert ranks[0] == "preferred" and "acceptable" in ranks
    assert ranks == sorted(ranks, key=list(clauses.RANKS).index)


def test_only_alternatives_below_acceptable_need_approval():
    placed = {"liability": "liability-double", "audit": "audit-certificate"}
    assert [one.id for one in libraries.departures(placed, CLAUSES)] == ["liability-double"]


@pytest.mark.parametrize("target", ["nowhere", "pay.2", "pay.1.1"])
def test_a_reference_that_leads_nowhere_is_refused_naming_the_clause(target):
    version = clause(ja=f"{{ref:{target}}}による。", en=f"Under {{ref:{target}}}.")
    with pytest.raises(clauses.ClauseRefused) as refusal:
        libraries.check([version], [])
    assert "pay" in refusal.value.text("ja") and target in refusal.value.text("en")


def test_a_reference_must_hold_for_the_alternatives_too():
    base = clause(items=("一", "二"))
    short = clause("pay-late", of="pay", rank="acceptable")
    refers = clause("after", ja="{ref:pay.1.2}による。", en="Under {ref:pay.1.2}.", family="after")
    assert ("after", "unresolved-reference") in codes(base, short, refers)
    assert codes(base, clause("pay-late", of="pay", rank="forbidden"), refers) == set()


def test_references_in_a_circle_are_refused_with_the_way_round():
    there = clause(ja="{ref:back}による。", en="Under {ref:back}.")
    back = clause("back", ja="{ref:pay}による。", en="Under {ref:pay}.", family="back")
    with pytest.raises(clauses.ClauseRefused) as refusal:
        libraries.check([there, back], [])
    assert "pay.1 → back.1 → pay.1" in refusal.value.text("en")


def test_a_paragraph_that_refers_to_itself_is_a_circle():
    assert ("pay", "circular-reference") in codes(clause(ja="{ref:pay.1}による。", en="Under {ref:pay.1}."))


def test_clauses_that_refer_to_different_paragraphs_of_one_another_are_no_circle():
    first = clause()
    text = {"ja": "{ref:pay.1}による。", "en": "Under {ref:pay.1}."}
    second = clauses.clause(clauses.document(first) | {"paragraphs": [*clauses.document(first)["paragraphs"], text]})
    assert codes(second) == set()


@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ([clause(), clause()], "duplicate"),
        ([clause(of="gone", rank="acceptable")], "no-base"),
        ([clause(), clause("b", of="pay", rank="approval"), clause("c", of="b", rank="approval")], "ladder-on-ladder"),
        ([clause(), clause("b", of="pay", rank="approval", family="other")], "other-family"),
    ],
)
def test_a_ladder_stands_on_a_clause_of_its_family(versions, code):
    assert code in {fault for _, fault in codes(*versions)}


@pytest.mark.parametrize("stated", [{"rank": "acceptable"}, {"of": "pay", "rank": "preferred"}, {"rank": "so-so"}])
def test_a_rank_without_a_place_on_a_ladder_is_refused(stated):
    with pytest.raises(clauses.ClauseRefused):
        clause(**stated)


def test_several_faults_are_refused_at_once_each_with_its_clause():
    with pytest.raises(libraries.LibraryRefused) as refusal:
        libraries.check([clause(en=""), clause("late", ja="3日", en="4 days")], [])
    assert "「pay」" in refusal.value.text("ja") and "「late」" in refusal.value.text("ja")
    assert len(refusal.value.facts["faults"]) == refusal.value.facts["count"] == 3


def test_where_a_clause_stands_on_its_ladder_is_no_part_of_its_digest():
    preferred = clause()
    fallback = clause(of="other", rank="approval")
    assert clauses.document(preferred) == clauses.document(fallback)
