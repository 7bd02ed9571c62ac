"""Approvals (稟議): what is asked to be approved, its route, and each act upon it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Amount, Digest, Instant, Whole
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services

STATES = ("in_approval", "sent_back", "approved", "refused", "withdrawn")


class StepSerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField(help_text="consult or approve")
    post = serializers.CharField()

    class Meta:
        ref_name = "ApprovalStep"


class ApprovalActSerializer(serializers.Serializer):
    kind = serializers.CharField()
    step = serializers.CharField()
    to = serializers.CharField()
    favourable = serializers.BooleanField(allow_null=True)
    acted_at = Instant()
    entry = serializers.IntegerField(source="seq")


class ApprovalSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    deviation = serializers.CharField(source="deviation.number", allow_null=True, default=None)
    amount = Whole(help_text="yen expected in a year")
    basis = serializers.CharField(help_text="stated or sample")
    tier = serializers.CharField()
    subject_sha256 = Digest()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    steps = StepSerializer(many=True)
    acts = ApprovalActSerializer(source="acts.all", many=True)
    opened_at = Instant()
    closed_at = Instant(allow_null=True)
    entry = serializers.IntegerField(source="seq")

    class Meta:
        ref_name = "RouteApproval"


class ApprovalQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    where = {"state": "state", "agreement": "agreement__number"}


class ApprovalApplicationSerializer(Strict):
    agreement = serializers.CharField()
    reason = serializers.CharField(max_length=4000)
    amount = Amount(required=False, default=None)


class ConsultationSerializer(Strict):
    favourable = serializers.BooleanField()
    opinion = serializers.CharField(max_length=4000)


class ApprovalNoteSerializer(Strict):
    note = serializers.CharField(required=False, default="", max_length=4000)


class ApprovalReturnSerializer(Strict):
    to = serializers.CharField(help_text="an earlier step, or applicant")
    reason = serializers.CharField(max_length=4000)


class ApprovalGroundsSerializer(Strict):
    reason = serializers.CharField(max_length=4000)


class Approvals(Door):
    @lists(ApprovalSerializer, query=ApprovalQuery, tag="approvals")
    def get(self, request, asked):
        """Approvals."""
        return asked.narrow(selectors.approvals.visible_to(request.viewer))

    @acts(ApprovalSerializer, body=ApprovalApplicationSerializer, does="ask_approval", tag="approvals", status=201)
    def post(self, request, data):
        """Ask for the approval of an agreement's terms."""
        agreement = one(selectors.agreements.visible_to(request.viewer), number=data["agreement"])
        return services.approvals.apply(
            agreement, reason=data["reason"], amount=data["amount"], by=request.viewer, at=now()
        )


class Approval(Door):
    @shows(ApprovalSerializer, tag="approvals")
    def get(self, request, number):
        """One approval with its route and what was done."""
        return _found(request, number)


def _found(request, number: str):
    return one(selectors.approvals.visible_to(request.viewer), number=number)


def _act(verb: Callable, *, does: str, body: type[Strict], says: str) -> type[Door]:
    """The door of one act upon an approval: they differ in the verb, in what is sent, and in what they say of it."""

    def post(self, request, data, number):
        return verb(_found(request, number), **data, by=request.viewer, at=now())

    post.__doc__ = says
    return type(does, (Door,), {"post": acts(ApprovalSerializer, body=body, does=does, tag="approvals")(post)})


ApprovalOpinion = _act(
    services.decisions.opine, does="give_opinion", body=ConsultationSerializer, says="Give a consultation's opinion."
)
ApprovalGrant = _act(
    services.decisions.approve,
    does="grant_approval",
    body=ApprovalNoteSerializer,
    says="Approve the step that is asked.",
)
ApprovalRefusal = _act(
    services.decisions.refuse, does="refuse_approval", body=ApprovalGroundsSerializer, says="Refuse for good."
)
ApprovalReturn = _act(
    services.decisions.send_back,
    does="return_approval",
    body=ApprovalReturnSerializer,
    says="Send back to an earlier step or to whoever applied.",
)
ApprovalResubmission = _act(
    services.decisions.resubmit,
    does="resubmit_approval",
    body=ApprovalGroundsSerializer,
    says="Submit again what was sent back.",
)
ApprovalWithdrawal = _act(
    services.decisions.withdraw,
    does="withdraw_approval",
    body=ApprovalGroundsSerializer,
    says="Take an application back.",
)
