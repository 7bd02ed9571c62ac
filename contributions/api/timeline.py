"""Every contribution that the caller may see, in the order of time."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, lists
from contributions.api.fields import Both, Whole
from contributions.api.queries import word
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
    on_account = serializers.BooleanField(help_text="whether it stands on the member's account (see balances)")


class TimelineQuery(DayQuery):
    kind = serializers.ChoiceField(tuple(KINDS), required=False)
    member = word()


class ContributionTimeline(Door):
    @lists(TimelineItemSerializer, query=TimelineQuery, tag="resources")
    def get(self, request, asked):
        """Contributions of all five kinds, newest first; as of a day, those received by then as they then stood."""
        narrowed = {name: asked.validated_data.get(name, "") for name in ("member", "kind")}
        return selectors.timeline.items(request.viewer, **narrowed, on=asked.day, is_past=asked.is_chosen)
