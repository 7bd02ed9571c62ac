"""Requests to step up from an evaluation to a full licence, and the agreement that each led to."""

from django.db import models

from contributions.models.facts import Fact
from licensing.models.agreements import Agreement


class StepUp(Fact):
    class State(models.TextChoices):
        REQUESTED = "requested", "Requested"
        CONCLUDED = "concluded", "Concluded"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=28, unique=True)
    evaluation = models.ForeignKey(Agreement, models.PROTECT, related_name="step_ups")
    agreement = models.OneToOneField(
        Agreement, models.PROTECT, null=True, blank=True, related_name="stepped_from", help_text="the full licence"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    plan = models.TextField(help_text="what the licensee wants to use the model for, and from when")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["evaluation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation"],
                condition=models.Q(state__in=("requested", "concluded")),
                name="one_open_step_up_of_an_evaluation",
            )
        ]

    def __str__(self) -> str:
        return self.number
