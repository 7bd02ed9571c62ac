"""Audit reports: their facts, their digests, and which entries they stand on."""

from __future__ import annotations

from rest_framework import serializers

from contributions.api.doors import Door, lists, one, shows
from contributions.api.fields import Digest, Instant
from contributions.api.queries import Query, word
from contributions.core import canonical
from licensing import selectors


class ReportSerializer(serializers.Serializer):
    number = serializers.CharField()
    agreement = serializers.CharField(source="agreement.number")
    licensee = serializers.CharField(source="agreement.licensee.organization.code")
    checkpoint_size = serializers.IntegerField(help_text="entries of the log that it looks at")
    prepared_at = Instant()
    facts_sha256 = Digest(help_text="of the facts as canonical JSON")
    document_sha256 = Digest(allow_null=True, help_text="of the PDF")
    entry = serializers.IntegerField(source="seq")


class ReportDetailSerializer(ReportSerializer):
    facts = serializers.SerializerMethodField()

    def get_facts(self, report) -> dict:
        return canonical.loads(bytes(report.facts))


class ReportQuery(Query):
    agreement = word()
    where = {"agreement": "agreement__number"}


class Reports(Door):
    @lists(ReportSerializer, query=ReportQuery, tag="reports")
    def get(self, request, asked):
        """Audit reports, newest first."""
        return asked.narrow(selectors.reports.visible_to(request.viewer))


class Report(Door):
    @shows(ReportDetailSerializer, tag="reports")
    def get(self, request, number):
        """One audit report with its facts."""
        return one(selectors.reports.visible_to(request.viewer), number=number)
