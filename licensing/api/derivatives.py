"""Derivative models: lineage, what each owes upstream, registering one, and legal's decision."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows, writes
from contributions.api.fields import Day, Instant, Ratio
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services
from licensing.core.derivatives import KINDS

STATES = ("submitted", "approved", "refused", "withdrawn")
RATIO = r"^[0-9]{1,18}(/[1-9][0-9]{0,17})?$"


class EdgeSerializer(serializers.Serializer):
    model = serializers.CharField()
    weight = Ratio()


class DerivativeSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    licensee = serializers.CharField(source="agreement.licensee.organization.code")
    name = serializers.CharField()
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    purpose = serializers.CharField()
    data_category = serializers.CharField()
    parents = EdgeSerializer(many=True)
    rate = Ratio(help_text="what its owner asks of models made from it")
    stack = serializers.JSONField(help_text="policy, lines and their sum: what it owes upstream")
    use_from = Day()
    passed_on = serializers.DictField(child=serializers.BooleanField())
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    registered_at = Instant()
    decided_at = Instant(allow_null=True)
    reason = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class EdgeIn(Strict):
    model = serializers.CharField(max_length=40)
    weight = serializers.RegexField(RATIO, help_text="an exact fraction; all weights sum to 1")


class LineageIn(Strict):
    parents = EdgeIn(many=True, allow_empty=False)
    rate = serializers.RegexField(RATIO, default="0")


class DerivativeIn(LineageIn):
    agreement = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(tuple(KINDS))
    purpose = serializers.CharField(max_length=4000)
    data_category = serializers.CharField(max_length=200)
    use_from = Day()
    passed_on = serializers.DictField(child=serializers.BooleanField())


class DerivativeDecisionIn(Strict):
    reason = serializers.CharField(max_length=4000)


class DerivativeQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    where = {"state": "state", "agreement": "agreement__number"}


class Derivatives(Door):
    @lists(DerivativeSerializer, query=DerivativeQuery, tag="derivatives")
    def get(self, request, asked):
        """Derivative models that the caller may see; no licensee sees another's."""
        return asked.narrow(selectors.derivatives.visible_to(request.viewer))

    @acts(DerivativeSerializer, body=DerivativeIn, does="register_derivative", tag="derivatives", status=201)
    def post(self, request, sent):
        """Register a derivative under an agreement."""
        given = dict(sent)
        agreement = one(selectors.agreements.concluded(request.viewer), number=given.pop("agreement"))
        row = services.derivatives.register(agreement, **given, by=request.viewer, at=now())
        return _found(request, row.number)


class Derivative(Door):
    @shows(DerivativeSerializer, tag="derivatives")
    def get(self, request, number):
        """One derivative model."""
        return _found(request, number)


class DerivativeNotice(Door):
    @writes("text/plain", tag="derivatives")
    def get(self, request, number):
        """The NOTICE file that travels with it."""
        return services.derivatives.notice_of(_found(request, number), localdate())


class DerivativeRevision(Door):
    @acts(DerivativeSerializer, body=LineageIn, does="revise_derivative", tag="derivatives")
    def post(self, request, sent, number):
        """Correct what it was made from, while it is not decided."""
        services.derivatives.revise(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class DerivativeApproval(Door):
    @acts(DerivativeSerializer, does="approve_derivative", tag="derivatives")
    def post(self, request, number):
        """Approve it."""
        services.derivatives.approve(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class DerivativeRefusal(Door):
    @acts(DerivativeSerializer, body=DerivativeDecisionIn, does="refuse_derivative", tag="derivatives")
    def post(self, request, sent, number):
        """Refuse it, saying why."""
        services.derivatives.refuse(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.derivatives.visible_to(request.viewer), number=number)
