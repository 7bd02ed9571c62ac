"""Negotiations: whose turn it is, the proposals on the table, comments, rounds, and each step."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services
from licensing.core import negotiations as rules

STATES = tuple(rules.STATES)


class NegotiationSerializer(serializers.Serializer):
    agreement = serializers.CharField(source="agreement.number")
    licensee = serializers.CharField(source="agreement.licensee.organization.code")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    turn = serializers.SerializerMethodField(help_text="licensor or licensee; null once it is over")
    opened_at = Instant()
    moved_at = Instant()
    entry = serializers.IntegerField(source="seq")

    def get_turn(self, row) -> str | None:
        return rules.TURN.get(row.state)


class ProposalSerializer(serializers.Serializer):
    agreement = serializers.CharField(source="negotiation.agreement.number")
    number = serializers.IntegerField()
    side = serializers.CharField(help_text="licensor or licensee")
    kind = serializers.CharField(help_text="wording, added, removed, variable or price")
    subject = serializers.CharField(help_text="the clause, or the figure")
    ja = serializers.CharField()
    en = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    reason = serializers.CharField()
    answer = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(rules.PROPOSALS))
    edition = serializers.IntegerField(help_text="send it back when saving: an older one is refused")
    entry = serializers.IntegerField(source="seq", allow_null=True)

    class Meta:
        ref_name = "Proposal"


class CommentSerializer(serializers.Serializer):
    clause = serializers.CharField(help_text="empty where the comment is on the whole")
    side = serializers.CharField()
    text = serializers.CharField()
    internal = serializers.BooleanField(help_text="a note of the secretariat’s own; a licensee is never sent one")
    written_at = Instant()


class RoundSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    side = serializers.CharField()
    occasion = serializers.CharField(help_text="opened, proposed or agreed")
    sha256 = Digest()
    made_at = Instant()
    sections = serializers.JSONField(help_text="the text, clause by clause, as it stood")
    entry = serializers.IntegerField(source="seq")


class ReasonSerializer(Strict):
    reason = serializers.CharField(max_length=4000)

    class Meta:
        ref_name = "NegotiationReason"


class NewCommentSerializer(Strict):
    clause = serializers.SlugField(required=False, default="")
    text = serializers.CharField(max_length=4000)
    internal = serializers.BooleanField(required=False, default=False)


class NewProposalSerializer(Strict):
    kind = serializers.ChoiceField(choices=["wording", "removed", "variable", "price"])
    subject = serializers.SlugField(max_length=60)
    ja = serializers.CharField(required=False, default="", allow_blank=True, max_length=20_000)
    en = serializers.CharField(required=False, default="", allow_blank=True, max_length=20_000)
    value = serializers.JSONField(required=False, default=None)
    reason = serializers.CharField(max_length=4000)


class ProposalAcceptanceSerializer(Strict):
    reason = serializers.CharField(required=False, default="", max_length=4000, help_text="the licensor's own file")
    answer = serializers.CharField(required=False, default="", max_length=4000, help_text="the other side reads it")


class NegotiationQuery(Query):
    state = of_state(*STATES)
    licensee = word()
    where = {"state": "state", "licensee": "agreement__licensee__organization__code"}


class Negotiations(Door):
    @lists(NegotiationSerializer, query=NegotiationQuery, tag="negotiations")
    def get(self, request, asked):
        """Negotiations."""
        return asked.narrow(selectors.negotiations.visible_to(request.viewer))


class Negotiation(Door):
    @shows(NegotiationSerializer, tag="negotiations")
    def get(self, request, number):
        """One negotiation."""
        return _found(request, number)


class NegotiationProposals(Door):
    @lists(ProposalSerializer, tag="negotiations")
    def get(self, request, asked, number):
        """What was handed over, and the caller's own drafts."""
        found = _found(request, number)
        return selectors.negotiations.proposals_visible_to(request.viewer).filter(negotiation=found)

    @acts(ProposalSerializer, body=NewProposalSerializer, does="draft_proposal", tag="negotiations", status=201)
    def post(self, request, data, number):
        """Draft a proposal; the other side sees it once the round is handed over."""
        return services.proposals.save(_found(request, number), **data, by=request.viewer, at=now()).proposal


class NegotiationComments(Door):
    @lists(CommentSerializer, tag="negotiations")
    def get(self, request, asked, number):
        """Comments."""
        found = _found(request, number)
        return selectors.negotiations.comments_visible_to(request.viewer).filter(negotiation=found)

    @acts(CommentSerializer, body=NewCommentSerializer, does="write_comment", tag="negotiations", status=201)
    def post(self, request, data, number):
        """Write a comment."""
        return services.negotiations.comment(_found(request, number), **data, by=request.viewer, at=now())


class NegotiationVersions(Door):
    @lists(RoundSerializer, tag="negotiations")
    def get(self, request, asked, number):
        """The frozen rounds with their text and digest."""
        found = _found(request, number)
        return selectors.negotiations.versions_visible_to(request.viewer).filter(agreement=found.agreement)


class NegotiationHandover(Door):
    @acts(NegotiationSerializer, does="hand_over_negotiation", tag="negotiations")
    def post(self, request, number):
        """Give the turn to the other side; the round is frozen."""
        return services.negotiations.hand_over(_found(request, number), by=request.viewer, at=now())


class NegotiationConsent(Door):
    @acts(NegotiationSerializer, does="agree_negotiation", tag="negotiations")
    def post(self, request, number):
        """Agree to the text as it stands."""
        return services.negotiations.agree(_found(request, number), by=request.viewer, at=now())


class NegotiationEnd(Door):
    @acts(NegotiationSerializer, body=ReasonSerializer, does="break_off_negotiation", tag="negotiations")
    def post(self, request, data, number):
        """End the negotiation, saying why."""
        return services.negotiations.break_off(_found(request, number), **data, by=request.viewer, at=now())


class ProposalAcceptance(Door):
    @acts(ProposalSerializer, body=ProposalAcceptanceSerializer, does="accept_proposal", tag="negotiations")
    def post(self, request, data, number, proposal):
        """Accept a proposal of the other side; where the rules ask for it, an approval is asked for."""
        return services.proposals.accept(_proposal(request, number, proposal), **data, by=request.viewer, at=now())


class ProposalRejection(Door):
    @acts(ProposalSerializer, body=ReasonSerializer, does="reject_proposal", tag="negotiations")
    def post(self, request, data, number, proposal):
        """Reject a proposal of the other side, saying why."""
        return services.proposals.reject(_proposal(request, number, proposal), **data, by=request.viewer, at=now())


def _found(request, number: str):
    return one(selectors.negotiations.visible_to(request.viewer), agreement__number=number)


def _proposal(request, number: str, proposal: int):
    rows = selectors.negotiations.proposals_visible_to(request.viewer)
    return one(rows, negotiation__agreement__number=number, number=proposal)
