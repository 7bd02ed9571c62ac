"""Review pages: decided once, with the number typed, by somebody who stands apart from the owner."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import world as cast
from contributions.core.datasets import KINDS
from contributions.models import Requirement, Review

DECISION = {
    "decision": "passed",
    "opinion": "確認しました。",
    "valid_from": "令和8年5月1日",
    "valid_until": "2028/3/31",
}


@pytest.fixture
def review(contributed_world):
    """The title review of kuruma's second dataset, still open."""
    return Review.objects.get(version__dataset__number="D-kuruma-0002", kind="title")


def test_a_reviewer_decides_with_the_number_typed(review, reader, text):
    reviewer = reader("reviewer")
    assert "Record the decision" in text(reviewer.get(f"/reviews/{review.number}/"))
    answer = reviewer.post(f"/reviews/{review.number}/", DECISION | {"confirm": " D-kuruma-0002@1 "})
    assert answer.status_code == 302
    review.refresh_from_db()
    assert (review.state, str(review.valid_from), str(review.valid_until)) == ("passed", "2026-05-01", "2028-04-01")


def test_without_the_number_nothing_is_decided_and_nothing_typed_is_lost(review, reader, text):
    answer = reader("reviewer").post(f"/reviews/{review.number}/", DECISION | {"confirm": "D-kuruma-0001@1"})
    assert answer.status_code == 422 and "This is not the number." in text(answer) and "確認しました。" in text(answer)
    review.refresh_from_db()
    assert review.state == "open"


def test_a_pass_without_an_end_is_refused_in_words(review, reader, text):
    form = DECISION | {"valid_until": "", "confirm": "D-kuruma-0002@1"}
    answer = reader("reviewer").post(f"/reviews/{review.number}/", form)
    assert answer.status_code == 422 and "A pass needs an expiry" in text(answer)


def test_a_person_seconded_from_the_owners_group_is_not_offered_the_decision(contributed_world, reader, text):
    contributed_world.dataset("tetsu", "圧延")
    mine = Review.objects.get(version__dataset__number="D-tetsu-0002", kind="title")
    seconded = reader("seconded")
    assert seconded.get(f"/reviews/{mine.number}/").status_code == 404, "it is not even on the list"
    answer = seconded.post(f"/reviews/{mine.number}/", DECISION | {"confirm": "D-tetsu-0002@1"})
    assert answer.status_code == 404 and Review.objects.get(pk=mine.pk).state == "open"


def test_members_see_the_reviews_of_their_own_datasets_only(contributed_world, reader, text):
    body = text(reader("hagane").get("/reviews/"))
    assert "D-hagane-0001@1" in body and "tetsu" not in body
    assert "6 passed, 0 in review, 0 refused." in body
    theirs = Review.objects.filter(version__dataset__number="D-tetsu-0001").first()
    assert reader("hagane").get(f"/reviews/{theirs.number}/").status_code == 404


def test_a_condition_is_set_in_the_form_answered_by_the_owner_and_confirmed(review, reader, text):
    form = DECISION | {"confirm": "D-kuruma-0002@1", "condition_1": "契約の写しを出す", "due_1": "2026/9/1"}
    assert reader("reviewer").post(f"/reviews/{review.number}/", form).status_code == 302
    owner = reader("kuruma")
    assert "契約の写しを出す" in text(owner.get(f"/reviews/{review.number}/"))
    (condition,) = review.opinions.get().conditions.all()
    upload = SimpleUploadedFile("写し.pdf", b"copy")
    reply = {"text": "提出しました。", "condition": condition.key, "evidence": upload}
    assert owner.post(f"/reviews/{review.number}/reply/", reply).status_code == 302
    page = text(reader("reviewer").get(f"/reviews/{review.number}/"))
    assert "提出しました。" in page and "写し.pdf" in page
    sha256 = review.replies.get().evidence_sha256
    evidence = reader("reviewer").get(f"/reviews/evidence/{sha256}/")
    assert evidence.content == b"copy" and "attachment" in evidence["Content-Disposition"]
    assert "%E5%96%B6%E6%A5%AD%E7%A7%98%E5%AF%86" in evidence["Content-Disposition"], "the mark travels with the file"
    assert reader("hagane").get(f"/reviews/evidence/{sha256}/").status_code == 404
    fulfil = f"/reviews/{review.number}/conditions/{condition.key}/"
    assert reader("reviewer").post(fulfil, {"on": "2026-06-01"}).status_code == 302
    condition.refresh_from_db()
    assert str(condition.fulfilled_on) == "2026-06-01"


def test_legal_begins_a_re_examination_and_the_old_decision_stays_on_the_page(review, reader, text):
    refused = {"decision": "refused", "opinion": "権原が示されていません。", "valid_from": "2026-05-01"}
    reader("reviewer").post(f"/reviews/{review.number}/", refused | {"confirm": "D-kuruma-0002@1"})
    assert reader("legal").post(f"/reviews/{review.number}/reopen/").status_code == 302
    page = text(reader("reviewer").get(f"/reviews/{review.number}/"))
    assert "権原が示されていません。" in page and "Record the decision" in page and "round 2" in page
    assert reader("kuruma").post(f"/reviews/{review.number}/reopen/").status_code == 422


def test_the_table_of_required_reviews_is_adopted_in_the_browser(world, reader, text):
    legal = reader("legal")
    assert "data review rules" in text(legal.get("/requirements/"))
    form = {"valid_from": "2026-07-01", "source_ja": "議決2号", "source_en": "ballot 2"}
    form |= {f"{kind}-title": 2 for kind in KINDS}
    assert legal.post("/requirements/new/", form).status_code == 302
    assert Requirement.objects.get(version=2).lines["plant"] == {"title": 2}
    assert reader("tetsu").get("/requirements/new/").status_code == 404
    assert "ballot 2" in text(reader("tetsu").get("/requirements/"))


def test_no_address_of_a_review_tells_how_many_others_there_are(contributed_world, reader, text):
    """A count common to all members would: six reviews a dataset, whoever's it is."""
    owner = reader("hagane")
    pages = [text(owner.get(path)) for path in ("/reviews/", "/datasets/D-hagane-0001/", "/search/?q=D-hagane-0001")]
    addresses = {address for page in pages for address in re.findall(r'"/reviews/([^"/?]+)/', page)}
    assert addresses == {f"D-hagane-0001@1-{kind}" for kind in cast.REVIEWS}
    listed = owner.get("/api/v1/reviews/").json()["results"]
    assert {row["number"] for row in listed} == addresses and "id" not in listed[0]
    for wrong in ("1", "D-hagane-0001@1-taste", "D-hagane-0001@9999999999-title", "D-hagane-0001@01-title", "@1-title"):
        assert owner.get(f"/reviews/{wrong}/").status_code == 404
        assert owner.get(f"/api/v1/reviews/{wrong}/").status_code == 404
