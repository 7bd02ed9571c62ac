"""Ballots as far as the caller may see them; opening, voting, closing, and decisions taken elsewhere."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors as contributed
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant, Named, Ratio
from contributions.api.queries import Query, Strict, of_state, word
from contributions.core.roles import check_may
from licensing import selectors, services
from licensing.core.bodies import GROUNDS, Recusal
from licensing.services.ballots import Minutes

STATES = ("open", "carried", "lost")


class VoterSerializer(serializers.Serializer):
    member = serializers.CharField()
    has_voted = serializers.BooleanField()
    choice = serializers.CharField(help_text="for, against or abstain; empty where the rule does not show it")
    dissent = serializers.CharField()
    cast_at = Instant(allow_null=True)
    entry = serializers.IntegerField(source="seq", allow_null=True)


class CountSerializer(serializers.Serializer):
    basis = serializers.CharField(help_text="members or stakes")
    votes_for = Ratio()
    against = Ratio()
    abstain = Ratio()
    electorate = Ratio()
    quorum_met = serializers.BooleanField()
    carried = serializers.BooleanField()


class RecusedSerializer(serializers.Serializer):
    member = serializers.CharField()
    ground = serializers.CharField(help_text="one of: " + ", ".join(GROUNDS))
    reason = serializers.CharField()


class BallotSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    form = serializers.CharField(help_text="meeting, written or elsewhere")
    policy = serializers.CharField(source="policy.number", default=None, allow_null=True)
    policy_version = serializers.IntegerField(source="policy.version", default=None, allow_null=True)
    allocation = serializers.CharField(source="allocation.number", default=None, allow_null=True)
    body = Named("body")
    body_code = serializers.CharField(source="body.code", default=None, allow_null=True)
    rule = serializers.DictField()
    visibility = serializers.CharField(help_text="open, until-closed or secret")
    excluded = RecusedSerializer(many=True)
    opened_at = Instant()
    closes_at = Instant()
    closed_at = Instant(allow_null=True)
    decided_on = Day(allow_null=True)
    reference = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    minutes = Named("minutes")
    voters = serializers.SerializerMethodField(help_text="everybody entitled, as far as the body's rule shows")
    counts = serializers.SerializerMethodField(help_text="the countings that the caller may see")
    entry = serializers.IntegerField(source="seq")

    def _seen(self, ballot):
        return selectors.ballots.seen(self.context["request"].viewer, ballot)

    def get_voters(self, ballot) -> VoterSerializer(many=True):
        return VoterSerializer(self._seen(ballot).voters, many=True).data

    def get_counts(self, ballot) -> CountSerializer(many=True):
        return CountSerializer(self._seen(ballot).counts, many=True).data


class BallotQuery(Query):
    state = of_state(*STATES)
    body = word()
    where = {"state": "state", "body": "body__code"}


class RecusalIn(Strict):
    member = serializers.CharField(max_length=40)
    ground = serializers.ChoiceField(tuple(GROUNDS))
    reason = serializers.CharField(max_length=400, default="", allow_blank=True)


class BallotIn(Strict):
    policy = serializers.CharField(max_length=20, required=False, help_text="number of the policy, with its version")
    policy_version = serializers.IntegerField(min_value=1, required=False)
    allocation = serializers.CharField(max_length=20, required=False, help_text="or number of the allocation")
    body = serializers.CharField(max_length=40, help_text="code of the deciding body")
    written = serializers.BooleanField(default=False)
    closes_at = serializers.DateTimeField()
    recusals = RecusalIn(many=True, default=list)


class VoteIn(Strict):
    choice = serializers.CharField(max_length=8, help_text="for, against or abstain")
    dissent = serializers.CharField(default="", allow_blank=True, max_length=4000, help_text="recorded with the vote")


class MinutesIn(Strict):
    minutes_ja = serializers.CharField(max_length=20_000)
    minutes_en = serializers.CharField(max_length=20_000)


class RecordedDecisionIn(MinutesIn):
    policy = serializers.CharField(max_length=20, required=False)
    policy_version = serializers.IntegerField(min_value=1, required=False)
    allocation = serializers.CharField(max_length=20, required=False)
    body = serializers.CharField(max_length=40)
    decided_on = Day()
    reference = serializers.CharField(max_length=200)
    carried = serializers.BooleanField(default=True)


class Ballots(Door):
    @lists(BallotSerializer, query=BallotQuery, tag="ballots")
    def get(self, request, asked):
        """Ballots, newest first."""
        return asked.narrow(selectors.ballots.visible_to(request.viewer))

    @acts(BallotSerializer, does="open_ballot", tag="ballots", body=BallotIn, status=201)
    def post(self, request, sent):
        """Put a policy or an allocation to a deciding body."""
        check_may(request.viewer, "ballot.open")
        recusals = [Recusal(**one_of) for one_of in sent["recusals"]]
        opened = services.ballots.open(
            _proposal(request, sent), body=_body(request, sent), closes_at=sent["closes_at"], written=sent["written"],
            recusals=recusals, by=request.viewer, at=now(),
        )  # fmt: skip
        return _found(request, opened.number)


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


class BallotClosing(Door):
    @acts(BallotSerializer, does="close_ballot", tag="ballots", body=MinutesIn)
    def post(self, request, sent, ballot):
        """Count a ballot whose time is over, or on which all have voted, with its minutes."""
        found = _found(request, ballot)
        minutes = Minutes(sent["minutes_ja"], sent["minutes_en"])
        services.ballots.close(found, minutes=minutes, by=request.viewer, at=now())
        return _found(request, ballot)


class Decisions(Door):
    @acts(BallotSerializer, does="record_decision", tag="ballots", body=RecordedDecisionIn, status=201)
    def post(self, request, sent):
        """Record a decision that a body took outside this ledger, with its minutes."""
        check_may(request.viewer, "decision.record")
        stated = {name: sent[name] for name in ("decided_on", "reference", "carried")}
        minutes = Minutes(sent["minutes_ja"], sent["minutes_en"])
        recorded = services.ballots.record_elsewhere(
            _proposal(request, sent), body=_body(request, sent), minutes=minutes, by=request.viewer, at=now(), **stated,
        )  # fmt: skip
        return _found(request, recorded.number)


def _found(request, number: int):
    return one(selectors.ballots.visible_to(request.viewer), number=number)


def _body(request, sent):
    return one(selectors.bodies.visible_to(request.viewer), code=sent["body"])


def _proposal(request, sent):
    if "allocation" in sent:
        return one(selectors.allocations.visible_to(request.viewer), number=sent["allocation"], state="attested")
    where = {"number": sent.get("policy", ""), "version": sent.get("policy_version", 0), "state": "proposed"}
    return one(selectors.policies.visible_to(request.viewer), **where)
