"""Whose turn it is, what each side may do, and what stops a round."""

import pytest

from licensing.core import negotiations as rules
from licensing.core.negotiations import LICENSEE, LICENSOR, Standing


def test_the_turn_goes_to_and_fro():
    state = rules.step("with_licensee", LICENSEE, "hand_over")
    assert state == "with_licensor"
    assert rules.step(state, LICENSOR, "hand_over") == "with_licensee"
    assert rules.step(state, LICENSOR, "agree") == "agreed"


@pytest.mark.parametrize("verb", ["propose", "answer", "hand_over", "agree"])
def test_only_the_side_whose_turn_it_is_acts(verb):
    assert not rules.is_for("with_licensee", LICENSOR, verb)
    with pytest.raises(rules.NotYourTurn) as refused:
        rules.step("with_licensee", LICENSOR, verb)
    assert "利用者の検討中" in refused.value.text("ja")


def test_either_side_may_break_off_at_any_time_before_it_is_agreed():
    for state in rules.TURN:
        for side in rules.SIDES:
            assert rules.step(state, side, "break_off") == "broken_off"
    assert not rules.is_for("agreed", LICENSEE, "break_off")
    assert not any(rules.is_for("broken_off", side, verb) for side in rules.SIDES for verb in rules.VERBS)


def test_nothing_is_handed_over_or_agreed_while_an_approval_is_awaited():
    assert not rules.is_for("in_approval", LICENSOR, "hand_over")
    assert not rules.is_for("in_approval", LICENSOR, "agree")
    assert rules.is_for("in_approval", LICENSOR, "answer")


def test_both_sides_see_the_internal_approval_as_a_state_of_its_own():
    waiting = [Standing("P1", LICENSEE, "in_approval")]
    assert rules.shown("with_licensor", waiting) == "in_approval"
    assert rules.shown("in_approval", []) == "with_licensor"
    assert rules.shown("with_licensee", waiting) == "with_licensee"


def test_what_the_other_side_proposed_is_answered_before_one_hands_over():
    with pytest.raises(rules.Unanswered, match="P2"):
        rules.check_hand_over(LICENSOR, [Standing("P1", LICENSEE, "accepted"), Standing("P2", LICENSEE, "proposed")])
    rules.check_hand_over(LICENSOR, [Standing("P1", LICENSEE, "rejected"), Standing("P3", LICENSOR, "draft")])


def test_the_licensor_hands_over_nothing_that_was_not_cleared():
    with pytest.raises(rules.NotApprovedYet, match="P3"):
        rules.check_hand_over(LICENSOR, [Standing("P3", LICENSOR, "draft", cleared=False)])


def test_a_text_is_agreed_only_with_an_empty_table():
    for state in rules.PROPOSALS:
        if state in rules.OPEN:
            with pytest.raises(rules.StillOpen):
                rules.check_agree([Standing("P1", LICENSEE, state)])
        else:
            rules.check_agree([Standing("P1", LICENSEE, state)])


def test_a_proposal_that_is_settled_stays_settled():
    for state in ("accepted", "rejected", "countered", "withdrawn"):
        for verb in ("propose", "accept", "reject", "counter", "withdraw", "submit"):
            with pytest.raises(rules.ProposalClosed):
                rules.proposal_step("P1", state, verb)


def test_a_reason_says_something():
    assert rules.check_reason(" 実務に合わせる ") == "実務に合わせる"
    with pytest.raises(rules.ReasonNeeded):
        rules.check_reason("  ")
