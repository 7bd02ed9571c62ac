"""Licensees and their screening."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Named
from contributions.api.queries import Query, of_state, word
from licensing import selectors

STATES = ("applied", "approved", "refused", "suspended")


class ScreeningSerializer(serializers.Serializer):
    kind = serializers.CharField()
    passed = serializers.BooleanField()
    finding = Named("finding")
    screened_on = serializers.DateField()
    valid_until = serializers.DateField(help_text="not including")
    entry = serializers.IntegerField(source="seq")


class LicenseeSerializer(serializers.Serializer):
    code = serializers.CharField(source="organization.code")
    name = Named(source="organization")
    licensee_class = serializers.CharField()
    field_of_use = serializers.CharField()
    purpose = serializers.CharField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    applied_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    reason = Named("reason")
    rescreen_on = serializers.DateField(allow_null=True)
    screenings = ScreeningSerializer(source="screenings.all", many=True)
    entry = serializers.IntegerField(source="seq")


class LicenseeQuery(Query):
    state = of_state(*STATES)
    field_of_use = word()
    where = {"state": "state", "field_of_use": "field_of_use"}


class Licensees(Door):
    @lists(LicenseeSerializer, query=LicenseeQuery, tag="licensees")
    def get(self, request, asked):
        """Licensees with their screening."""
        return asked.narrow(selectors.licensees.visible_to(request.viewer))


class Licensee(Door):
    @shows(LicenseeSerializer, tag="licensees")
    def get(self, request, code):
        """One licensee."""
        return one(selectors.licensees.visible_to(request.viewer), organization__code=code)
