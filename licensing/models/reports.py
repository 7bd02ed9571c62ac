"""Audit reports: what a licensee, an auditor or a court can check without trusting the server."""

from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement


class AuditReport(Fact):
    number = models.CharField(max_length=20, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="reports")
    facts = models.BinaryField()
    facts_sha256 = models.CharField(max_length=64)
    checkpoint_size = models.BigIntegerField()
    prepared_at = models.DateTimeField()
    document_sha256 = models.CharField(max_length=64, blank=True)
    bundle_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number
