"""What waits for the caller."""

from __future__ import annotations

from django.utils.timezone import localdate
from rest_framework import serializers

from contributions.api.doors import Door, lists
from contributions.api.fields import Both, Day, Whole
from licensing import selectors


class WaitingSerializer(serializers.Serializer):
    todo = Both()
    about = Both()
    noun = serializers.SerializerMethodField()
    number = serializers.CharField()
    due_on = Day(allow_null=True)
    amount = Whole(allow_null=True, help_text="yen it is about, where it is about a sum")
    state = serializers.CharField()
    urgency = serializers.SerializerMethodField(help_text="one of: " + ", ".join(selectors.waiting.URGENCIES))

    def get_urgency(self, waiting) -> str:
        return selectors.waiting.urgency(waiting, localdate())

    def get_noun(self, waiting) -> str:
        return waiting.page.partition(":")[2]


class Inbox(Door):
    @lists(WaitingSerializer, tag="inbox")
    def get(self, request, asked):
        """Everything that waits for the caller, the earliest due first."""
        return selectors.inbox.waiting_for(request.viewer)
