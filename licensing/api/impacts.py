"""What a withdrawal of a dataset touches, to each caller only what it may know."""

from __future__ import annotations

from django.utils.timezone import localdate
from rest_framework import serializers

from contributions import selectors as contributed
from contributions.api import refusals
from contributions.api.doors import Door, one, shows
from contributions.api.fields import Day
from licensing import selectors


class TouchedSerializer(serializers.Serializer):
    what = serializers.CharField(source="noun.en")
    number = serializers.CharField()
    since = Day(source="on", allow_null=True)
    effect = serializers.CharField(help_text="remains, no-further-training, ends or unknown")
    cut_off = Day()


class ImpactSerializer(serializers.Serializer):
    cut_off = Day(help_text="today, where the dataset is not withdrawn yet")
    versions = serializers.SerializerMethodField()
    touched = TouchedSerializer(source="rows", many=True)
    has_licences = serializers.BooleanField(help_text="for an owner, who is not told whose they are")
    allocations = serializers.SerializerMethodField(help_text="adopted; they stay as they are")

    def get_versions(self, impact) -> list[str]:
        return [str(version) for version in impact.versions]

    def get_allocations(self, impact) -> list[str]:
        return [row.number for row in impact.allocations]


class WithdrawalImpact(Door):
    @shows(ImpactSerializer, tag="releases")
    def get(self, request, number):
        """What a withdrawal of the dataset from today would touch, or one on record does."""
        if not selectors.impacts.may_see(request.viewer):
            raise refusals.not_found()
        dataset = one(contributed.datasets.visible_to(request.viewer), number=number)
        return selectors.impacts.of_withdrawal(request.viewer, dataset, on=localdate())
