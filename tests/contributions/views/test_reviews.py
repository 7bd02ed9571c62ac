"""Review pages: decided once, with the number typed, by somebody who stands apart from the owner."""

from __future__ import annotations

import pytest

from contributions.models import Review

DECISION = {
    "decision": "passed",
    "opinion": "確認しました。",
    "valid_from": "令和8年5月1日",
    "valid_until": "2028/4/1",
}


@pytest.fixture
def review(contributed_world):
    """The title review of kuruma's second dataset, still open."""
    return Review.objects.get(version__dataset__number="D-kuruma-0002", kind="title")


def test_a_reviewer_decides_with_the_number_typed(review, reader, text):
    reviewer = reader("reviewer")
    assert "Record the decision" in text(reviewer.get(f"/reviews/{review.pk}/"))
    answer = reviewer.post(f"/reviews/{review.pk}/", DECISION | {"confirm": " D-kuruma-0002@1 "})
    assert answer.status_code == 302
    review.refresh_from_db()
    assert (review.state, str(review.valid_from), str(review.valid_until)) == ("passed", "2026-05-01", "2028-04-01")


def test_without_the_number_nothing_is_decided_and_nothing_typed_is_lost(review, reader, text):
    answer = reader("reviewer").post(f"/reviews/{review.pk}/", DECISION | {"confirm": "D-kuruma-0001@1"})
    assert answer.status_code == 422 and "This is not the number." in text(answer) and "確認しました。" in text(answer)
    review.refresh_from_db()
    assert review.state == "open"


def test_a_pass_without_an_end_is_refused_in_words(review, reader, text):
    form = DECISION | {"valid_until": "", "confirm": "D-kuruma-0002@1"}
    answer = reader("reviewer").post(f"/reviews/{review.pk}/", form)
    assert answer.status_code == 422 and "A pass needs an expiry" in text(answer)


def test_a_person_seconded_from_the_owners_group_is_not_offered_the_decision(contributed_world, reader, text):
    contributed_world.dataset("tetsu", "圧延")
    mine = Review.objects.get(version__dataset__number="D-tetsu-0002", kind="title")
    seconded = reader("seconded")
    assert seconded.get(f"/reviews/{mine.pk}/").status_code == 404, "it is not even on the list"
    answer = seconded.post(f"/reviews/{mine.pk}/", DECISION | {"confirm": "D-tetsu-0002@1"})
    assert answer.status_code == 404 and Review.objects.get(pk=mine.pk).state == "open"


def test_members_see_the_reviews_of_their_own_datasets_only(contributed_world, reader, text):
    body = text(reader("hagane").get("/reviews/"))
    assert "D-hagane-0001@1" in body and "tetsu" not in body
    assert "6 passed, 0 in review, 0 refused." in body
    theirs = Review.objects.filter(version__dataset__number="D-tetsu-0001").first()
    assert reader("hagane").get(f"/reviews/{theirs.pk}/").status_code == 404
