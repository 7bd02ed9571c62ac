"""Allocation policies: the members' own rule, whole."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Query, of_state, word
from licensing import selectors

STATES = ("proposed", "adopted", "rejected", "superseded")


class PolicySerializer(serializers.Serializer):
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    proposed_at = Instant()
    adopted_on = serializers.DateField(allow_null=True)
    sha256 = Digest()
    document = serializers.DictField(help_text="the rule itself, as it is hashed and run")
    entry = serializers.IntegerField(source="seq")


class PolicyQuery(Query):
    number = word()
    state = of_state(*STATES)
    where = {"number": "number", "state": "state"}


class Policies(Door):
    @lists(PolicySerializer, query=PolicyQuery, tag="policies")
    def get(self, request, asked):
        """Allocation policies, every version."""
        return asked.narrow(selectors.policies.visible_to(request.viewer))


class Policy(Door):
    @shows(PolicySerializer, tag="policies")
    def get(self, request, number, version):
        """One version of a policy."""
        return one(selectors.policies.visible_to(request.viewer), number=number, version=version)
