"""Deciding bodies with every edition of their rules, and recording one."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.as_of import DayAsked, DayQuery, day_of, is_past
from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Named
from contributions.api.queries import Strict
from licensing import selectors, services
from licensing.core.bodies import KINDS


class BodyEditionSerializer(serializers.Serializer):
    edition = serializers.IntegerField()
    valid_from = Day()
    rules = serializers.DictField(help_text="who votes, what is shown, grounds of recusal, and the rule of each matter")
    source = Named("source")
    entry = serializers.IntegerField(source="seq")


class BodySerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField(help_text="one of: " + ", ".join(KINDS))
    name = Named()
    editions = serializers.SerializerMethodField(help_text="of its rules, those that had begun by the day")
    entry = serializers.IntegerField(source="seq")

    def get_editions(self, body) -> BodyEditionSerializer(many=True):
        rows = [row for row in body.editions.all() if not is_past(self) or row.valid_from <= day_of(self)]
        return BodyEditionSerializer(rows, many=True).data


class RulesIn(Strict):
    rules = serializers.DictField()
    valid_from = Day()
    source_ja = serializers.CharField(max_length=300)
    source_en = serializers.CharField(max_length=300)


class BodyIn(RulesIn):
    code = serializers.SlugField(max_length=40)
    kind = serializers.ChoiceField(tuple(KINDS))
    name_ja = serializers.CharField(max_length=60)
    name_en = serializers.CharField(max_length=60)


class Bodies(Door):
    @lists(BodySerializer, tag="bodies", query=DayQuery)
    def get(self, request, asked):
        """Deciding bodies; as of a day, with the editions of their rules that had begun."""
        return selectors.bodies.visible_to(request.viewer)

    @acts(BodySerializer, does="constitute_body", tag="bodies", body=BodyIn, status=201)
    def post(self, request, sent):
        """Record a deciding body with its first rules."""
        made = services.bodies.constitute(stated=sent.pop("rules"), by=request.viewer, at=now(), **sent)
        return one(selectors.bodies.visible_to(request.viewer), code=made.code)


class Body(Door):
    @shows(BodySerializer, tag="bodies", query=DayAsked)
    def get(self, request, asked, code):
        """One body; as of a day, with the editions of its rules that had begun."""
        return one(selectors.bodies.visible_to(request.viewer), code=code)


class BodyRules(Door):
    @acts(BodySerializer, does="amend_body", tag="bodies", body=RulesIn, status=201)
    def post(self, request, sent, code):
        """Record the rules of a body from a day on."""
        found = one(selectors.bodies.visible_to(request.viewer), code=code)
        services.bodies.amend(found, stated=sent.pop("rules"), by=request.viewer, at=now(), **sent)
        return one(selectors.bodies.visible_to(request.viewer), code=code)
