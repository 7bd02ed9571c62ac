"""Templates of agreements."""

from __future__ import annotations

from django.utils.timezone import now
from rest_framework import serializers

from contributions.api.doors import Door, acts, lists, one, shows
from contributions.api.fields import Day, Digest
from contributions.api.queries import Query, Strict, of_state, word
from licensing import selectors, services

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


class TemplateIn(Strict):
    document = serializers.DictField(help_text="as a version shows it; versions of clauses may be left out")
    opened = serializers.CharField(default="", allow_blank=True, max_length=64, help_text="digest of the draft changed")


class TemplateApprovalIn(Strict):
    valid_from = Day()


class Templates(Door):
    @lists(TemplateSerializer, query=TemplateQuery, tag="templates")
    def get(self, request, asked):
        """Templates of agreements, every version."""
        return asked.narrow(selectors.templates.visible_to(request.viewer))

    @acts(TemplateSerializer, body=TemplateIn, does="propose_template", tag="templates", status=201)
    def post(self, request, sent):
        """Save a draft of a template: its next version, or the draft that stands already, if `opened` is its digest."""
        return services.templates.propose(**sent, by=request.viewer, at=now())


class Template(Door):
    @shows(TemplateSerializer, tag="templates")
    def get(self, request, code, version):
        """One version of a template."""
        return one(selectors.templates.visible_to(request.viewer), code=code, version=version)


class TemplateApproval(Door):
    @acts(TemplateSerializer, body=TemplateApprovalIn, does="approve_template", tag="templates")
    def post(self, request, sent, code, version):
        """Put a draft in force, by another person than proposed it; refused with every finding."""
        row = one(selectors.templates.visible_to(request.viewer), code=code, version=version)
        return services.templates.approve(row, **sent, by=request.viewer, at=now())
