"""Amendments of agreements: each a whole new edition from a day on, offered and signed by both like the first."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement
from licensing.models.schedules import Schedule


class Amendment(Fact):
    class State(models.TextChoices):
        DRAFTED = "drafted", "Draft"
        APPROVED = "approved", "Approved"
        OFFERED = "offered", "Offered"
        SIGNED = "signed", "Signed by the licensor"
        EXECUTED = "executed", "Executed"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=28, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="amendments")
    based_on = models.PositiveIntegerField(help_text="how many editions there were when it was drafted")
    effective_from = models.DateField()
    schedule = models.ForeignKey(Schedule, models.PROTECT, related_name="+")
    changes = models.JSONField()
    variables = models.JSONField()
    clauses = models.JSONField()
    reason = models.TextField()
    terms_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    drafted_at = models.DateTimeField()
    authors = models.JSONField(default=list, help_text="who of the licensor wrote it; none of them approves it")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    offered_at = models.DateTimeField(null=True, blank=True)
    turned_down_at = models.DateTimeField(null=True, blank=True)
    turned_down_reason = models.TextField(blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class AmendmentDocument(Fact):
    """The stored 覚書 as it stood after an act: offered, signed by the licensor, countersigned."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="documents")
    stage = models.CharField(max_length=12)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    level = models.CharField(max_length=8, blank=True, help_text="AdES level of its newest signature")
    stamped_until = models.DateTimeField(null=True, blank=True, help_text="when its newest time certificate ends")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["amendment", "pk"]
        constraints = [models.UniqueConstraint(fields=["amendment", "stage"], name="one_memorandum_per_stage")]

    def __str__(self) -> str:
        return f"{self.amendment} {self.stage}"


class AmendmentSignature(Fact):
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    certificate_name = models.CharField(max_length=200)
    certificate_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    trial = models.BooleanField(default=True)
    level = models.CharField(max_length=8, blank=True)
    factor = models.CharField(max_length=20, blank=True)
    identity = models.CharField(max_length=20, blank=True)
    outside = models.BooleanField(default=False)

    class Meta:
        ordering = ["amendment", "pk"]
        constraints = [models.UniqueConstraint(fields=["amendment", "party"], name="a_party_signs_an_amendment_once")]

    def __str__(self) -> str:
        return f"{self.amendment} {self.party}"
