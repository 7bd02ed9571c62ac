"""Policies: proposed as documents that can be run, adopted only once a ballot has carried them."""

from __future__ import annotations

import pytest

import world as cast
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry, LogHead
from licensing import selectors, services
from licensing.core import policies as rules
from licensing.models import Policy


def test_a_proposal_is_addressed_by_its_canonical_bytes(world):
    policy = world.propose()
    assert policy.sha256 == canonical.sha256_hex(canonical.dumps(cast.POLICY)) == rules.address(policy.document)
    facts = canonical.loads(bytes(Entry.objects.get(seq=policy.seq).statement.content))["facts"]
    assert facts["policy_sha256"] == policy.sha256


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"categories": [{"code": "cash", "weight": "99/100", "units": {"JPY": "1"}}]}, rules.WeightsNotOne),
        ({"floor": 0.01}, rules.FloatInPolicy),
        ({"method": "shapley/1"}, rules.BadPolicy),
        ({"program": "exec"}, rules.BadPolicy),
        ({"floor": "1/3"}, rules.BadPolicy),
    ],
)
def test_a_document_that_cannot_be_run_is_refused_before_anybody_votes(world, changes, refusal):
    size = LogHead.objects.get().size
    with pytest.raises(refusal):
        world.propose(**changes)
    assert not Policy.objects.exists() and LogHead.objects.get().size == size


def test_a_carried_policy_is_adopted_and_supersedes_the_one_before(world):
    first = world.policy()
    assert (first.state, selectors.policies.in_force()) == ("adopted", first)
    second = world.policy(version=2, floor="2/100")
    first.refresh_from_db()
    assert (first.state, second.state, selectors.policies.in_force()) == ("superseded", "adopted", second)


def test_without_a_ballot_nothing_is_adopted(world):
    with pytest.raises(services.policies.NotCarried, match="version 1"):
        world.adopt(world.propose())


def test_an_open_ballot_adopts_nothing(world):
    policy = world.propose()
    world.vote(world.ballot(policy), **dict.fromkeys(cast.MEMBERS, "for"))
    with pytest.raises(services.policies.NotCarried):
        world.adopt(policy)


def test_a_lost_ballot_adopts_nothing(world):
    policy = world.propose()
    ballot = world.ballot(policy)
    world.vote(ballot, tetsu="for", hagane="against", kuruma="against")
    assert world.close(ballot).state == "lost"
    with pytest.raises(services.policies.NotCarried):
        world.adopt(policy)
    assert selectors.policies.in_force() is None


def test_a_ballot_on_another_version_adopts_nothing(world):
    world.policy()
    second = world.propose(version=2)
    with pytest.raises(services.policies.NotCarried, match="version 2"):
        world.adopt(second)


def test_a_policy_is_adopted_once(world):
    policy = world.policy()
    with pytest.raises(services.policies.NotCarried):
        world.adopt(policy)


@pytest.mark.parametrize("username", ["tetsu", "finance", "auditor", "robo", "reviewer"])
def test_who_proposes_and_adopts_is_the_secretariat(world, username):
    with pytest.raises(NotAllowed):
        services.policies.propose(cast.POLICY, **world.by(username))
    with pytest.raises(NotAllowed):
        services.policies.adopt(world.propose(), adopted_on=cast.JOINED, **world.by(username))
