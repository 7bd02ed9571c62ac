"""Step-ups from evaluation agreements: asking for the full licence, drafting it, declining or taking back."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Instant
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services
from licensing.api.agreements import AgreementIn, AgreementSerializer, chosen
from licensing.api.lives import SaidIn

STATES = ("requested", "concluded", "declined", "withdrawn")


class StepUpSerializer(serializers.Serializer):
    number = serializers.CharField()
    evaluation = serializers.CharField(source="evaluation.number", help_text="the evaluation agreement")
    agreement = serializers.SerializerMethodField(help_text="the full licence, once the caller may see it")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    plan = serializers.CharField()
    requested_at = Instant()
    settled_at = Instant(allow_null=True)
    settled_reason = serializers.CharField()
    entry = serializers.IntegerField(source="seq")

    def get_agreement(self, row) -> str | None:
        full = selectors.step_ups.shown(row, self.context["request"].viewer)
        return full.number if full else None


class RequestIn(Strict):
    evaluation = serializers.CharField(max_length=40)
    plan = serializers.CharField(max_length=4000, help_text="intended use and first day")


class StepUpQuery(Query):
    state = of_state(*STATES)
    evaluation = word()
    where = {"state": "state", "evaluation": "evaluation__number"}


class StepUps(Door):
    @lists(StepUpSerializer, query=StepUpQuery, tag="agreements")
    def get(self, request, asked):
        """Requests to step up from an evaluation."""
        return asked.narrow(selectors.step_ups.visible_to(request.viewer).order_by("-seq"))

    @acts(StepUpSerializer, body=RequestIn, does="request_step_up", tag="agreements", status=201)
    def post(self, request, sent):
        """Ask for the full licence under an evaluation agreement."""
        evaluation = one(selectors.agreements.concluded(request.viewer), number=sent["evaluation"])
        row = services.step_ups.request(evaluation, plan=sent["plan"], by=request.viewer, at=now())
        return _found(request, row.number)


class StepUp(Door):
    @shows(StepUpSerializer, tag="agreements")
    def get(self, request, number):
        """One request to step up."""
        return _found(request, number)


class StepUpDraft(Door):
    @acts(AgreementSerializer, body=AgreementIn, does="draft_step_up", tag="agreements", status=201)
    def post(self, request, sent, number):
        """Draft the full licence that a request asks for."""
        row = _found(request, number)
        made = chosen(request, sent, evaluation=row.evaluation)
        made.pop("licensee")
        full = services.step_ups.draft(row, **made, by=request.viewer, at=now())
        return one(selectors.agreements.visible_to(request.viewer), number=full.number)


class StepUpRefusal(Door):
    @acts(StepUpSerializer, body=SaidIn, does="decline_step_up", tag="agreements")
    def post(self, request, sent, number):
        """Decline the full licence, with the condition that is not met."""
        services.step_ups.decline(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


class StepUpWithdrawal(Door):
    @acts(StepUpSerializer, body=SaidIn, does="withdraw_step_up", tag="agreements")
    def post(self, request, sent, number):
        """Take a request back."""
        services.step_ups.withdraw(_found(request, number), **sent, by=request.viewer, at=now())
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.step_ups.visible_to(request.viewer), number=number)
