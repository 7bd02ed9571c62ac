"""Models that licensees made from what was licensed to them."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement


class Derivative(Fact):
    class State(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=40, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="derivatives")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    purpose = models.TextField()
    data_category = models.CharField(max_length=200)
    parents = models.JSONField(help_text="rows of model and weight")
    rate = models.CharField(max_length=40, default="0")
    use_from = models.DateField()
    passed_on = models.JSONField(default=dict)
    stack = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
