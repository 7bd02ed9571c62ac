"""Tables of coalition values, for the desk and the auditor alone."""

from __future__ import annotations

import json

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant, Named
from contributions.api.queries import Query, Strict, of_state
from contributions.core.evidence import Evidence
from contributions.core.roles import check_may
from licensing import selectors, services

STATES = ("submitted", "adopted", "refused")


class ValuationSerializer(serializers.Serializer):
    number = serializers.CharField()
    name = Named()
    method = Named("method")
    players = serializers.ListField(child=serializers.CharField())
    sha256 = Digest()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    submitted_at = Instant()
    adopted_on = Day(allow_null=True)
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ValuationDetailSerializer(ValuationSerializer):
    values = serializers.DictField(
        child=serializers.CharField(), help_text="coalition “a,b” → worth, an integer as text"
    )


class ValuationQuery(Query):
    state = of_state(*STATES)
    where = {"state": "state"}


class ValuationIn(Strict):
    name_ja = serializers.CharField(max_length=120)
    name_en = serializers.CharField(max_length=120)
    method_ja = serializers.CharField(max_length=2000)
    method_en = serializers.CharField(max_length=2000)
    players = serializers.ListField(child=serializers.CharField(max_length=40), max_length=16)
    values = serializers.DictField(help_text="every coalition “a,b” → worth, a whole number")


class AdoptionIn(Strict):
    adopted_on = Day()


class Valuations(Door):
    @lists(ValuationSerializer, query=ValuationQuery, tag="valuations")
    def get(self, request, asked):
        """Tables of coalition values."""
        return asked.narrow(selectors.valuations.visible_to(request.viewer))

    @acts(ValuationDetailSerializer, does="submit_valuation", tag="valuations", body=ValuationIn, status=201)
    def post(self, request, sent):
        """Hand in a table; a faulty one is refused whole, with every finding."""
        check_may(request.viewer, "valuation.submit")
        table = {"players": sent.pop("players"), "values": sent.pop("values")}
        file = Evidence("table.json", json.dumps(table).encode())
        made = services.valuations.submit(file=file, by=request.viewer, at=now(), **sent)
        return one(selectors.valuations.visible_to(request.viewer), number=made.number)


class Valuation(Door):
    @shows(ValuationDetailSerializer, tag="valuations")
    def get(self, request, number):
        """One table with every value."""
        return one(selectors.valuations.visible_to(request.viewer), number=number)


class ValuationAdoption(Door):
    @acts(ValuationDetailSerializer, does="adopt_valuation", tag="valuations", body=AdoptionIn)
    def post(self, request, sent, number):
        """Sign for a table that somebody else handed in."""
        found = one(selectors.valuations.visible_to(request.viewer), number=number)
        services.valuations.adopt(found, by=request.viewer, at=now(), **sent)
        return one(selectors.valuations.visible_to(request.viewer), number=number)
