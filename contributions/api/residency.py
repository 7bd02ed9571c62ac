"""Breaches of residency."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day
from contributions.api.queries import Strict
from contributions.core import residency as rules


class BreachSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    dataset = serializers.CharField(source="version.dataset.number", allow_null=True, default=None)
    version = serializers.IntegerField(source="version.version", allow_null=True, default=None)
    batch = serializers.CharField(source="batch.number", allow_null=True, default=None)
    country = serializers.CharField()
    region = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True, help_text="not including; null while it stands")
    found = serializers.CharField(help_text="one of: " + ", ".join(rules.FINDERS))
    entry = serializers.IntegerField(source="seq")


class BreachIn(Strict):
    dataset = serializers.CharField(required=False, default="", max_length=48)
    version = serializers.IntegerField(required=False, allow_null=True, default=None)
    batch = serializers.CharField(required=False, default="", max_length=48)
    country = serializers.CharField(max_length=2)
    region = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    since = Day()
    found = serializers.CharField(max_length=20)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)


class MendIn(Strict):
    on = Day()


class Breaches(Door):
    @lists(BreachSerializer, tag="residency", query=DayQuery)
    def get(self, request, asked):
        """Breaches that the caller may know of: a member's own; as of a day, those that had begun."""
        rows = selectors.residency.visible_to(request.viewer)
        return selectors.residency.then(rows, asked.day) if asked.is_chosen else rows

    @acts(BreachSerializer, does="record_breach", tag="residency", body=BreachIn, status=201)
    def post(self, request, sent):
        """Record that a dataset version lay, or a batch of compute ran, where it must not."""
        viewer = request.viewer
        dataset, number, batch = (sent.pop(name) for name in ("dataset", "version", "batch"))
        found = _what(viewer, dataset, number, batch)
        made = services.residency.record(**found, **sent, by=viewer, at=now())
        return one(selectors.residency.visible_to(viewer), number=made.number)


class Breach(Door):
    @shows(BreachSerializer, tag="residency", query=DayAsked)
    def get(self, request, asked, number):
        """One breach, as it stands or stood on a day."""
        rows = selectors.residency.visible_to(request.viewer)
        if not asked.is_chosen:
            return one(rows, number=number)
        return selectors.residency.as_then(one(rows.filter(since__lte=asked.day), number=number), asked.day)


class BreachMend(Door):
    @acts(BreachSerializer, does="mend_breach", tag="residency", body=MendIn)
    def post(self, request, sent, number):
        """Record the day on which a breach ended."""
        found = one(selectors.residency.visible_to(request.viewer), number=number)
        services.residency.mend(found, by=request.viewer, at=now(), **sent)
        return one(selectors.residency.visible_to(request.viewer), number=number)


def _what(viewer, dataset: str, number: int | None, batch: str) -> dict:
    if dataset and batch:
        raise refusals.invalid("batch", _("State either a dataset version or a batch, not both."), "either")
    if dataset and number is not None:
        rows = selectors.datasets.versions_visible_to(viewer)
        return {"version": one(rows, dataset__number=dataset, version=number)}
    rows = selectors.compute.batches_visible_to(viewer)
    return {"batch": refusals.named(rows, "batch", batch or "-", "number")}
