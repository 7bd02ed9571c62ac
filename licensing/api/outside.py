"""Contracts concluded outside and taken in."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from contributions import selectors as contributed
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Amount, Day, Digest, Instant, Whole
from contributions.api.queries import Query, Strict, word
from contributions.core import evidence
from licensing import selectors, services
from licensing.core.outside import KINDS, RELATIONS, RENEWALS, Terms

FORM_BYTES = 2**16


class OutsideSerializer(serializers.Serializer):
    number = serializers.CharField()
    kind = serializers.CharField(help_text="nda, evaluation, framework, individual, memorandum or other")
    title = serializers.CharField()
    counterparty = serializers.CharField()
    organization = serializers.CharField(source="organization.code", allow_null=True, default=None)
    signed_on = Day()
    term_from = Day()
    term_until = Day(allow_null=True, help_text="not including")
    amount = Whole(allow_null=True, help_text="yen")
    renewal = serializers.CharField()
    renewal_months = serializers.IntegerField()
    notice_months = serializers.IntegerField()
    notice_by = Day(allow_null=True, help_text="last day to give notice")
    relation = serializers.CharField(help_text="succeeds, under, amends, or empty")
    follows = serializers.SerializerMethodField(help_text="number of the agreement that the relation refers to")
    file_name = serializers.CharField()
    sha256 = Digest()
    size = Whole(help_text="bytes")
    taken_in_at = Instant()
    erased_at = Instant(allow_null=True)
    entry = serializers.IntegerField(source="seq")

    def get_follows(self, row) -> str | None:
        found = row.follows or row.follows_agreement
        return found.number if found else None


class OutsideQuery(Query):
    kind = word()
    organization = word()
    where = {"kind": "kind", "organization": "organization__code"}


class OutsideIn(Strict):
    file = serializers.FileField(max_length=200, help_text="a scan, or the PDF that was signed elsewhere")
    kind = serializers.ChoiceField(tuple(KINDS))
    title = serializers.CharField(max_length=200)
    counterparty = serializers.CharField(max_length=200)
    organization = serializers.CharField(max_length=40, required=False, help_text="its code, if it is on record")
    signed_on = Day()
    term_from = Day(required=False, help_text="if not the day of conclusion")
    term_until = Day(required=False, help_text="not including; left out where it has no end")
    amount = Amount(required=False, help_text="yen")
    renewal = serializers.ChoiceField(tuple(RENEWALS), default="none")
    renewal_months = serializers.IntegerField(min_value=0, max_value=600, default=0)
    notice_months = serializers.IntegerField(min_value=0, max_value=60, default=0)
    relation = serializers.ChoiceField(tuple(RELATIONS), required=False)
    follows = serializers.CharField(max_length=40, default="", help_text="number of what the relation refers to")
    remark = serializers.CharField(max_length=4000, default="", allow_blank=True)


class OutsideAgreements(Door):
    parser_classes = [MultiPartParser]
    max_bytes = evidence.BYTES_MAX + FORM_BYTES

    @lists(OutsideSerializer, query=OutsideQuery, tag="outside agreements")
    def get(self, request, asked):
        """Contracts that were concluded outside."""
        return asked.narrow(selectors.outside.visible_to(request.viewer))

    @acts(
        OutsideSerializer,
        body=OutsideIn,
        does="take_in_outside_agreement",
        tag="outside agreements",
        status=201,
        media={"multipart/form-data": OutsideIn},
    )
    def post(self, request, sent):
        """Take in a contract with its file and its terms."""
        file, follows, code = sent.pop("file"), sent.pop("follows"), sent.pop("organization", None)
        stated = {"term_from": sent["signed_on"], **sent}
        known = contributed.organizations.all_for(request.viewer)
        return services.outside.take(
            Terms(**stated),
            name=file.name,
            content=file.read(),
            organization=one(known, code=code) if code else None,
            follows=follows,
            by=request.viewer,
            at=now(),
        )


class OutsideAgreement(Door):
    @shows(OutsideSerializer, tag="outside agreements")
    def get(self, request, number):
        """One contract that was concluded outside."""
        return one(selectors.outside.visible_to(request.viewer), number=number)
