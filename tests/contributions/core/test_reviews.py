"""Data reviews: the chain of a version, and who may decide."""

from __future__ import annotations

from datetime import date

import pytest

from contributions.core import reviews
from contributions.core.reviews import Decision

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


@pytest.mark.parametrize(
    ("home", "acting"), [("honda", "reviewer"), ("reviewer", "honda"), ("honda-rd", "reviewer"), ("nissan", None)]
)
def test_neither_owner_nor_its_group_nor_its_rival_decides_from_whichever_desk(home: str, acting: str | None) -> None:
    with pytest.raises(reviews.ReviewerInConflict):
        reviews.check_reviewer(home=home, acting=acting, owner="honda", group=["honda-rd"], rivals=["nissan"])


def test_an_independent_reviewer_may_decide_and_one_of_unknown_home_may_not() -> None:
    reviews.check_reviewer(home="lab", acting="reviewer", owner="honda", group=["honda-rd"])
    with pytest.raises(reviews.ReviewerWithoutHome):
        reviews.check_reviewer(home=None, acting="reviewer", owner="honda", group=[])


def test_a_decision_that_states_what_is_needed_stands() -> None:
    reviews.check_decision("title", "passed", start=MAY, until=NEXT_MAY)
    reviews.check_decision("privacy", "passed", start=MAY, until=NEXT_MAY, outcome="anonymised")
    reviews.check_decision("privacy", "passed", start=MAY, until=NEXT_MAY, outcome="pseudonymised", channel="joint-use")
    reviews.check_decision("export", "passed", start=MAY, until=NEXT_MAY, outcome="非該当（見本）")
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
    ],
)
def test_a_decision_that_leaves_something_out_is_refused(review, decision, rest, refusal) -> None:
    with pytest.raises(refusal):
        reviews.check_decision(review, decision, **({"start": MAY, "until": NEXT_MAY} | rest))
