"""Usage reports: handed in by the licensee, rated and accepted by finance."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api import refusals
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant, Ratio, Whole
from contributions.api.queries import Query, Strict, of_state, word
from contributions.core.roles import check_may
from licensing import selectors, services

STATES = ("submitted", "accepted")
ROWS_MAX = 200


class UsageLineSerializer(serializers.Serializer):
    metric = serializers.CharField()
    region = serializers.CharField()
    units = Ratio()


class FeeLineSerializer(serializers.Serializer):
    ja = serializers.CharField()
    en = serializers.CharField()
    units = Ratio(allow_null=True)
    price = Ratio(allow_null=True)
    amount = Ratio()


class FeeSerializer(serializers.Serializer):
    """What the report came to under the agreement's own terms, with every step."""

    exact = Ratio()
    yen = Whole(help_text="before tax, rounded down once")
    lines = FeeLineSerializer(many=True)


class UsageSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    licensee = serializers.CharField(source="agreement.licensee.organization.code")
    period_from = Day()
    period_until = Day(help_text="not including")
    due_on = Day()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    note = serializers.CharField()
    submitted_at = Instant()
    accepted_at = Instant(allow_null=True)
    lines = UsageLineSerializer(source="lines.all", many=True)
    fee = FeeSerializer(allow_null=True, help_text="null until accepted")
    invoice = serializers.CharField(source="invoice.number", allow_null=True, default=None)
    entry = serializers.IntegerField(source="seq")


class UsageQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    licensee = word()
    where = {
        "state": "state",
        "agreement": "agreement__number",
        "licensee": "agreement__licensee__organization__code",
    }


class UsageLineIn(Strict):
    metric = serializers.CharField(max_length=30, allow_blank=True)
    region = serializers.CharField(max_length=20, allow_blank=True)
    units = serializers.CharField(max_length=80, allow_blank=True, help_text="a decimal text such as 1200 or 3.5")
    events = serializers.IntegerField(required=False, min_value=0, max_value=2**53)


class UsageIn(Strict):
    agreement = serializers.CharField(max_length=20)
    period_from = Day(help_text="the first day of a reporting period that has ended")
    lines = UsageLineIn(many=True, allow_empty=True, max_length=ROWS_MAX)
    note = serializers.CharField(default="", allow_blank=True, max_length=2000)


class UsageReports(Door):
    @lists(UsageSerializer, query=UsageQuery, tag="usage")
    def get(self, request, asked):
        """Usage reports, newest first."""
        return asked.narrow(selectors.usage.visible_to(request.viewer))

    @acts(UsageSerializer, does="submit_usage", tag="usage", body=UsageIn, status=201)
    def post(self, request, sent):
        """Hand in the usage of one period; a report of nothing is one line of 0 units."""
        viewer = request.viewer
        check_may(viewer, "usage.submit")
        agreement = refusals.named(selectors.agreements.visible_to(viewer), "agreement", sent["agreement"], "number")
        report = services.usage.submit(
            agreement,
            period_from=sent["period_from"],
            rows=sent["lines"],
            note=sent["note"],
            by=viewer,
            at=now(),
            on=localdate(),
        )
        return _found(request, report.number)


class UsageReport(Door):
    @shows(UsageSerializer, tag="usage")
    def get(self, request, number):
        """One usage report with its fee."""
        return _found(request, number)


class UsageAcceptance(Door):
    @acts(UsageSerializer, does="accept_usage", tag="usage")
    def post(self, request, number):
        """Accept a report; the fee it comes to is frozen."""
        services.usage.accept(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.usage.visible_to(request.viewer), number=number)
