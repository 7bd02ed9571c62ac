"""What of the contributions waits for the caller."""

from __future__ import annotations

from django.utils.timezone import localdate
from rest_framework import serializers

from contributions import selectors
from contributions.api.doors import Door, lists
from contributions.api.fields import Both
from contributions.api.queries import Query, word
from contributions.selectors.inbox import KINDS


class WaitingContributionSerializer(serializers.Serializer):
    """One thing to do."""

    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    todo = Both()
    about = Both()
    number = serializers.CharField()
    member = serializers.CharField()
    since = serializers.DateField()
    state = serializers.CharField()


class InboxQuery(Query):
    kind = serializers.ChoiceField(tuple(KINDS), required=False)
    member = word()


class ContributionInbox(Door):
    @lists(WaitingContributionSerializer, query=InboxQuery, tag="resources")
    def get(self, request, asked):
        """Contributions that wait for an act of the caller, the longest waiting first."""
        wanted = asked.validated_data
        return [
            row
            for row in selectors.inbox.waiting_for(request.viewer, on=localdate())
            if wanted.get("kind") in {None, row.kind} and wanted.get("member") in {None, row.member}
        ]
