"""Balances by member, kind and unit: as of an effective day, and as known at a log checkpoint."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api.as_of import AsOfQuery
from contributions.api.doors import Door, lists
from contributions.api.fields import Whole
from contributions.api.queries import word


class ContributedBalanceSerializer(serializers.Serializer):
    member = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(help_text="the amount counts its smallest parts")
    amount = Whole()


class BalanceQuery(AsOfQuery):
    member = word()


class Balances(Door):
    @lists(ContributedBalanceSerializer, query=BalanceQuery, tag="log")
    def get(self, request, asked):
        """Balances of what was put in, on two time axes."""
        rows = selectors.balances.visible_to(request.viewer, as_of=asked.day, known_at=asked.size)
        return [row for row in rows if asked.validated_data.get("member") in {None, row.member}]
