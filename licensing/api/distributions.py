"""Distributions as a whole, for those who answer for them."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Instant, Ratio, Whole
from contributions.api.queries import Query, of_state, word
from licensing import selectors, services
from licensing.api.payouts import PayoutSerializer

STATES = ("proposed", "approved", "paid")


class StepsSerializer(serializers.Serializer):
    """From what was received to what the members share."""

    gross = Whole(help_text="received, before tax")
    admin_rate = Ratio()
    admin = Whole()
    reserve_rate = Ratio()
    reserve = Whole()
    held = Whole()
    net = Whole()


class DistributionSerializer(serializers.Serializer):
    number = serializers.CharField()
    allocation = serializers.CharField(source="allocation.number")
    release = serializers.CharField(source="allocation.release.number")
    payment_type = serializers.CharField(help_text="what the payment legally is, as a person decided")
    period_from = Day()
    period_until = Day(help_text="not including")
    gross = Whole()
    steps = StepsSerializer()
    pool = Whole()
    tax_rate = Ratio()
    pay_on = Day()
    confirm_by = Day()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    proposed_at = Instant()
    approved_at = Instant(allow_null=True)
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class DistributionDetailSerializer(DistributionSerializer):
    payouts = serializers.SerializerMethodField()

    def get_payouts(self, distribution) -> PayoutSerializer(many=True):
        selectors.distributions.check_whole(self.context["request"].viewer, distribution)
        visible = selectors.distributions.payouts_visible_to(self.context["request"].viewer)
        return PayoutSerializer(visible.filter(distribution=distribution), many=True).data


class DistributionQuery(Query):
    state = of_state(*STATES)
    allocation = word()
    where = {"state": "state", "allocation": "allocation__number"}


class Distributions(Door):
    @lists(DistributionSerializer, query=DistributionQuery, tag="distributions")
    def get(self, request, asked):
        """Distributions, newest first."""
        return asked.narrow(selectors.distributions.visible_to(request.viewer))


class Distribution(Door):
    @shows(DistributionDetailSerializer, tag="distributions")
    def get(self, request, number):
        """One distribution: from the receipts to every member's yen."""
        return _found(request, number)


class DistributionApproval(Door):
    @acts(DistributionDetailSerializer, does="approve_distribution", tag="distributions")
    def post(self, request, number):
        """Approve what somebody else proposed; each member is then asked to confirm."""
        found = _found(request, number)
        services.distributions.approve(found, by=request.viewer, at=now(), approved_on=localdate())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.distributions.visible_to(request.viewer), number=number)
