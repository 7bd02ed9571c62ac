"""Ballots: a frozen electorate, one vote each, a count that anybody can repeat, and nothing else that adopts."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

import world as cast
from contributions import services as contributed
from contributions.core import canonical
from contributions.core.evidence import Evidence
from contributions.core.roles import NotAllowed, Viewer
from contributions.models import Entry
from contributions.services import journal
from licensing import selectors, services
from licensing.core import ballots as rules
from licensing.core import bodies
from licensing.core.bodies import Recusal
from licensing.models import Ballot, Policy, Vote
from licensing.selectors import entries
from licensing.services.ballots import Minutes

BOTH = {"basis": "both", "quorum": "1/2", "threshold": "1/2", "strict": True, "of": "decided"}


@pytest.fixture
def ballot(world) -> Ballot:
    return world.ballot(world.propose(), electorate=("hagane", "kuruma", "tetsu"))


def cast_vote(world, ballot, code, choice="for", *, by=None, **more) -> Vote:
    return services.ballots.cast(ballot, member=world.of(code), choice=choice, **more, **world.by(by or code))


def facts_of(seq: int) -> dict:
    return canonical.loads(bytes(Entry.objects.get(seq=seq).statement.content))["facts"]


def test_electorate_rule_body_and_time_are_journaled_when_the_ballot_opens(world, ballot):
    facts = facts_of(ballot.seq)
    assert facts["electorate"] == {"hagane": "1", "kuruma": "1", "tetsu": "1"}
    assert facts["rule"]["threshold"] == "2/3" and facts["policy_sha256"] == ballot.policy.sha256
    assert facts["body"] == {"code": "committee-1", "edition": 1, "ja": "運営委員会", "en": "Steering committee"}
    assert facts["as_of"] == {"on": ballot.frozen_on.isoformat(), "known_at": ballot.seq}


def test_two_of_three_carry_a_two_thirds_rule(world, ballot):
    world.vote(ballot, tetsu="for", hagane="for", kuruma="against")
    closed = world.close(ballot)
    assert closed.state == "carried"
    assert facts_of(closed.seq) == {
        "ballot": 1, "for": "2", "against": "1", "abstain": "0", "electorate": "3", "carried": True, "quorum_met": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "votes",
    [
        {},
        {"tetsu": "for"},
        {"tetsu": "for", "hagane": "against"},
        {"tetsu": "abstain", "hagane": "abstain", "kuruma": "abstain"},
        {"tetsu": "for", "hagane": "against", "kuruma": "against"},
    ],
)
def test_without_quorum_or_majority_it_is_lost(world, ballot, votes):
    world.vote(ballot, **votes)
    assert world.close(ballot).state == "lost"


def test_who_is_not_in_the_electorate_has_no_vote(world, ballot):
    with pytest.raises(rules.NotInElectorate, match="ginko"):
        cast_vote(world, ballot, "ginko")
    with pytest.raises(rules.NotInElectorate):
        cast_vote(world, ballot, "tetsu", by="hagane")
    for username in ("legal", "desk", "auditor", "robo"):
        with pytest.raises(NotAllowed):
            cast_vote(world, ballot, "tetsu", by=username)
    with pytest.raises(rules.UnknownChoice):
        cast_vote(world, ballot, "tetsu", "maybe")
    assert not Vote.objects.exists()


def test_a_vote_is_cast_once_and_not_changed(world, ballot):
    cast_vote(world, ballot, "tetsu")
    size = Entry.objects.count()
    for choice in ("for", "against"):
        with pytest.raises(services.ballots.AlreadyVoted, match="for"):
            cast_vote(world, ballot, "tetsu", choice)
    assert (Vote.objects.get().choice, Entry.objects.count()) == ("for", size)


def test_after_closing_nobody_votes_and_nobody_closes_again(world, ballot):
    world.close(ballot)
    with pytest.raises(rules.BallotClosed):
        cast_vote(world, ballot, "tetsu")
    with pytest.raises(rules.BallotClosed):
        world.close(ballot)


def test_after_its_last_moment_nobody_votes_though_it_stands_open(world, ballot):
    world.clock = ballot.closes_at - timedelta(minutes=2)
    cast_vote(world, ballot, "tetsu")
    world.clock = ballot.closes_at - timedelta(minutes=1)
    with pytest.raises(rules.BallotClosed):
        cast_vote(world, ballot, "hagane")


def test_a_ballot_closes_when_its_time_is_over_or_when_all_have_voted(world, ballot):
    world.vote(ballot, tetsu="for", hagane="for")
    with pytest.raises(rules.StillVoting, match="1 members"):
        services.ballots.close(ballot, minutes=Minutes("議事録", "minutes"), **world.by("legal"))
    world.vote(ballot, kuruma="for")
    assert services.ballots.close(ballot, minutes=Minutes("議事録", "minutes"), **world.by("legal")).state == "carried"


def test_two_ballots_on_one_proposal_are_refused(world, ballot):
    with pytest.raises(rules.OneOpenAlready, match="1"):
        world.ballot(ballot.policy)
    second = Ballot.objects.get(pk=ballot.pk)
    second.pk, second.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save(force_insert=True)
    world.vote(ballot, tetsu="for", hagane="for", kuruma="for")
    world.close(ballot)
    with pytest.raises(rules.DecidedAlready):
        world.ballot(Policy.objects.get())


def test_a_dissent_is_recorded_with_its_reason_as_an_annex(world, ballot):
    vote = cast_vote(world, ballot, "hagane", "against", dissent="下限が低すぎます。")
    entry = Entry.objects.get(seq=vote.seq)
    annex = entry.annexes.get()
    assert journal.store().get(annex.sha256).decode() == "下限が低すぎます。"
    assert "下限".encode() not in bytes(entry.statement.content)


def test_a_ballot_waits_for_each_elector_until_it_has_voted(world, ballot):
    def waits(code):
        return selectors.ballots.waiting_for(world.member(code), at=world.clock) == [ballot]

    assert [code for code in cast.MEMBERS if waits(code)] == ["hagane", "kuruma", "tetsu"]
    cast_vote(world, ballot, "tetsu")
    assert [code for code in cast.MEMBERS if waits(code)] == ["hagane", "kuruma"]
    assert selectors.ballots.closable(world.viewer("legal"), at=world.clock) == []
    assert selectors.ballots.closable(world.viewer("legal"), at=ballot.closes_at) == [ballot]


def test_the_electorate_is_frozen_from_membership_and_stakes_as_the_log_then_told(world):
    policy, body = world.propose(), world.body(electorate={"kind": "stakeholders"}, matters={"policy": BOTH})
    ballot = world.ballot(policy, body=body)
    assert ballot.stakes == dict.fromkeys(cast.MEMBERS, "1/4")
    contributed.stakes.restate(world.of("tetsu").stakes.get(), share="0", valid_from=cast.JOINED, **world.by("legal"))
    assert "tetsu" in Ballot.objects.get().electorate
    seats = services.ballots.seats_on(ballot.frozen_on, known_at=ballot.known_at)
    assert {seat.member: seat.stake for seat in seats}["tetsu"] == Fraction(1, 4)
    assert {seat.member: seat.stake for seat in services.ballots.seats_on(ballot.frozen_on)}["tetsu"] == 0


# ---- recusal, written resolutions, decisions elsewhere ----
def test_an_interested_member_takes_no_part_and_counts_for_nothing(world):
    interested = Recusal("tetsu", "party", "本議案の相手方です。")
    ballot = world.ballot(world.propose(), electorate=("hagane", "kuruma", "tetsu"), recusals=[interested])
    assert list(ballot.electorate) == ["hagane", "kuruma"]
    with pytest.raises(rules.Recused, match="other party"):
        cast_vote(world, ballot, "tetsu")
    entry = Entry.objects.get(seq=ballot.seq)
    assert facts_of(ballot.seq)["excluded"] == [{"member": "tetsu", "ground": "party"}]
    assert journal.store().get(entry.annexes.get().sha256).decode() == "本議案の相手方です。"
    world.vote(ballot, hagane="for", kuruma="for")
    assert world.close(ballot).state == "carried"
    other = world.propose(version=2)
    for recusal in (Recusal("ginko", "party"), Recusal("tetsu", "affiliate")):
        with pytest.raises(bodies.CannotRecuse):
            world.ballot(other, electorate=("hagane", "tetsu"), recusals=[recusal])


def test_a_written_resolution_needs_a_rule_that_admits_it_and_carries_by_that_rule(world):
    with pytest.raises(bodies.NoWrittenResolution):
        world.ballot(world.propose(), written=True)
    everybody = {"quorum": "1", "threshold": "1", "strict": False, "of": "all"}
    body = world.body(matters={"policy": {**cast.BY_MEMBERS, "written": everybody}})
    ballot = world.ballot(Policy.objects.get(), body=body, written=True)
    world.vote(ballot, **dict.fromkeys(cast.MEMBERS[1:], "for"))
    assert ballot.form == "written" and world.close(ballot).state == "lost", "one did not agree"


def test_a_decision_taken_elsewhere_is_recorded_as_such_with_its_minutes_and_adopts(world):
    policy, body = world.propose(), world.body()
    stated = {"body": body, "decided_on": date(2026, 4, 1), "reference": "第1回運営委員会"}
    record = services.ballots.record_elsewhere
    with pytest.raises(rules.NoMinutes):
        record(policy, minutes=Minutes("議事録", ""), **stated, **world.by("legal"))
    with pytest.raises(services.ballots.DecidedInFuture):
        record(policy, minutes=Minutes("議事録", "x"), **stated | {"decided_on": date(2030, 1, 1)}, **world.by("legal"))
    with pytest.raises(NotAllowed):
        record(policy, minutes=Minutes("議事録", "x"), **stated, **world.by("tetsu"))
    file = Evidence("議事録.pdf", b"%PDF-1.7 minutes")
    decision = record(policy, minutes=Minutes(file=file), **stated, **world.by("legal"))
    assert (decision.form, decision.state, decision.minutes_name) == ("elsewhere", "carried", "議事録.pdf")
    (annex,) = Entry.objects.get(seq=decision.seq).annexes.all()
    assert (annex.name, annex.media) == ("minutes.pdf", "application/pdf")
    assert selectors.ballots.minutes_digests(decision) == [("minutes.pdf", annex.sha256)]
    assert world.adopt(policy).state == "adopted"


def test_not_even_the_machine_adopts_without_a_decision(allocated_world):
    allocation = allocated_world.attest(allocated_world.run())
    with pytest.raises(rules.NotDecided):
        services.allocations.adopt(allocation, by=Viewer.system("administrator"), at=allocated_world.clock)


def test_a_body_decides_only_what_its_rules_of_the_day_name(world):
    body = world.body(matters={"allocation": cast.BY_MEMBERS})
    with pytest.raises(bodies.NoRule):
        world.ballot(world.propose(), body=body)
    services.bodies.amend(
        body, stated={"matters": {"policy": cast.BY_MEMBERS}}, valid_from=world.clock.date() + timedelta(days=1),
        source_ja="改定", source_en="amended", **world.by("legal"),
    )  # fmt: skip
    with pytest.raises(bodies.NoRule):
        world.ballot(Policy.objects.get(), body=body)
    world.clock += timedelta(days=2)
    assert world.ballot(Policy.objects.get(), body=body).rule["threshold"] == "2/3"


# ---- who sees what ----
def _seen(world, ballot, username):
    viewer = world.viewer(username)
    return selectors.ballots.seen(viewer, selectors.ballots.visible_to(viewer).get(pk=ballot.pk))


def _choices(world, ballot, username) -> dict:
    return {voter.member: voter.choice for voter in _seen(world, ballot, username).voters}


@pytest.mark.parametrize(("visibility", "before", "after"), [("open", 2, 3), ("until-closed", 1, 3), ("secret", 1, 1)])
def test_what_a_member_sees_of_others_votes_follows_the_bodys_rule(world, visibility, before, after):
    body = world.body(("hagane", "kuruma", "tetsu"), visibility=visibility)
    ballot = world.ballot(world.propose(), body=body)
    cast_vote(world, ballot, "tetsu", "against", dissent="反対の理由")
    cast_vote(world, ballot, "hagane")

    def shown(username) -> int:
        return sum(bool(choice) for choice in _choices(world, ballot, username).values())

    assert shown("tetsu") == before
    assert shown("ginko") == (2 if visibility == "open" else 0)
    assert [voter.has_voted for voter in _seen(world, ballot, "ginko").voters] == [True, False, True]
    if visibility != "open":
        assert _seen(world, ballot, "hagane").counts == () and _seen(world, ballot, "legal").counts == ()
        kinds = entries.visible_to(world.viewer("hagane")).filter(kind__startswith="vote.")
        assert [(entry.kind, entry.member) for entry in kinds] == [("vote.sealed", "hagane")]
        assert not entries.visible_to(world.viewer("legal")).filter(kind="vote.sealed").exists()
    cast_vote(world, ballot, "kuruma")
    world.close(ballot)
    assert shown("tetsu") == after
    assert _seen(world, ballot, "tetsu").counts[0].votes_for == 2
    assert len([choice for choice in _choices(world, ballot, "auditor").values() if choice]) == 3


def test_a_count_by_stake_tells_no_member_another_members_stake(world):
    body = world.body(matters={"policy": BOTH})
    ballot = world.ballot(world.propose(), body=body)
    world.vote(ballot, **dict.fromkeys(cast.MEMBERS, "for"))
    closed = world.close(ballot)
    member, legal = _seen(world, closed, "tetsu"), _seen(world, closed, "legal")
    assert [count.basis for count in member.counts] == ["members"] and member.hides_stakes and member.carried
    assert {voter.member for voter in member.voters if voter.stake is not None} == {"tetsu"}
    assert [(count.basis, count.votes_for) for count in legal.counts] == [("members", 4), ("stakes", 1)]
    shown = entries.visible_to(world.viewer("tetsu")).filter(subject=f"ballot:{closed.number}")
    assert "1/4" not in str([bytes(entry.statement.content) for entry in shown])
    assert {"ballot.weighed", "ballot.counted"}.isdisjoint(entry.kind for entry in shown)


# ---- verification ----
def test_every_ballot_recounts_from_the_log_and_a_changed_row_is_found(world, ballot):
    world.vote(ballot, tetsu="for", hagane="for", kuruma="against")
    closed = world.close(ballot)
    assert list(selectors.ballots.unfaithful()) == []
    Ballot.objects.filter(pk=closed.pk).update(electorate={"tetsu": "1"})
    (fault,) = selectors.ballots.unfaithful()
    assert fault.invariant == "I12" and "ballot 1" in fault.text("en")
