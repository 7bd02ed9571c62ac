"""Policies: proposed as documents that can be run, adopted only once a ballot has carried them."""

from __future__ import annotations

import pytest
from allocation_cases import right, second, weighted

import world as cast
from contributions.core import canonical
from contributions.core.roles import NotAllowed
from contributions.models import Entry, LogHead
from licensing import selectors, services
from licensing.core import policies as rules
from licensing.core.policies import BoundsInfeasible
from licensing.models import Policy

QUOTA = {"quota": "1/2", "weights": {"of": "stakes"}}


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


def test_bounds_that_the_members_of_the_day_cannot_meet_are_refused_before_anybody_votes(world):
    with pytest.raises(BoundsInfeasible, match="4 members"):
        world.propose(floor="30/100", cap="1")
    with pytest.raises(BoundsInfeasible):
        world.propose(floor="0", cap="20/100")
    assert not selectors.policies.visible_to(world.viewer("legal")).exists()


def test_a_policy_names_nobody_that_the_ledger_does_not_know(world):
    for right_, named in (
        (right("weights", weighted(data="1"), ownership="lead", lead="nobody"), "nobody"),
        (right("use", {"name": "owen/1", "game": QUOTA, "unions": [["tetsu", "robo"]]}), "robo"),
    ):
        with pytest.raises(services.policies.NamesNobody, match=named):
            services.policies.propose(second(right_, number="P-0009"), **world.by("legal"))
    led = right("weights", weighted(data="1"), ownership="lead", lead="tetsu")
    assert services.policies.propose(second(led, number="P-0009"), **world.by("legal")).state == "proposed"


@pytest.mark.parametrize("username", ["tetsu", "finance", "auditor", "robo", "reviewer"])
def test_who_proposes_and_adopts_is_the_secretariat(world, username):
    with pytest.raises(NotAllowed):
        services.policies.propose(cast.POLICY, **world.by(username))
    with pytest.raises(NotAllowed):
        services.policies.adopt(world.propose(), adopted_on=cast.JOINED, **world.by(username))
