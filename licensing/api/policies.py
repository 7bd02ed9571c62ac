"""Allocation policies: the members' own rule, whole."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant
from contributions.api.queries import Query, Strict, of_state, word
from contributions.core.roles import check_may
from licensing import selectors, services
from licensing.core import policy_drafts

STATES = ("proposed", "adopted", "rejected", "superseded")


class PolicySerializer(serializers.Serializer):
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    proposed_at = Instant()
    adopted_on = Day(allow_null=True)
    sha256 = Digest()
    document = serializers.DictField(help_text="the rule itself, as it is hashed and run")
    entry = serializers.IntegerField(source="seq")


class PolicyQuery(Query):
    number = word()
    state = of_state(*STATES)
    where = {"number": "number", "state": "state"}


class PolicyIn(Strict):
    document = serializers.DictField(help_text="as /static/schemas/allocation-policy-2.json describes it")


class Policies(Door):
    @lists(PolicySerializer, query=PolicyQuery, tag="policies")
    def get(self, request, asked):
        """Allocation policies, every version."""
        return asked.narrow(selectors.policies.visible_to(request.viewer))

    @acts(PolicySerializer, does="propose_policy", tag="policies", body=PolicyIn, status=201)
    def post(self, request, sent):
        """Propose a policy document; a faulty one is refused whole, with every finding at its field."""
        check_may(request.viewer, "policy.propose")
        policy_drafts.check(sent["document"])
        made = services.policies.propose(sent["document"], by=request.viewer, at=now())
        return one(selectors.policies.visible_to(request.viewer), number=made.number, version=made.version)


class Policy(Door):
    @shows(PolicySerializer, tag="policies")
    def get(self, request, number, version):
        """One version of a policy."""
        return one(selectors.policies.visible_to(request.viewer), number=number, version=version)
