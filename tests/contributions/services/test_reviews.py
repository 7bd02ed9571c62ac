"""Deciding data reviews: by somebody independent, once, with a reason where it refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contributions import selectors, services
from contributions.core import independence
from contributions.core import reviews as rules
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed, NotYours, Viewer
from contributions.models import DatasetVersion, Entry, LogHead, Organization, Review


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
    with pytest.raises(independence.InConflict, match="tetsuken"):
        world.decide(review(version), by="seconded")
    other = world.dataset("hagane", "転炉")
    assert world.decide(review(other), by="seconded").state == "passed"


def test_somebody_employed_by_the_owner_does_not_decide(world, version):
    before = LogHead.objects.get().size
    insider = Viewer(None, "insider", "tetsu", "shinsa", "reviewer")
    with pytest.raises(independence.InConflict):
        services.reviews.decide(
            review(version), decision="passed", opinion="", valid_from=date(2026, 5, 1), by=insider, at=world.clock
        )
    assert LogHead.objects.get().size == before and review(version).state == "open"


def test_a_reviewer_whose_employer_is_unknown_does_not_decide(world, version):
    unknown = Viewer(None, "unknown", None, "shinsa", "reviewer")
    with pytest.raises(independence.HomeUnknown):
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
        ("export", {"details": {"item": "9項(7)"}}, rules.OutcomeNeeded),
        ("privacy", {"ground": "personal"}, rules.OutcomeNeeded),
        ("title", {"conditions": [("", date(2026, 7, 1))]}, rules.ConditionUnclear),
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


# ---- opinions, conditions, replies, re-examination ----
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def standing(version, on=JUNE) -> str:
    return selectors.datasets.chain_of(DatasetVersion.objects.get(pk=version.pk), on).standing_of("title")


def test_an_export_decision_keeps_item_and_day_and_its_judge_can_be_erased(world, version):
    world.decide(review(version, "export"))
    opinion = review(version, "export").opinions.get()
    statement = bytes(Entry.objects.get(seq=opinion.seq).statement.content).decode()
    assert "9項(7)" in statement and "2026-04-28" in statement and opinion.details["judge"] not in statement


def test_a_review_that_needs_two_opinions_takes_them_from_two_people(world, version):
    row = review(version)
    Review.objects.filter(pk=row.pk).update(quota=2)
    assert world.decide(row).state == "open"
    with pytest.raises(rules.SameReviewer):
        world.decide(row)
    other = Viewer(world.user("operator").pk, "second reviewer", "shinsa", "shinsa", "reviewer")
    decided = services.reviews.decide(
        row, decision="passed", opinion="同意", valid_from=date(2026, 5, 2), valid_until=JULY, by=other, at=world.clock
    )
    assert (decided.state, decided.valid_from, decided.valid_until) == ("passed", date(2026, 5, 2), JULY)


def test_a_condition_is_answered_by_the_owner_and_confirmed_by_the_reviewer(world, version):
    world.decide(review(version), conditions=[("契約の写しを提出する", JUNE)], evidence=Evidence("意見書.pdf", b"pdf"))
    (condition,) = selectors.reviews.waiting_conditions(review(version))
    assert (standing(version, date(2026, 5, 31)), standing(version)) == ("passed", "review-condition")
    answer = services.reviews.reply(
        review(version), text="提出します。", condition=condition, evidence=Evidence("写し.pdf", b"copy"),
        **world.by("tetsu"),
    )  # fmt: skip
    statement = bytes(Entry.objects.get(seq=answer.seq).statement.content).decode()
    assert "提出" not in statement and "写し" not in statement
    assert selectors.reviews.evidence_of(world.viewer("reviewer"), answer.evidence_sha256)[0] == "写し.pdf"
    assert selectors.reviews.evidence_of(world.member("hagane"), answer.evidence_sha256) is None
    services.reviews.fulfil(condition, on=date(2026, 6, 10), **world.by("reviewer"))
    assert (standing(version, date(2026, 6, 9)), standing(version, date(2026, 6, 10))) == ("review-condition", "passed")
    with pytest.raises(rules.ConditionFulfilled):
        services.reviews.fulfil(condition, on=JULY, **world.by("reviewer"))


def test_only_the_owner_replies_and_only_an_independent_reviewer_confirms(world, version):
    world.decide(review(version), conditions=[("提出する", JUNE)])
    (condition,) = selectors.reviews.waiting_conditions(review(version))
    with pytest.raises(NotYours):
        services.reviews.reply(review(version), text="x", **world.by("hagane"))
    with pytest.raises(NotAllowed):
        services.reviews.reply(review(version), text="x", **world.by("reviewer"))
    with pytest.raises(independence.InConflict):
        services.reviews.fulfil(condition, on=JUNE, **world.by("seconded"))
    with pytest.raises(NotAllowed):
        services.reviews.fulfil(condition, on=JUNE, **world.by("tetsu"))


def test_a_re_examination_leaves_the_first_decision_standing_until_its_own_takes_effect(world, version):
    world.decide(review(version), "refused", opinion="権原が示されていません。")
    reopened = services.reviews.reopen(review(version), **world.by("legal"))
    assert (reopened.state, reopened.round, standing(version)) == ("open", 2, "review-refused")
    with pytest.raises(rules.TooEarly):
        world.decide(review(version), valid_from=date(2026, 4, 1))
    world.decide(review(version), valid_from=date(2026, 6, 15))
    assert (standing(version, date(2026, 6, 14)), standing(version, date(2026, 6, 15))) == ("review-refused", "passed")
    texts = [opinion.text for opinion in review(version).opinions.all()]
    assert texts == ["権原が示されていません。", "確認しました。"], "the old one stays readable"


def test_no_decision_holds_before_the_version_was_submitted_nor_a_second_before_it_was_asked_for(world, version):
    with pytest.raises(rules.BeforeSubmission, match="2026-04-20"):
        world.decide(review(version), valid_from=date(2026, 4, 19))
    world.decide(review(version), valid_from=date(2026, 4, 20))
    world.clock += timedelta(days=90)
    begun = world.clock.date()
    services.reviews.reopen(review(version), **world.by("legal"))
    with pytest.raises(rules.BeforeItsRound, match=str(begun)):
        world.decide(review(version), "refused", valid_from=begun - timedelta(days=1))
    assert world.decide(review(version), "refused", valid_from=begun).state == "refused"


def test_what_is_not_decided_is_not_examined_again_and_only_legal_begins_it(world, version):
    with pytest.raises(rules.NotDecidedYet):
        services.reviews.reopen(review(version), **world.by("legal"))
    world.decide(review(version))
    with pytest.raises(NotAllowed):
        services.reviews.reopen(review(version), **world.by("tetsu"))


def test_a_rival_in_the_review_body_is_barred_both_ways_and_sees_nothing(world, version):
    """tetsu named hagane: somebody of hagane does not judge tetsu, and somebody of tetsu not hagane."""
    rival = {"rival": Organization.objects.get(code="hagane"), "valid_from": date(2026, 4, 1)}
    services.exclusions.declare(world.of("tetsu"), **rival, **world.by("tetsu"))
    theirs = world.dataset("hagane", "転炉")
    for home, row in (("hagane", review(version)), ("tetsuken", review(theirs))):
        seconded = Viewer(None, "seconded", home, "shinsa", "reviewer")
        assert row not in selectors.reviews.visible_to(seconded)
        with pytest.raises(independence.InConflict):
            services.reviews.decide(
                row, decision="passed", opinion="x", valid_from=JUNE, valid_until=JULY, by=seconded, at=world.clock
            )


def test_columns_are_shown_once_a_review_that_needs_them_is_assigned(world, version):
    reader = world.viewer("reviewer")
    version = DatasetVersion.objects.get(pk=version.pk)
    assert selectors.datasets.may_see_columns(reader, version)
    Review.objects.filter(version=version).update(body=None)
    assert not selectors.datasets.may_see_columns(reader, DatasetVersion.objects.get(pk=version.pk))
    services.reviews.assign(review(version), Organization.objects.get(code="shinsa"), **world.by("legal"))
    assert not selectors.datasets.may_see_columns(reader, DatasetVersion.objects.get(pk=version.pk)), "title needs none"
    services.reviews.assign(review(version, "privacy"), Organization.objects.get(code="shinsa"), **world.by("legal"))
    assert selectors.datasets.may_see_columns(reader, DatasetVersion.objects.get(pk=version.pk))


def test_a_review_goes_to_a_review_body_only(world, version):
    with pytest.raises(services.reviews.NotAReviewBody):
        services.reviews.assign(review(version), Organization.objects.get(code="kuruma"), **world.by("legal"))
    elsewhere = Viewer(None, "elsewhere", "kansa", "kansa", "reviewer")
    with pytest.raises(rules.AnotherBody):
        services.reviews.decide(
            review(version), decision="passed", opinion="x", valid_from=JUNE, valid_until=JULY, by=elsewhere,
            at=world.clock,
        )  # fmt: skip
