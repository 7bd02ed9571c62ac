"""Standard price lists."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Digest, Named
from contributions.api.queries import Query, of_state, word
from licensing import selectors

STATES = ("proposed", "adopted")


class ScheduleSerializer(serializers.Serializer):
    number = serializers.CharField()
    version = serializers.IntegerField()
    name = Named()
    field_of_use = serializers.CharField()
    licensee_class = serializers.CharField()
    terms = serializers.DictField(help_text="unit, tiers, prices and minimum, as contracts carry them")
    sha256 = Digest()
    valid_from = serializers.DateField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ScheduleQuery(Query):
    number = word()
    field_of_use = word()
    state = of_state(*STATES)
    where = {"number": "number", "field_of_use": "field_of_use", "state": "state"}


class Schedules(Door):
    @lists(ScheduleSerializer, query=ScheduleQuery, tag="schedules")
    def get(self, request, asked):
        """Price lists, every version that the caller may see."""
        return asked.narrow(selectors.schedules.visible_to(request.viewer))


class Schedule(Door):
    @shows(ScheduleSerializer, tag="schedules")
    def get(self, request, number, version):
        """One version of a price list."""
        return one(selectors.schedules.visible_to(request.viewer), number=number, version=version)
