"""Proposed versions of the negotiation and approval rules; the adopted ones stand in `approvals.NegotiationRules`."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.approvals import NegotiationRules


class RulesProposal(Fact):
    """A version that one person of the legal staff proposes and another adopts."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=20, unique=True)
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    source_ja = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)
    valid_from = models.DateField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    adopted = models.OneToOneField(NegotiationRules, models.PROTECT, null=True, blank=True, related_name="proposal")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number
