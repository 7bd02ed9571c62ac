"""Ballots with every recorded vote, and casting one."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors as contributed
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Instant, Named, Ratio
from contributions.api.queries import Query, Strict, of_state
from contributions.core.roles import check_may
from licensing import selectors, services

STATES = ("open", "carried", "lost")


class VoteSerializer(serializers.Serializer):
    member = serializers.CharField(source="member.code")
    choice = serializers.CharField(help_text="for, against or abstain")
    dissent = serializers.CharField()
    cast_at = Instant()
    entry = serializers.IntegerField(source="seq")


class BallotSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    policy = serializers.CharField(source="policy.number")
    policy_version = serializers.IntegerField(source="policy.version")
    body = Named("body")
    rule = serializers.DictField()
    electorate = serializers.DictField(child=Ratio(), help_text="member → weight")
    opened_at = Instant()
    closes_at = Instant()
    closed_at = Instant(allow_null=True)
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    minutes = Named("minutes")
    votes = VoteSerializer(source="votes.all", many=True)
    entry = serializers.IntegerField(source="seq")


class BallotQuery(Query):
    state = of_state(*STATES)
    where = {"state": "state"}


class VoteIn(Strict):
    choice = serializers.CharField(max_length=8, help_text="for, against or abstain")
    dissent = serializers.CharField(default="", allow_blank=True, max_length=4000, help_text="recorded with the vote")


class Ballots(Door):
    @lists(BallotSerializer, query=BallotQuery, tag="ballots")
    def get(self, request, asked):
        """Ballots, newest first."""
        return asked.narrow(selectors.ballots.visible_to(request.viewer))


class Ballot(Door):
    @shows(BallotSerializer, tag="ballots")
    def get(self, request, ballot):
        """One ballot with its votes."""
        return _found(request, ballot)


class BallotVotes(Door):
    @acts(BallotSerializer, does="cast_vote", tag="ballots", body=VoteIn, status=201)
    def post(self, request, sent, ballot):
        """Cast the vote of the member that the caller acts for, once and for good."""
        found = _found(request, ballot)
        check_may(request.viewer, "ballot.cast")
        member = one(contributed.members.visible_to(request.viewer), organization__code=request.viewer.acting)
        services.ballots.cast(found, member=member, by=request.viewer, at=now(), **sent)
        return _found(request, ballot)


def _found(request, number: int):
    return one(selectors.ballots.visible_to(request.viewer), number=number)
