"""Every contribution that the caller may see, in the order of time."""

from __future__ import annotations

from django.utils.timezone import localdate
from rest_framework import serializers

from contributions import selectors
from contributions.api.doors import Door, lists
from contributions.api.fields import Both, Whole
from contributions.api.queries import Query, word
from contributions.selectors.timeline import KINDS


class TimelineItemSerializer(serializers.Serializer):
    """One contribution at its place in time."""

    day = serializers.DateField()
    month = serializers.CharField()
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    member = serializers.CharField()
    number = serializers.CharField()
    title = Both()
    quantity = Whole(help_text="in the unit's smallest part")
    unit = serializers.CharField()
    state = serializers.CharField()
    stands = serializers.BooleanField(help_text="whether it is summed: no pledge, and nothing that has fallen away")


class TimelineQuery(Query):
    kind = serializers.ChoiceField(tuple(KINDS), required=False)
    member = word()


class ContributionTimeline(Door):
    @lists(TimelineItemSerializer, query=TimelineQuery, tag="resources")
    def get(self, request, asked):
        """Contributions of all five kinds, newest first."""
        wanted = asked.validated_data
        return selectors.timeline.items(
            request.viewer, member=wanted.get("member", ""), kind=wanted.get("kind", ""), on=localdate()
        )
