"""What a licensee used in a period."""

from django.db import models

from contributions.models.facts import Fact, Posted
from licensing.models.agreements import Agreement


class UsageReport(Fact):
    class State(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        ACCEPTED = "accepted", "Accepted"

    number = models.CharField(max_length=20, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="usage_reports")
    period_from = models.DateField()
    period_until = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    note = models.TextField(blank=True)
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    fee = models.JSONField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "period_from"], name="one_report_per_agreement_and_period")
        ]

    def __str__(self) -> str:
        return self.number


class UsageLine(Posted):
    report = models.ForeignKey(UsageReport, models.PROTECT, related_name="lines")
    metric = models.CharField(max_length=30)
    region = models.CharField(max_length=2)
    units = models.CharField(max_length=40)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report} {self.metric} {self.units}"
