"""Versions of the negotiation and approval rules: adopted ones, proposed ones, and the two acts of two persons."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Both, Day, Digest, Instant
from contributions.api.queries import Query, Strict, of_state
from licensing import selectors, services
from licensing.core.mandates import PARTS

STATES = ("proposed", "adopted", "withdrawn")


class MandateSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    document = serializers.DictField(help_text="posts, routes, clauses, figures, prices, days an approval holds")
    sha256 = Digest()
    source_ja = serializers.CharField()
    source_en = serializers.CharField()
    valid_from = Day()
    proposal = serializers.CharField(source="proposal.number", allow_null=True, default=None)
    entry = serializers.IntegerField(source="seq")


class ChangeSerializer(serializers.Serializer):
    part = serializers.ChoiceField(choices=list(PARTS))
    name = Both()
    before = Both(allow_null=True)
    after = Both(allow_null=True)


class RulesProposalSerializer(serializers.Serializer):
    number = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    document = serializers.DictField()
    sha256 = Digest()
    source_ja = serializers.CharField()
    source_en = serializers.CharField()
    valid_from = Day()
    reason = serializers.CharField()
    proposed_at = Instant()
    adopted_as = serializers.IntegerField(source="adopted.version", allow_null=True, default=None)
    changes = serializers.SerializerMethodField()
    entry = serializers.IntegerField(source="seq")

    def get_changes(self, row) -> list[dict]:
        """What it changes of the newest other version."""
        return ChangeSerializer(selectors.mandates.changes_of(row), many=True, context=self.context).data


class RulesProposalQuery(Query):
    state = of_state(*STATES)
    where = {"state": "state"}


class RulesProposalIn(Strict):
    document = serializers.DictField()
    valid_from = Day()
    source_ja = serializers.CharField(max_length=200)
    source_en = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=4000)


class Mandates(Door):
    @lists(MandateSerializer, tag="approvals")
    def get(self, request, asked):
        """The adopted versions of the negotiation and approval rules, newest first."""
        return asked.narrow(selectors.mandates.versions_visible_to(request.viewer))


class RulesProposals(Door):
    @lists(RulesProposalSerializer, query=RulesProposalQuery, tag="approvals")
    def get(self, request, asked):
        """Proposed versions of the rules."""
        return asked.narrow(selectors.mandates.visible_to(request.viewer))

    @acts(RulesProposalSerializer, body=RulesProposalIn, does="propose_rules", tag="approvals", status=201)
    def post(self, request, sent):
        """Propose the next version of the rules."""
        return services.mandates.propose(**sent, by=request.viewer, at=now())


class RulesProposal(Door):
    @shows(RulesProposalSerializer, tag="approvals")
    def get(self, request, number):
        """One proposed version, with what it changes."""
        return one(selectors.mandates.visible_to(request.viewer), number=number)


class RulesAdoption(Door):
    @acts(MandateSerializer, does="adopt_rules", tag="approvals", status=201)
    def post(self, request, number):
        """Put a version in force that somebody else proposed."""
        row = one(selectors.mandates.visible_to(request.viewer), number=number)
        return services.mandates.adopt(row, by=request.viewer, at=now())


class RulesWithdrawal(Door):
    @acts(RulesProposalSerializer, does="withdraw_rules", tag="approvals")
    def post(self, request, number):
        """Take a proposed version back."""
        row = one(selectors.mandates.visible_to(request.viewer), number=number)
        return services.mandates.withdraw(row, by=request.viewer, at=now())
