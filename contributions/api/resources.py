"""Cash, people and background IP put in."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Named, Whole
from contributions.api.openings import noted
from contributions.api.queries import Query, of_state, word

KINDS = ("cash", "people", "background")
STATES = ("submitted", "accepted", "reversed")


class ResourceSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    nature = serializers.CharField(help_text="of cash: equity, levy, loan or advance")
    grade = serializers.CharField(help_text="of people")
    title = Named("title")
    quantity = Whole()
    unit = serializers.CharField()
    currency = serializers.CharField()
    foreign_amount = serializers.CharField(help_text="where it came in another currency: how much, as stated")
    exchange_rate = serializers.CharField()
    exchange_source = serializers.CharField()
    exchange_on = serializers.DateField(allow_null=True)
    period_from = serializers.DateField()
    period_until = serializers.DateField(allow_null=True, help_text="not including")
    funding = serializers.CharField(source="funding.code", allow_null=True, default=None)
    agreement = serializers.CharField(source="agreement.number", allow_null=True, default=None)
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ResourceQuery(Query):
    kind = serializers.ChoiceField(KINDS, required=False)
    state = of_state(*STATES)
    member = word()
    where = {"kind": "kind", "state": "state", "member": "member__organization__code"}


class Resources(Door):
    @lists(ResourceSerializer, query=ResourceQuery, tag="resources")
    def get(self, request, asked):
        """Cash, people and background IP put in."""
        return asked.narrow(selectors.resources.visible_to(request.viewer))


class Resource(Door):
    @shows(ResourceSerializer, tag="resources")
    def get(self, request, number):
        """One contribution of cash, people or background IP."""
        return noted(request, "resource", _found(request, number))


class ResourceAcceptance(Door):
    @acts(ResourceSerializer, does="accept_resource", tag="resources")
    def post(self, request, number):
        """Accept a contribution: from now on it counts."""
        services.resources.accept(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.resources.visible_to(request.viewer), number=number)
