"""The usual deals: every cell filled with a known answer, co-ownership only where it is said, and warned of."""

from __future__ import annotations

import pytest

from licensing.core import deals


def test_the_seven_usual_deals_are_there():
    assert list(deals.PRESETS) == [
        "each-keeps", "lead", "contribution", "lambert-a", "lambert-b", "lambert-c", "lambert-d",
    ]  # fmt: skip


@pytest.mark.parametrize("code", deals.PRESETS)
def test_a_preset_answers_every_question_for_every_right(code):
    preset = deals.PRESETS[code]
    assert deals.check(preset.terms) == preset.terms
    assert set(preset.terms) == set(deals.RIGHTS) and all(set(row) == set(deals.AXES) for row in preset.terms.values())
    assert preset.name.ja and preset.name.en and preset.said.ja and preset.said.en


def test_only_the_deal_by_contribution_makes_co_owners_and_it_warns_for_each_right():
    warned = {code: [one.right for one in deals.warnings(preset.terms)] for code, preset in deals.PRESETS.items()}
    assert {code for code, rights in warned.items() if rights} == {"contribution"}
    texts = {one.right: one.text for one in deals.warnings(deals.PRESETS["contribution"].terms)}
    assert set(texts) == {"weights", "training-program", "inventions", "distilled", "know-how"}
    assert "特許法73条" in texts["inventions"].ja and "著作権法65条" in texts["training-program"].ja


def test_a_changed_cell_is_told_apart():
    preset = deals.PRESETS["lead"]
    terms = {**preset.terms, "weights": {**preset.terms["weights"], "use": "fair-terms"}}
    assert deals.changes(terms, preset) == [("weights", "use")]


def test_every_fault_is_told_at_once():
    terms = {right: dict(row) for right, row in deals.PRESETS["lead"].terms.items()}
    terms["weights"]["use"] = "whatever"
    terms["outputs"]["form"] = "co-ownership"
    del terms["votes"]
    terms["moon"] = {}
    with pytest.raises(deals.BadDeal) as refusal:
        deals.check(terms)
    found = [one.field for one in refusal.value.findings]
    assert found == [
        "moon", "weights.use", "outputs.form", "votes.ownership", "votes.use", "votes.further_training", "votes.form",
    ]  # fmt: skip
    assert "7 件" in refusal.value.text("ja")
