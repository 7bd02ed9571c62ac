"""Suspensions of a licence and its termination: the instant from which each holds for both sides."""

from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement


class Suspension(Fact):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="suspensions")
    number = models.CharField(max_length=28, unique=True)
    effective_at = models.DateTimeField()
    reason = models.TextField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_reason = models.TextField(blank=True)
    lifted_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["agreement", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_at__isnull=True, lifted_seq__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_seq__isnull=False),
                name="a_lifted_suspension_has_its_instant_and_its_entry",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Termination(Fact):
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="termination")
    number = models.CharField(max_length=28, unique=True)
    party = models.CharField(max_length=10)
    ground = models.CharField(max_length=16)
    reason = models.TextField()
    demanded_on = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    wind_down_until = models.DateField(null=True, blank=True)
    survivors = models.JSONField(default=list)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number
