"""Amendments: what each changes, from when, and each step towards being concluded."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import now
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest, Instant
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services
from licensing.api.agreements import (
    FORM_BYTES,
    ActSerializer,
    DocumentSerializer,
    ReasonSerializer,
    ReturnedSerializer,
    SignatureSerializer,
    act_of,
)

STATES = ("drafted", "approved", "offered", "signed", "executed", "declined", "withdrawn")


class AmendmentSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    effective_from = Day()
    schedule = serializers.CharField()
    changes = serializers.JSONField(help_text="variable → its new value; null where it is taken out")
    reason = serializers.CharField()
    terms_sha256 = Digest(help_text="of amendment.json")
    executed_at = Instant(allow_null=True)
    documents = DocumentSerializer(source="documents.all", many=True)
    signatures = SignatureSerializer(source="signatures.all", many=True)
    entry = serializers.IntegerField(source="seq")


class AmendmentIn(Strict):
    agreement = serializers.CharField(max_length=40)
    effective_from = Day()
    changes = serializers.DictField(default=dict, help_text="variable → its new value, as in agreement.json")
    clauses = serializers.ListField(child=serializers.CharField(max_length=60), default=list, max_length=100)
    schedule = serializers.CharField(max_length=40, default="", allow_blank=True, help_text="number@version")
    reason = serializers.CharField(max_length=4000)


class AmendmentQuery(Query):
    state = of_state(*STATES)
    agreement = word()
    where = {"state": "state", "agreement": "agreement__number"}


class Amendments(Door):
    @lists(AmendmentSerializer, query=AmendmentQuery, tag="amendments")
    def get(self, request, asked):
        """Amendments."""
        return asked.narrow(_visible(request))

    @acts(AmendmentSerializer, body=AmendmentIn, does="draft_amendment", tag="amendments", status=201)
    def post(self, request, sent):
        """Draft an amendment of an agreement."""
        given = dict(sent)
        agreement = one(selectors.agreements.concluded(request.viewer), number=given.pop("agreement"))
        wanted = given.pop("schedule")
        number, _, version = wanted.partition("@")
        rows = selectors.schedules.visible_to(request.viewer)
        schedule = one(rows, number=number, version=version if version.isdecimal() else "0") if wanted else None
        row = services.amendments.draft(agreement, **given, schedule=schedule, by=request.viewer, at=now())
        return _found(request, row.number)


class Amendment(Door):
    @shows(AmendmentSerializer, tag="amendments")
    def get(self, request, number):
        """One amendment."""
        return _found(request, number)


class AmendmentApproval(Door):
    @acts(AmendmentSerializer, does="approve_amendment", tag="amendments")
    def post(self, request, number):
        """Approve a draft."""
        return _step(request, number, services.amendments.approve)


class AmendmentOffer(Door):
    @acts(AmendmentSerializer, does="offer_amendment", tag="amendments")
    def post(self, request, number):
        """Offer an approved amendment; its memorandum is frozen."""
        return _step(request, number, services.amendments.offer)


class AmendmentSigning(Door):
    @acts(AmendmentSerializer, does="sign_amendment", tag="amendments", body=ActSerializer)
    def post(self, request, sent, number):
        """Sign for the licensor."""
        return _step(request, number, services.amendments.sign, act=act_of(request, sent))


class AmendmentCountersigning(Door):
    @acts(AmendmentSerializer, does="countersign_amendment", tag="amendments", body=ActSerializer)
    def post(self, request, sent, number):
        """Sign for the licensee; the amendment is concluded."""
        return _step(request, number, services.amendments.countersign, act=act_of(request, sent))


class AmendmentReturned(Door):
    parser_classes = [MultiPartParser]
    max_bytes = settings.SIGNED_BYTES_MAX + FORM_BYTES

    @acts(
        AmendmentSerializer,
        does="take_back_amendment",
        tag="amendments",
        body=ReturnedSerializer,
        media={"multipart/form-data": ReturnedSerializer},
    )
    def post(self, request, sent, number):
        """Take back the frozen memorandum as an outside service has signed it."""
        return _step(request, number, services.returns.take_back_amendment, content=sent["file"].read())


class AmendmentRefusal(Door):
    @acts(AmendmentSerializer, body=ReasonSerializer, does="decline_amendment", tag="amendments")
    def post(self, request, sent, number):
        """Decline an offered amendment as its licensee."""
        return _step(request, number, services.amendments.decline, **sent)


class AmendmentWithdrawal(Door):
    @acts(AmendmentSerializer, body=ReasonSerializer, does="withdraw_amendment", tag="amendments")
    def post(self, request, sent, number):
        """Take back a draft or an offer."""
        return _step(request, number, services.amendments.withdraw, **sent)


def _step(request, number: str, verb, **given):
    verb(_found(request, number), by=request.viewer, at=now(), **given)
    return _found(request, number)


def _found(request, number: str):
    return one(_visible(request), number=number)


def _visible(request):
    return selectors.amendments.visible_to(request.viewer).prefetch_related("documents", "signatures")
