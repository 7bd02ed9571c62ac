"""The course of a contribution: which step follows which, and whose eyes may judge."""

from __future__ import annotations

import pytest

from contributions.core import courses


def test_the_way_from_a_pledge_to_an_acceptance() -> None:
    state = courses.PLEDGED
    for verb in ("submit", "take_up", "accept"):
        state = courses.step(state, verb)
    assert state == courses.ACCEPTED


def test_a_dispute_ends_in_one_of_three_answers() -> None:
    disputed = courses.step(courses.REFUSED, "dispute")
    assert [courses.answered(disputed, outcome) for outcome in courses.OUTCOMES] == ["accepted", "refused", "in_review"]
    with pytest.raises(courses.StepRefused):
        courses.answered(disputed, "reversed")
    with pytest.raises(courses.StepRefused):
        courses.answered(courses.ACCEPTED, "accepted")


def test_a_refused_step_names_what_could_be_done_instead() -> None:
    with pytest.raises(courses.StepRefused) as refusal:
        courses.step("refused", "accept", number="C-a-0001")
    assert refusal.value.text("ja") == (
        "拠出 C-a-0001 は「受入不可」のため、「受入れ」はできません。できる操作：異議の申出、差替え、取下げ。"
    )
    assert "dispute, supersede, withdraw" in refusal.value.text("en")


@pytest.mark.parametrize("state", ["reversed", "superseded", "withdrawn"])
def test_what_has_fallen_away_stays_so(state: str) -> None:
    assert courses.steps(state) == () and not courses.stands(state)


def test_every_state_is_reached_and_every_step_leads_somewhere() -> None:
    taken = [(state, verb) for state in courses.STATES for verb in courses.steps(state) if verb != "answer"]
    reached = {courses.PLEDGED} | {courses.step(*each) for each in taken}
    assert reached == set(courses.STATES)
    assert {verb for state in courses.STATES for verb in courses.steps(state)} == set(courses.STEPS)


def test_a_refusal_needs_its_reason_in_words() -> None:
    assert courses.check_reason("refuse", " 証憑がありません。 ") == "証憑がありません。"
    assert courses.check_reason("accept", "") == ""
    with pytest.raises(courses.ReasonNeeded):
        courses.check_reason("refuse", "  ")
