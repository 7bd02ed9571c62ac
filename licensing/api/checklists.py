"""The contract checklist: its editions, and the answers on each agreement."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists
from contributions.api.fields import Day, Instant
from contributions.api.queries import Query, word
from licensing import selectors


class ChecklistEditionSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    valid_from = Day()
    items = serializers.ListField(child=serializers.DictField(), help_text="the questions, in both languages")
    source_ja = serializers.CharField()
    source_en = serializers.CharField()
    entry = serializers.IntegerField(source="seq")


class AnswerSerializer(serializers.Serializer):
    agreement = serializers.CharField(source="agreement.number")
    checklist = serializers.IntegerField(source="checklist.version")
    item = serializers.CharField()
    answer = serializers.CharField(help_text="one of: yes, no, not-applicable")
    clause = serializers.CharField(help_text="the clause that settles it, if it is settled")
    note = serializers.CharField()
    answered_at = Instant()
    entry = serializers.IntegerField(source="seq")


class AnswerQuery(Query):
    agreement = word()
    item = word()
    where = {"agreement": "agreement__number", "item": "item"}


class ChecklistEditions(Door):
    @lists(ChecklistEditionSerializer, tag="checklists")
    def get(self, request, asked):
        """Editions of the contract checklist."""
        return asked.narrow(selectors.checklists.editions_visible_to(request.viewer))


class ChecklistAnswers(Door):
    @lists(AnswerSerializer, query=AnswerQuery, tag="checklists")
    def get(self, request, asked):
        """Answers to the contract checklist, earlier ones included."""
        return asked.narrow(selectors.checklists.visible_to(request.viewer))
