"""Deviations: where agreements leave the standard, and who approved it until when."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Day, Digest, Instant
from contributions.api.queries import Query, of_state, word
from licensing import selectors

STATES = ("awaiting", "allowed", "approved", "refused", "lapsed", "withdrawn")


class DeviationSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    licensee = serializers.CharField(source="agreement.licensee.organization.code")
    kind = serializers.CharField(help_text="wording, added, removed, variable or price")
    subject = serializers.CharField(help_text="the clause, or the figure")
    approved_sha256 = Digest()
    changed_sha256 = Digest()
    reason = serializers.CharField()
    rung = serializers.CharField(help_text="acceptable or approval")
    tier = serializers.CharField(help_text="low, medium or high")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    recorded_at = Instant()
    decided_at = Instant(allow_null=True)
    expires_on = Day(allow_null=True, help_text="not including")
    entry = serializers.IntegerField(source="seq")


class DeviationQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    subject = word()
    where = {"state": "state", "agreement": "agreement__number", "subject": "subject"}


class Deviations(Door):
    @lists(DeviationSerializer, query=DeviationQuery, tag="deviations")
    def get(self, request, asked):
        """Deviations."""
        return asked.narrow(selectors.deviations.visible_to(request.viewer))


class Deviation(Door):
    @shows(DeviationSerializer, tag="deviations")
    def get(self, request, number):
        """One deviation."""
        return one(selectors.deviations.visible_to(request.viewer), number=number)
