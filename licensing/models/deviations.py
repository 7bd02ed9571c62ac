"""Deviations: where an agreement leaves the standard, why, how grave it is, and who approved it until when."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement
from licensing.models.negotiations import Proposal


class Deviation(Fact):
    class State(models.TextChoices):
        PENDING = "awaiting", "Awaiting approval"
        ALLOWED = "allowed", "No approval needed"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        LAPSED = "lapsed", "Lapsed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=20, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="deviations")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="deviations")
    kind = models.CharField(max_length=10)
    subject = models.SlugField(max_length=60)
    approved_sha256 = models.CharField(max_length=64)
    changed_sha256 = models.CharField(max_length=64)
    standard = models.JSONField(null=True)
    content = models.JSONField(null=True)
    reason = models.TextField()
    rung = models.CharField(max_length=12)
    tier = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number
