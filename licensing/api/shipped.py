"""The library that comes with the product, compared with the one in force, and its two acts of two persons."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api import refusals
from contributions.api.doors import Door, acts, shows
from contributions.api.fields import Day
from contributions.api.queries import Strict
from licensing import selectors, services
from licensing.core import shipped

CODES_MAX = 500


class ShippedStandingSerializer(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=list(shipped.STATES))


class ShippedSerializer(serializers.Serializer):
    clauses = ShippedStandingSerializer(many=True)
    templates = ShippedStandingSerializer(many=True)


class TakeIn(Strict):
    codes = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=CODES_MAX, help_text="clauses, or template:code"
    )


class TogetherIn(Strict):
    valid_from = Day()


class Shipped(Door):
    @shows(ShippedSerializer, tag="clauses")
    def get(self, request):
        """How each clause and template of the shipped library stands beside what is in force here."""
        return _compared(request)


class ShippedDrafts(Door):
    @acts(ShippedSerializer, body=TakeIn, does="take_over_shipped_library", tag="clauses")
    def post(self, request, sent):
        """Make drafts of chosen clauses and templates that are new or changed."""
        _compared(request)
        services.shipped.take_over(selectors.shipped.document(), sent["codes"], by=request.viewer, at=now())
        return _compared(request)


class ShippedApproval(Door):
    @acts(ShippedSerializer, body=TogetherIn, does="approve_shipped_drafts", tag="clauses")
    def post(self, request, sent):
        """Put all drafts that came with the product in force at once; another person than took one over."""
        _compared(request)
        services.shipped.approve(**sent, by=request.viewer, at=now())
        return _compared(request)


def _compared(request):
    found = selectors.shipped.compared(request.viewer)
    if not found:
        raise refusals.not_found()
    return found
