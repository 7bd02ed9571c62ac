"""Deliveries of a release's files, and the check of each."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant, Whole
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services

STATES = ("delivered", "received", "accepted", "deemed", "rejected")


class ReleaseFileSerializer(serializers.Serializer):
    name = serializers.CharField()
    kind = serializers.CharField(help_text="weights, program, card, classification or notes")
    size = Whole(help_text="bytes")
    sha256 = Digest()
    entry = serializers.IntegerField(source="seq")


class DeliverySerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    files = ReleaseFileSerializer(source="files.all", many=True)
    delivered_at = Instant()
    received_at = Instant(allow_null=True)
    accept_by = Day()
    settled_at = Instant(allow_null=True)
    reason = serializers.CharField()
    state = serializers.SerializerMethodField(help_text="today, one of: " + ", ".join(STATES))
    entry = serializers.IntegerField(source="seq")

    def get_state(self, row) -> str:
        return selectors.deliveries.state_on(row, localdate())


class DeliveryQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    where = {"state": "state", "agreement": "agreement__number"}


class DeliveryIn(Strict):
    agreement = serializers.CharField(max_length=40)


class RejectionIn(Strict):
    reason = serializers.CharField(max_length=4000)


class Deliveries(Door):
    @lists(DeliverySerializer, query=DeliveryQuery, tag="deliveries")
    def get(self, request, asked):
        """Deliveries."""
        return asked.narrow(selectors.deliveries.visible_to(request.viewer))

    @acts(DeliverySerializer, body=DeliveryIn, does="make_delivery", tag="deliveries", status=201)
    def post(self, request, sent):
        """Hand over the files that are owed under an agreement."""
        agreement = one(selectors.agreements.concluded(request.viewer), number=sent["agreement"])
        row = services.deliveries.deliver(agreement, by=request.viewer, at=now())
        return _found(request, row.number)


class Delivery(Door):
    @shows(DeliverySerializer, tag="deliveries")
    def get(self, request, number):
        """One delivery with its files."""
        return _found(request, number)


class DeliveryReceipt(Door):
    @acts(DeliverySerializer, does="receive_delivery", tag="deliveries")
    def post(self, request, number):
        """Confirm that the files arrived."""
        services.deliveries.receive(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class DeliveryAcceptance(Door):
    @acts(DeliverySerializer, does="accept_delivery", tag="deliveries")
    def post(self, request, number):
        """Accept it: digests agree and the model runs."""
        services.deliveries.accept(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class DeliveryRejection(Door):
    @acts(DeliverySerializer, body=RejectionIn, does="reject_delivery", tag="deliveries")
    def post(self, request, sent, number):
        """Reject it with what is wrong."""
        services.deliveries.reject(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.deliveries.visible_to(request.viewer), number=number)
