"""Amendments of agreements: each a whole new edition from a day on, offered and signed by both like the first."""

from django.db import models

from licensing.models.agreements import Agreement
from licensing.models.deeds import Deed, DeedDocument, DeedSignature
from licensing.models.schedules import Schedule


class Amendment(Deed):
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

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number


class AmendmentDocument(DeedDocument):
    """The stored 覚書 as it stood after an act: offered, signed by the licensor, countersigned."""

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="documents")

    class Meta:
        ordering = ["amendment", "pk"]
        constraints = [models.UniqueConstraint(fields=["amendment", "stage"], name="one_memorandum_per_stage")]

    def __str__(self) -> str:
        return f"{self.amendment} {self.stage}"


class AmendmentSignature(DeedSignature):
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="signatures")
    level = models.CharField(max_length=8, blank=True)
    factor = models.CharField(max_length=20, blank=True)
    identity = models.CharField(max_length=20, blank=True)
    outside = models.BooleanField(default=False)

    class Meta:
        ordering = ["amendment", "pk"]
        constraints = [models.UniqueConstraint(fields=["amendment", "party"], name="a_party_signs_an_amendment_once")]

    def __str__(self) -> str:
        return f"{self.amendment} {self.party}"
