"""Which reviews are needed: the adopted tables."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api.as_of import DayQuery
from contributions.api.doors import Door, acts, lists, one
from contributions.api.fields import Day, Named
from contributions.api.queries import Strict


class RequirementSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    valid_from = serializers.DateField()
    lines = serializers.DictField(help_text="kind of data: review: how many opinions")
    source = Named("source")
    entry = serializers.IntegerField(source="seq")


class RequirementIn(Strict):
    valid_from = Day()
    lines = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    source_ja = serializers.CharField(max_length=200)
    source_en = serializers.CharField(max_length=200)


class Requirements(Door):
    @lists(RequirementSerializer, tag="reviews", query=DayQuery)
    def get(self, request, asked):
        """Tables of required reviews; as of a day, those that had begun by then."""
        rows = selectors.requirements.visible_to(request.viewer)
        return rows.filter(valid_from__lte=asked.day) if asked.is_chosen else rows

    @acts(RequirementSerializer, does="adopt_requirements", tag="reviews", body=RequirementIn, status=201)
    def post(self, request, sent):
        """Put a table in force from a day on."""
        made = services.requirements.adopt(sent.pop("lines"), by=request.viewer, at=now(), **sent)
        return one(selectors.requirements.visible_to(request.viewer), version=made.version)
