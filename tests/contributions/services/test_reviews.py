"""Deciding data reviews: by somebody independent, once, with a reason where it refuses."""

from __future__ import annotations

from datetime import date

import pytest

from contributions import selectors, services
from contributions.core import reviews as rules
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry, LogHead, Review


@pytest.fixture
def version(world):
    return world.dataset("tetsu", "高炉")


def review(version, kind="title") -> Review:
    return version.reviews.get(kind=kind)


def test_a_passed_review_says_who_when_and_until_when(world, version):
    decided = world.decide(review(version))
    assert (decided.state, decided.decided_by.username) == ("passed", "reviewer")
    assert (decided.valid_from, decided.valid_until) == (date(2026, 5, 1), date(2028, 4, 1))
    entry = Entry.objects.get(seq=decided.seq)
    assert (entry.kind, entry.member) == ("review.decided", "tetsu")


def test_the_opinion_is_kept_under_its_digest_and_not_in_the_statement(world, version):
    decided = world.decide(review(version), opinion="企業秘密を含む意見")
    assert services.journal.store().get(decided.opinion_sha256).decode() == "企業秘密を含む意見"
    statement = bytes(Entry.objects.get(seq=decided.seq).statement.content)
    assert "企業秘密".encode() not in statement and decided.opinion_sha256.encode() in statement


def test_a_refusal_carries_its_reason(world, version):
    decided = world.decide(review(version), "refused", opinion="権原が示されていません。")
    assert (decided.state, decided.opinion) == ("refused", "権原が示されていません。")
    with pytest.raises(rules.OpinionNeeded):
        world.decide(review(version, "export"), "refused", opinion="")


def test_a_version_is_cleared_when_every_review_has_passed(world, version):
    for row in version.reviews.exclude(kind="title"):
        world.decide(row)
    standing = selectors.datasets.standing(version, date(2026, 6, 1))
    assert (standing.counts, standing.chain.missing) == (False, ("title",))
    world.decide(review(version))
    version.refresh_from_db()
    assert selectors.datasets.standing(type(version).objects.get(pk=version.pk), date(2026, 6, 1)).counts


def test_somebody_employed_in_the_owners_group_does_not_decide(world, version):
    """tetsuken is tetsu's laboratory; its secondee sits in the review body."""
    with pytest.raises(rules.ReviewerInConflict, match="tetsuken"):
        world.decide(review(version), by="seconded")
    other = world.dataset("hagane", "転炉")
    assert world.decide(review(other), by="seconded").state == "passed"


def test_somebody_employed_by_the_owner_does_not_decide(world, version):
    before = LogHead.objects.get().size
    insider = Viewer(None, "insider", "tetsu", "shinsa", "reviewer")
    with pytest.raises(rules.ReviewerInConflict):
        services.reviews.decide(
            review(version), decision="passed", opinion="", valid_from=date(2026, 5, 1), by=insider, at=world.clock
        )
    assert LogHead.objects.get().size == before and review(version).state == "open"


def test_a_reviewer_whose_employer_is_unknown_does_not_decide(world, version):
    unknown = Viewer(None, "unknown", None, "shinsa", "reviewer")
    with pytest.raises(rules.ReviewerWithoutHome):
        services.reviews.decide(
            review(version), decision="passed", opinion="", valid_from=date(2026, 5, 1), by=unknown, at=world.clock
        )


@pytest.mark.parametrize("username", ["tetsu", "hagane", "legal", "desk", "auditor", "robo"])
def test_nobody_but_the_review_body_decides(world, version, username):
    with pytest.raises(NotAllowed):
        world.decide(review(version), by=username)


def test_a_decision_is_not_changed(world, version):
    world.decide(review(version))
    with pytest.raises(rules.AlreadyDecided):
        world.decide(review(version), "refused", opinion="やはり不適合")
    assert review(version).state == "passed"


def test_neither_passed_nor_refused_is_no_decision(world, version):
    with pytest.raises(rules.NotADecision):
        world.decide(review(version), "undecided")


@pytest.mark.parametrize(
    ("kind", "changes", "refusal"),
    [
        ("title", {"valid_until": None}, rules.ExpiryNeeded),
        ("title", {"valid_until": date(2026, 5, 1)}, rules.ExpiryNeeded),
        ("privacy", {"ground": ""}, rules.OutcomeNeeded),
        ("privacy", {"ground": "pseudonymised"}, rules.OutcomeNeeded),
        ("export", {"ground": ""}, rules.OutcomeNeeded),
    ],
)
def test_a_pass_that_would_not_hold_is_refused(world, version, kind, changes, refusal):
    with pytest.raises(refusal):
        world.decide(review(version, kind), **changes)
    assert review(version, kind).state == "open"


def test_pseudonymised_data_passes_with_its_channel(world, version):
    decided = world.decide(review(version, "privacy"), ground="pseudonymised", channel="joint-use")
    assert (decided.state, decided.ground) == ("passed", "pseudonymised")


def test_the_page_may_offer_only_what_the_service_would_take(world, version):
    """`may_decide` and `decide` agree for everybody."""
    for username, viewer in world.viewers().items():
        offered = selectors.reviews.may_decide(viewer, review(version))
        assert offered == (username == "reviewer"), username
