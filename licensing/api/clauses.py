"""The clause library."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Day, Digest
from contributions.api.queries import Query, of_state, word
from licensing import selectors
from licensing.core.clauses import RANKS

STATES = ("draft", "approved", "retired")


class ClauseSerializer(serializers.Serializer):
    code = serializers.CharField(source="clause.code")
    family = serializers.CharField(source="clause.family")
    position = serializers.IntegerField(source="clause.position")
    version = serializers.IntegerField()
    base = serializers.CharField(
        source="clause.base.code", default=None, help_text="the clause it is an alternative of"
    )
    rank = serializers.CharField(help_text="one of: " + ", ".join(RANKS))
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    valid_from = Day()
    valid_until = Day(allow_null=True)
    sha256 = Digest()
    document = serializers.DictField(help_text="heading and paragraphs in both languages")
    entry = serializers.IntegerField(source="seq")


class ClauseQuery(Query):
    code = word()
    family = word()
    state = of_state(*STATES)
    where = {"code": "clause__code", "family": "clause__family", "state": "state"}


class Clauses(Door):
    @lists(ClauseSerializer, query=ClauseQuery, tag="clauses")
    def get(self, request, asked):
        """Clauses, every version, in the order of the contract."""
        return asked.narrow(selectors.clauses.visible_to(request.viewer))


class Clause(Door):
    @shows(ClauseSerializer, tag="clauses")
    def get(self, request, code, version):
        """One version of a clause."""
        return one(selectors.clauses.visible_to(request.viewer), clause__code=code, version=version)
