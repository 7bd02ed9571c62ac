"""Inbound agreements: under which terms contributions came in."""

from __future__ import annotations

from rest_framework import serializers

from contributions import selectors
from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Named
from contributions.api.openings import noted
from contributions.api.queries import Query, word


class RightSerializer(serializers.Serializer):
    subject = serializers.CharField(help_text="one of: data, compute, people, background")
    purposes = serializers.ListField(child=serializers.CharField())
    fields_of_use = serializers.ListField(source="fields", child=serializers.CharField())
    territory = serializers.ListField(child=serializers.CharField())
    sublicensing = serializers.BooleanField()
    further_training = serializers.BooleanField()
    after_withdrawal = serializers.CharField()


class TermsSerializer(serializers.Serializer):
    number = serializers.CharField()
    type = serializers.CharField()
    organization = serializers.CharField(source="organization.code")
    title = Named("title")
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="not including")
    rights = RightSerializer(source="rights.all", many=True)
    illustrative = serializers.BooleanField()
    entry = serializers.IntegerField(source="seq")


class TermsQuery(Query):
    organization = word()
    type = word()
    where = {"organization": "organization__code", "type": "type"}


class Terms(Door):
    @lists(TermsSerializer, query=TermsQuery, tag="terms")
    def get(self, request, asked):
        """Inbound agreements with the rights that came in under each."""
        return asked.narrow(selectors.terms.visible_to(request.viewer))


class Term(Door):
    @shows(TermsSerializer, tag="terms")
    def get(self, request, number):
        """One inbound agreement."""
        return noted(request, "terms", one(selectors.terms.visible_to(request.viewer), number=number))
