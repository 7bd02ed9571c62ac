"""Contracts concluded outside and taken in."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Day, Digest, Instant, Whole
from contributions.api.queries import Query, word
from licensing import selectors


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


class OutsideAgreements(Door):
    @lists(OutsideSerializer, query=OutsideQuery, tag="outside agreements")
    def get(self, request, asked):
        """Contracts that were concluded outside."""
        return asked.narrow(selectors.outside.visible_to(request.viewer))


class OutsideAgreement(Door):
    @shows(OutsideSerializer, tag="outside agreements")
    def get(self, request, number):
        """One contract that was concluded outside."""
        return one(selectors.outside.visible_to(request.viewer), number=number)
