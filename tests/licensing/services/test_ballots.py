"""Ballots: a fixed electorate, one vote each, a count that anybody can repeat."""

from __future__ import annotations

from datetime import timedelta

import pytest

import world as cast
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry
from contributions.services import journal
from licensing import selectors, services
from licensing.core import ballots as rules
from licensing.models import Ballot, Vote


@pytest.fixture
def ballot(world) -> Ballot:
    return world.ballot(world.propose(), electorate=("hagane", "kuruma", "tetsu"))


def cast_vote(world, ballot, code, choice="for", *, by=None, **more) -> Vote:
    return services.ballots.cast(ballot, member=world.of(code), choice=choice, **more, **world.by(by or code))


def test_the_electorate_and_the_rule_are_journaled_when_the_ballot_opens(world, ballot):
    facts = canonical.loads(bytes(Entry.objects.get(seq=ballot.seq).statement.content))["facts"]
    assert facts["electorate"] == {"hagane": "1", "kuruma": "1", "tetsu": "1"}
    assert facts["rule"]["threshold"] == "2/3" and facts["policy_sha256"] == ballot.policy.sha256


def test_two_of_three_carry_a_two_thirds_rule(world, ballot):
    world.vote(ballot, tetsu="for", hagane="for", kuruma="against")
    closed = world.close(ballot)
    facts = canonical.loads(bytes(Entry.objects.get(seq=closed.seq).statement.content))["facts"]
    assert closed.state == "carried"
    assert {name: facts[name] for name in ("for", "against", "abstain", "carried")} == {
        "for": "2",
        "against": "1",
        "abstain": "0",
        "carried": True,
    }


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
    assert not Vote.objects.exists()


def test_nobody_votes_for_another(world, ballot):
    with pytest.raises(rules.NotInElectorate):
        cast_vote(world, ballot, "tetsu", by="hagane")
    assert not Vote.objects.exists()


@pytest.mark.parametrize("username", ["legal", "desk", "auditor", "robo"])
def test_only_members_vote(world, ballot, username):
    with pytest.raises(NotAllowed):
        cast_vote(world, ballot, "tetsu", by=username)


def test_a_vote_is_cast_once_and_not_changed(world, ballot):
    cast_vote(world, ballot, "tetsu")
    size = Entry.objects.count()
    for choice in ("for", "against"):
        with pytest.raises(services.ballots.AlreadyVoted, match="for"):
            cast_vote(world, ballot, "tetsu", choice)
    assert (Vote.objects.get().choice, Entry.objects.count()) == ("for", size)


def test_there_are_three_choices(world, ballot):
    with pytest.raises(rules.UnknownChoice):
        cast_vote(world, ballot, "tetsu", "maybe")


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


@pytest.mark.parametrize("electorate", [(), ("tetsu",)])
def test_an_electorate_of_nobody_carries_nothing(world, electorate):
    ballot = world.ballot(world.propose(), electorate=electorate)
    world.vote(ballot, **dict.fromkeys(electorate, "for"))
    assert world.close(ballot).state == ("carried" if electorate else "lost")
