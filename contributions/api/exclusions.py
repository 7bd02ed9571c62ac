"""Exclusions: what a member's data must not serve, and the checks of them."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions import selectors, services
from contributions.api import refusals
from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day
from contributions.api.queries import Strict
from contributions.core import exclusions as rules


class CheckSerializer(serializers.Serializer):
    """That every use on record was held against a declaration; it names none of them."""

    exclusion = serializers.CharField(source="exclusion.number")
    checked_on = serializers.DateField()
    respected = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class ChecksSerializer(serializers.Serializer):
    checks = CheckSerializer(many=True)


class ExclusionSerializer(serializers.Serializer):
    number = serializers.CharField()
    member = serializers.CharField(source="member.code")
    rival = serializers.CharField(source="rival.code", allow_null=True, default=None)
    purposes = serializers.ListField(child=serializers.CharField(), help_text="empty: every purpose")
    dataset = serializers.CharField(source="dataset.number", allow_null=True, default=None)
    valid_from = serializers.DateField()
    lifted_from = serializers.DateField(allow_null=True)
    checks = serializers.SerializerMethodField(help_text="those made by the day")
    entry = serializers.IntegerField(source="seq")

    def get_checks(self, exclusion) -> CheckSerializer(many=True):
        rows = [row for row in exclusion.checks.all() if not is_past(self) or row.checked_on <= day_of(self)]
        return CheckSerializer(rows, many=True).data


class ExclusionIn(Strict):
    member = serializers.CharField(required=False, default="", max_length=32, help_text="left out: one's own")
    rival = serializers.CharField(required=False, default="", allow_blank=True, max_length=32)
    purposes = serializers.ListField(child=serializers.ChoiceField(tuple(rules.PURPOSES)), required=False, default=list)
    dataset = serializers.CharField(required=False, default="", allow_blank=True, max_length=48)
    valid_from = Day()


class LiftIn(Strict):
    lifted_from = Day()


class Exclusions(Door):
    @lists(ExclusionSerializer, tag="exclusions", query=DayQuery)
    def get(self, request, asked):
        """Exclusions that the caller may read: a member's own; as of a day, those in force."""
        rows = selectors.exclusions.visible_to(request.viewer)
        return selectors.exclusions.then(rows, asked.day) if asked.is_chosen else rows

    @acts(ExclusionSerializer, does="declare_exclusion", tag="exclusions", body=ExclusionIn, status=201)
    def post(self, request, sent):
        """Declare whom and what a member's data must not serve."""
        viewer = request.viewer
        companies, members = selectors.organizations.visible_to(viewer), selectors.members.visible_to(viewer)
        code = sent["member"] or viewer.acting or ""
        made = services.exclusions.declare(
            one(members, organization__code=code),
            rival=refusals.named(companies, "rival", sent["rival"], "code"),
            purposes=sent["purposes"],
            dataset=refusals.named(selectors.datasets.visible_to(viewer), "dataset", sent["dataset"], "number"),
            valid_from=sent["valid_from"],
            by=viewer,
            at=now(),
        )
        return one(selectors.exclusions.visible_to(viewer), number=made.number)


class Exclusion(Door):
    @shows(ExclusionSerializer, tag="exclusions", query=DayAsked)
    def get(self, request, asked, number):
        """One exclusion with its checks; as of a day, with those until then."""
        rows = selectors.exclusions.visible_to(request.viewer)
        if not asked.is_chosen:
            return one(rows, number=number)
        return selectors.exclusions.as_then(one(rows.filter(valid_from__lte=asked.day), number=number), asked.day)


class ExclusionLift(Door):
    @acts(ExclusionSerializer, does="lift_exclusion", tag="exclusions", body=LiftIn)
    def post(self, request, sent, number):
        """End an exclusion from a day on."""
        found = one(selectors.exclusions.visible_to(request.viewer), number=number)
        services.exclusions.lift(found, by=request.viewer, at=now(), **sent)
        return one(selectors.exclusions.visible_to(request.viewer), number=number)


class ExclusionChecks(Door):
    @lists(CheckSerializer, tag="exclusions", query=DayQuery)
    def get(self, request, asked):
        """Checks of the exclusions that the caller may read; as of a day, those made by then."""
        rows = selectors.exclusions.checks_visible_to(request.viewer)
        return rows.filter(checked_on__lte=asked.day) if asked.is_chosen else rows


class ExclusionCheckAll(Door):
    @acts(ChecksSerializer, does="check_exclusions", tag="exclusions")
    def post(self, request):
        """Hold every use on record against every exclusion."""
        return {"checks": services.exclusions.check_all(on=localdate(), by=request.viewer, at=now())}
