"""Approval routes: bands and tiers choose the steps, acts move them, and nobody approves their own or twice."""

import json
from datetime import date
from pathlib import Path

import pytest

from licensing.core import approvals as rules
from licensing.core.approvals import Act, Deputy, Step

DOCUMENT = json.loads((Path(__file__).parents[3] / "demo" / "negotiation_rules.json").read_text(encoding="utf-8")) | {
    "posts": {
        "legal-head": {"ja": "法務責任者", "en": "Head of legal", "holders": ["head"]},
        "finance-head": {"ja": "経理責任者", "en": "Head of finance", "holders": ["money", "till"]},
    }
}
RULES = rules.read(DOCUMENT)
STEPS = (
    Step("opinion", "consult", "finance-head"),
    Step("head", "approve", "legal-head"),
    Step("money", "approve", "finance-head"),
)
TODAY = date(2026, 11, 1)


def test_bands_are_half_open_and_tiers_choose_the_steps():
    assert [step.code for step in rules.route(RULES, 49_999_999, "high")] == ["finance-opinion", "legal-head"]
    assert [step.code for step in rules.route(RULES, 50_000_000, "high")] == ["legal-head", "finance-head"]
    assert rules.route(RULES, 0, "whole") == ()
    assert rules.route(RULES, 50_000_000, "whole")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"routes": DOCUMENT["routes"][1:]}, "routes"),
        ({"posts": {"legal-head": {"ja": "長", "en": "head", "holders": []}}}, "holders"),
        ({"default_tier": "grave"}, "default_tier"),
        ({"approval_valid_days": 0}, "approval_valid_days"),
        ({"figures": {"cure_days": {"standard": "x", "acceptable": "1", "approval": "1", "tier": "low"}}}, "cure_days"),
        (
            {"routes": [{"from": "0", "until": None, "tiers": ["low", "medium", "high", "whole"], "steps": []}]},
            "routes",
        ),
    ],
)
def test_faulty_rules_are_refused_by_the_field(change, field):
    with pytest.raises(rules.RulesRefused) as refused:
        rules.read(DOCUMENT | change)
    assert field in refused.value.text("ja")


def test_a_consultation_is_asked_beside_the_approval_and_holds_nothing_up():
    assert [step.code for step in rules.position(STEPS, []).asked] == ["opinion", "head"]
    after = rules.position(STEPS, [Act("approve", "head", "head")])
    assert [step.code for step in after.asked] == ["opinion", "money"]
    done = rules.position(STEPS, [Act("approve", "head", "head"), Act("approve", "money", "money")])
    assert (done.state, done.asked) == ("approved", ())


def test_an_opinion_against_does_not_stop_the_approval():
    acts = [Act("opinion", "opinion", "till"), Act("approve", "head", "head"), Act("approve", "money", "money")]
    assert rules.position(STEPS, acts).state == "approved"


def test_what_was_done_after_the_step_sent_back_to_is_done_again():
    acts = [
        Act("opinion", "opinion", "till"),
        Act("approve", "head", "head"),
        Act("send_back", "money", "money", "head"),
    ]
    found = rules.position(STEPS, acts)
    assert (found.state, found.done) == ("in_approval", ("opinion",))
    assert [step.code for step in found.asked] == ["head"]


def test_sent_back_to_the_applicant_everything_is_done_again_after_a_new_submission():
    acts = [Act("approve", "head", "head"), Act("send_back", "money", "money", rules.APPLICANT)]
    assert rules.position(STEPS, acts).state == "sent_back"
    again = rules.position(STEPS, [*acts, Act("resubmit", "", "applicant")])
    assert (again.state, again.done) == ("in_approval", ())


def test_one_sends_back_only_to_a_step_before():
    assert rules.check_target(STEPS, "money", "head") == "head"
    with pytest.raises(rules.NoSuchStep):
        rules.check_target(STEPS, "head", "money")


def test_whoever_applied_decides_nothing_also_not_through_a_deputy():
    found = rules.position(STEPS, [])
    with pytest.raises(rules.NotYourStep):
        rules.step_for(found, RULES, "head", "head", [], TODAY)
    standing_in = [Deputy("head", "stand-in", TODAY, date(2026, 11, 8))]
    with pytest.raises(rules.NotYourStep):
        rules.step_for(found, RULES, "stand-in", "head", standing_in, TODAY)


def test_a_deputy_acts_within_its_dates():
    found = rules.position(STEPS, [])
    deputies = [Deputy("head", "stand-in", date(2026, 11, 1), date(2026, 11, 8))]
    step, principal = rules.step_for(found, RULES, "stand-in", "applicant", deputies, date(2026, 11, 7))
    assert (step.code, principal) == ("head", "head")
    with pytest.raises(rules.NotYourStep):
        rules.step_for(found, RULES, "stand-in", "applicant", deputies, date(2026, 11, 8))


def test_nobody_approves_twice():
    found = rules.position(STEPS, [Act("approve", "head", "both")])
    document = DOCUMENT | {"posts": {code: row | {"holders": ["both"]} for code, row in DOCUMENT["posts"].items()}}
    twice = rules.position(STEPS[1:], [Act("approve", "head", "both")])
    with pytest.raises(rules.NotYourStep) as refused:
        rules.step_for(twice, rules.read(document), "both", "applicant", [], TODAY)
    assert "二度" in refused.value.text("ja")
    assert rules.step_for(found, rules.read(document), "both", "applicant", [], TODAY)[0].kind == "consult"


def test_somebody_without_a_post_is_asked_for_nothing():
    with pytest.raises(rules.NotYourStep):
        rules.step_for(rules.position(STEPS, []), RULES, "stranger", "applicant", [], TODAY)


def test_a_clause_has_its_tier_by_name_or_family_and_some_are_fixed():
    assert rules.tier_of(RULES, "antisocial", "antisocial") == ("high", True)
    assert rules.tier_of(RULES, "term-fixed", "term") == ("medium", False)
