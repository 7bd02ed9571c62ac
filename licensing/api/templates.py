"""Templates of agreements."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Day, Digest
from contributions.api.queries import Query, of_state, word
from licensing import selectors

STATES = ("draft", "approved", "retired")


class TemplateSerializer(serializers.Serializer):
    code = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField(help_text="one of: " + ", ".join(STATES))
    valid_from = Day(allow_null=True)
    sha256 = Digest()
    document = serializers.DictField(help_text="title, key terms, clauses in order with their versions, and variables")
    entry = serializers.IntegerField(source="seq")


class TemplateQuery(Query):
    code = word()
    state = of_state(*STATES)
    where = {"code": "code", "state": "state"}


class Templates(Door):
    @lists(TemplateSerializer, query=TemplateQuery, tag="templates")
    def get(self, request, asked):
        """Templates of agreements, every version."""
        return asked.narrow(selectors.templates.visible_to(request.viewer))


class Template(Door):
    @shows(TemplateSerializer, tag="templates")
    def get(self, request, code, version):
        """One version of a template."""
        return one(selectors.templates.visible_to(request.viewer), code=code, version=version)
