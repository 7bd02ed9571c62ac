"""Data reviews: the chain of a version, and who may decide."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from contributions.core import reviews
from contributions.core.reviews import Condition, Decision

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
NEXT_MAY = date(2027, 5, 1)
TWO = ("title", "privacy")


def passed(review: str, start: date = MAY, until: date | None = NEXT_MAY, order: int = 0) -> Decision:
    return Decision(review, "passed", start, until, order)


def test_a_chain_is_complete_only_when_every_required_review_has_passed() -> None:
    assert reviews.chain(TWO, [passed("title"), passed("privacy")], JUNE).is_complete
    half = reviews.chain(TWO, [passed("title"), passed("security")], JUNE)
    assert (half.reason, half.passed, half.missing) == ("review-missing", ("title",), ("privacy",))
    assert half.text.of("ja") == "未了の審査あり（個人情報）"


def test_a_decision_does_not_speak_before_it_begins() -> None:
    assert reviews.chain(["title"], [passed("title", JUNE)], MAY).reason == "review-missing"


def test_a_pass_ends_on_its_expiry_and_not_a_day_earlier() -> None:
    assert reviews.chain(["title"], [passed("title")], date(2027, 4, 30)).is_complete
    assert reviews.chain(["title"], [passed("title")], NEXT_MAY).reason == "review-expired"


def test_a_refusal_is_graver_than_anything_else_and_a_later_pass_lifts_it() -> None:
    refused = Decision("title", "refused", MAY)
    assert reviews.chain(TWO, [refused], JUNE).reason == "review-refused"
    assert reviews.chain(["title"], [passed("title", JUNE), refused], JUNE).is_complete
    assert reviews.chain(["title"], [passed("title", MAY, order=1), refused], JUNE).is_complete
    assert reviews.chain(["title"], [passed("title", MAY), Decision("title", "refused", MAY, order=1)], JUNE).refused


def test_a_decision_that_states_what_is_needed_stands() -> None:
    reviews.check_decision("title", "passed", start=MAY, until=NEXT_MAY)
    reviews.check_decision("privacy", "passed", start=MAY, until=NEXT_MAY, outcome="anonymised")
    reviews.check_decision("privacy", "passed", start=MAY, until=NEXT_MAY, outcome="pseudonymised", channel="joint-use")
    judged = {"item": "9項(7)", "judge": "審査機構", "judged_on": "2026-04-28"}
    reviews.check_decision("export", "passed", start=MAY, until=NEXT_MAY, outcome="not-listed", details=judged)
    kept = {"basis": "consent", "records": "法務部 提供記録簿"}
    reviews.check_decision("privacy", "passed", start=MAY, until=NEXT_MAY, outcome="personal", details=kept)
    reviews.check_decision("title", "passed", start=MAY, until=NEXT_MAY, conditions=[("契約の写しを出す", JUNE)])
    reviews.check_decision("safety", "refused", start=MAY, until=None, opinion="作業者が識別できる。")


@pytest.mark.parametrize(
    ("review", "decision", "rest", "refusal"),
    [
        ("taste", "passed", {}, reviews.UnknownReview),
        ("title", "maybe", {}, reviews.NotADecision),
        ("title", "passed", {"is_decided": True}, reviews.AlreadyDecided),
        ("title", "refused", {"opinion": " "}, reviews.OpinionNeeded),
        ("title", "passed", {"until": None}, reviews.ExpiryNeeded),
        ("title", "passed", {"until": MAY}, reviews.ExpiryNeeded),
        ("privacy", "passed", {}, reviews.OutcomeNeeded),
        ("privacy", "passed", {"outcome": "pseudonymised"}, reviews.OutcomeNeeded),
        ("privacy", "passed", {"outcome": "pseudonymised", "channel": "sale"}, reviews.OutcomeNeeded),
        ("export", "passed", {"outcome": ""}, reviews.OutcomeNeeded),
        ("export", "passed", {"outcome": "not-listed"}, reviews.OutcomeNeeded),
        ("export", "passed", {"outcome": "not-listed", "details": {"item": "9", "judge": "x"}}, reviews.OutcomeNeeded),
        ("privacy", "passed", {"outcome": "personal"}, reviews.OutcomeNeeded),
        ("privacy", "passed", {"outcome": "personal", "details": {"basis": "consent"}}, reviews.OutcomeNeeded),
        ("title", "passed", {"conditions": [("", JUNE)]}, reviews.ConditionUnclear),
        ("title", "passed", {"conditions": [("提出する", MAY)]}, reviews.ConditionUnclear),
        ("title", "refused", {"opinion": "不備", "conditions": [("提出する", JUNE)]}, reviews.NoConditions),
    ],
)
def test_a_decision_that_leaves_something_out_is_refused(review, decision, rest, refusal) -> None:
    with pytest.raises(refusal):
        reviews.check_decision(review, decision, **({"start": MAY, "until": NEXT_MAY} | rest))


def round_of(number: int, *decisions: Decision) -> list[Decision]:
    return [dataclasses.replace(one, round=number, order=place) for place, one in enumerate(decisions)]


def standing(decisions: list[Decision], at: date = JUNE, quota: int = 1) -> str | None:
    return reviews.chain(["title"], decisions, at, {"title": quota}).reason


def test_a_review_of_two_opinions_waits_for_the_second_and_one_refusal_ends_it() -> None:
    first = passed("title")
    assert standing(round_of(1, first), quota=2) == "review-missing"
    assert standing(round_of(1, first, passed("title")), quota=2) is None
    assert standing(round_of(1, first, Decision("title", "refused", MAY)), quota=2) == "review-refused"
    assert standing(round_of(1, first, passed("title", until=JUNE)), quota=2) == "review-expired"


def test_a_pass_on_a_condition_holds_until_it_is_due_and_again_once_it_is_fulfilled() -> None:
    waiting = dataclasses.replace(passed("title"), conditions=(Condition(1, JUNE),))
    assert standing([waiting], date(2026, 5, 31)) is None
    assert standing([waiting], JUNE) == "review-condition"
    late = dataclasses.replace(passed("title"), conditions=(Condition(1, JUNE, date(2026, 7, 1)),))
    assert (standing([late], date(2026, 6, 30)), standing([late], date(2026, 7, 1))) == ("review-condition", None)


def test_a_re_examination_takes_the_place_of_the_first_decision_from_its_own_day_on() -> None:
    refused = round_of(1, Decision("title", "refused", MAY))
    again = round_of(2, passed("title", JUNE))
    assert standing(refused + again, date(2026, 5, 31)) == "review-refused"
    assert standing(refused + again, JUNE) is None


def test_a_re_examination_that_is_not_complete_leaves_the_first_decision_standing() -> None:
    before = round_of(1, passed("title"), passed("title"))
    assert standing(before + round_of(2, passed("title", JUNE)), quota=2) is None
