"""Funding sources: what the state paid for earns nobody a share."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Named, Ratio
from contributions.api.queries import Query

MODES = ("own", "commission", "subsidy")


class FundingSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = Named()
    mode = serializers.CharField(help_text="one of: " + ", ".join(MODES))
    state_rate = Ratio(help_text="the part that the state pays")
    programme = serializers.CharField()
    decision_number = serializers.CharField()
    decided_on = serializers.DateField(allow_null=True)
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class FundingQuery(Query):
    mode = serializers.ChoiceField(MODES, required=False)
    where = {"mode": "mode"}


class FundingSources(Door):
    @lists(FundingSerializer, query=FundingQuery, tag="funding")
    def get(self, request, asked):
        """Funding sources."""
        return asked.narrow(selectors.funding.visible_to(request.viewer))


class FundingSource(Door):
    @shows(FundingSerializer, tag="funding")
    def get(self, request, code):
        """One funding source."""
        return one(selectors.funding.visible_to(request.viewer), code=code)
