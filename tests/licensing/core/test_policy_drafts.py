"""Drafts of policies: all faults at once by place, what is typed reads back, a deal is taken in."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

from licensing.core import deals, policies, policy_drafts
from licensing.forms import policy_drafts as forms
from world import POLICY

DEMO = json.loads(Path("demo/policies.json").read_text(encoding="utf-8"))["adopted"]


def test_a_sound_policy_has_no_fault_and_an_unsound_one_all_of_them_at_once():
    assert policy_drafts.examine(DEMO) == []
    bad = deepcopy(DEMO)
    bad["eligibility"]["residency"] = "JP"
    bad["points"]["categories"][0]["units"]["byte"] = "much"
    bad["points"]["categories"][3]["factors"] = ["quality"]
    bad["rights"][0]["bounds"]["cap"] = "1/3"
    bad["rights"][0]["method"]["weights"]["data"] = "46/100"
    bad["rights"][2]["ownership"] = "lead"
    bad["rights"][7]["form"] = "co-ownership"
    found = policy_drafts.examine(bad)
    assert [one.field for one in found] == [
        "eligibility.residency", "data.units.byte", "people.factors", "rights[0].method.weights",
        "rights[0].bounds.cap", "rights[2].lead", "rights[7].form",
    ]  # fmt: skip
    assert "rights[0].bounds.cap" in found[4].text("ja")


def test_what_stands_once_only_is_looked_for_when_all_parts_are_sound():
    twice = deepcopy(DEMO)
    twice["rights"].append(twice["rights"][0])
    assert [one.field for one in policy_drafts.examine(twice)] == ["rights"]
    assert [one.field for one in policy_drafts.examine({**DEMO, "v": 3})] == ["v"]


@pytest.mark.parametrize("code", deals.PRESETS)
def test_a_deal_is_taken_into_a_policy_and_only_a_leading_party_is_still_asked_for(code):
    terms = deals.read(deals.written(deals.PRESETS[code].terms))
    document = policy_drafts.take(DEMO, terms)
    held = {row["right"]: row for row in document["rights"]}
    assert {right: {axis: held[right][axis] for axis in deals.AXES} for right in terms} == terms
    found = {one.field for one in policy_drafts.examine(document)}
    leads = {f"rights[{n}].lead" for n, row in enumerate(document["rights"]) if row["ownership"] == "lead"}
    assert found == leads and bool(leads) == (code in {"lead", "lambert-b"})


def test_an_older_policy_is_brought_to_the_present_form_and_says_the_same():
    document = policy_drafts.present(POLICY)
    old, new = policies.read(POLICY), policies.read(document)
    assert (new.categories, new.main.method, new.main.cap) == (old.categories, old.main.method, old.main.cap)
    assert policy_drafts.present(DEMO) == DEMO and policy_drafts.examine(policy_drafts.blank()) == []


METHODS = [
    {"name": "proportional/1", "basis": {"of": "points", "categories": ["data"]}},
    {"name": "time-weighted/1", "basis": {"of": "equal"}},
    {"name": "claims-talmud/1", "estate": "200", "basis": {"of": "table", "table": "table-claims"}},
    {"name": "shapley/1", "game": {"valuation": "ab" * 32}},
    {"name": "owen/1", "game": {"quota": "2/3", "weights": {"of": "stakes"}}, "unions": "groups"},
    {"name": "owen/1", "game": {"valuation": "ab" * 32}, "unions": [["a", "b"]]},
    {"name": "shapley-sampled/1", "game": {"valuation": "ab" * 32}, "seed": "s", "samples": 100},
    {"name": "inherited/1", "own": {"name": "category-weighted/1", "weights": {"data": "1/3", "cash": "2/3"},
                                    "empty_category": "hold"}},
    {"name": "share-pool/1", "table": "table-used", "category": "data"},
    {"name": "mix/1", "parts": [{"weight": "1/2", "method": {"name": "proportional/1", "basis": {"of": "stakes"}}},
                                {"weight": "1/2", "method": {"name": "tiered-cost/1", "basis": {"of": "equal"}}}]},
]  # fmt: skip


@pytest.mark.parametrize("stated", METHODS, ids=lambda stated: stated["name"])
def test_a_policy_typed_into_the_fields_reads_back_as_the_same_rule(stated):
    document = deepcopy(DEMO)
    document["rights"][0]["method"] = stated
    back = forms.document(forms.start_from(document))
    assert policies.read(back) == policies.read(document)


def test_shares_are_typed_as_people_write_them():
    assert [forms.share(text) for text in ("４５％", "0.5 %", "0.005", "1/3", "", "much")] == [
        "45/100", "1/200", "1/200", "1/3", "", "much",
    ]  # fmt: skip
