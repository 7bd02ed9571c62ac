"""Balances by member, kind and unit: as of an effective day, and as known when the log had so many entries."""

from __future__ import annotations

from django.utils.timezone import localdate
from rest_framework import serializers

from contributions import selectors
from contributions.api.doors import Door, lists
from contributions.api.fields import Whole
from contributions.api.queries import Query, word


class ContributedBalanceSerializer(serializers.Serializer):
    member = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(help_text="the amount counts its smallest parts")
    amount = Whole()


class BalanceQuery(Query):
    as_of = serializers.DateField(required=False, help_text="with effect up to and on that day; left out: today")
    known_at = serializers.IntegerField(
        min_value=0, max_value=2**62, required=False, help_text="from the first so many entries; left out: all"
    )
    member = word()


class Balances(Door):
    @lists(ContributedBalanceSerializer, query=BalanceQuery, tag="log")
    def get(self, request, asked):
        """Balances of what was put in, on two time axes."""
        given = asked.validated_data
        head = selectors.log.head()
        known_at = given.get("known_at", head.size if head else 0)
        rows = selectors.balances.visible_to(request.viewer, as_of=given.get("as_of", localdate()), known_at=known_at)
        return [row for row in rows if given.get("member") in {None, row.member}]
