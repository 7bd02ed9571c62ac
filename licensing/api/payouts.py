"""Payouts: a member's own yen with how it came about, and its answer."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Both, Day, Digest, Instant, Whole
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services

STATES = ("proposed", "notified", "confirmed", "disputed", "paid")


class StepSerializer(serializers.Serializer):
    """One step of a statement: what it is, the figure behind it, the yen."""

    text = Both()
    figure = Both()
    amount = Whole(allow_null=True)


class PayoutSerializer(serializers.Serializer):
    number = serializers.CharField()
    distribution = serializers.CharField(source="distribution.number")
    release = serializers.CharField(source="distribution.allocation.release.number")
    member = serializers.CharField(source="member.code")
    payment_type = serializers.CharField(source="distribution.payment_type")
    period_from = Day(source="distribution.period_from")
    period_until = Day(source="distribution.period_until", help_text="not including")
    pay_on = Day(source="distribution.pay_on")
    confirm_by = Day(source="distribution.confirm_by")
    grid_units = serializers.IntegerField(help_text="the member's share, in parts of the policy's grid")
    net = Whole()
    tax = Whole()
    gross = Whole()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    dispute = serializers.CharField(help_text="the member's reason, if it objected")
    confirmed_at = Instant(allow_null=True)
    document_sha256 = Digest(allow_null=True, help_text="of the statement's PDF; null until it was drawn")
    entry = serializers.IntegerField(source="seq")


class PayoutDetailSerializer(PayoutSerializer):
    steps = serializers.SerializerMethodField(help_text="how the yen came about, as the statement prints it")

    def get_steps(self, payout) -> StepSerializer(many=True):
        return StepSerializer(services.papers.explained(payout).lines, many=True).data


class PayoutQuery(Query):
    state = of_state(*STATES)
    member = word()
    distribution = word()
    where = {"state": "state", "member": "member__organization__code", "distribution": "distribution__number"}


class DisputeIn(Strict):
    reason = serializers.CharField(max_length=4000)


class PaymentIn(Strict):
    paid_on = Day(required=False, help_text="left out: today")


class Payouts(Door):
    @lists(PayoutSerializer, query=PayoutQuery, tag="payouts")
    def get(self, request, asked):
        """Payouts that the caller may see; a member's own."""
        rows = selectors.distributions.payouts_visible_to(request.viewer)
        return asked.narrow(rows).order_by("-distribution__number", "number")


class Payout(Door):
    @shows(PayoutDetailSerializer, tag="payouts")
    def get(self, request, number):
        """One payout with the steps that made it."""
        return _found(request, number)


class PayoutConfirmation(Door):
    @acts(PayoutDetailSerializer, does="confirm_payout", tag="payouts")
    def post(self, request, number):
        """Confirm one's own statement."""
        services.distributions.confirm(_found(request, number), by=request.viewer, at=now())
        return _found(request, number)


class PayoutDispute(Door):
    @acts(PayoutDetailSerializer, does="dispute_payout", tag="payouts", body=DisputeIn)
    def post(self, request, sent, number):
        """Object to one's own statement, with a reason; only this payout is held."""
        found = _found(request, number)
        services.distributions.dispute(found, reason=sent["reason"], by=request.viewer, at=now())
        return _found(request, number)


class PayoutPayment(Door):
    @acts(PayoutDetailSerializer, does="pay_payout", tag="payouts", body=PaymentIn)
    def post(self, request, sent, number):
        """Record that a confirmed payout was transferred."""
        found = _found(request, number)
        services.distributions.pay(found, by=request.viewer, at=now(), paid_on=sent.get("paid_on") or localdate())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.distributions.payouts_visible_to(request.viewer), number=number)
