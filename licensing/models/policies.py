"""The adopted, versioned rule of allocation."""

from django.db import models

from contributions.models.facts import Fact


class Policy(Fact):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"
        REJECTED = "rejected", "Rejected"
        SUPERSEDED = "superseded", "Superseded"

    number = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    adopted_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-version"]
        verbose_name_plural = "policies"
        constraints = [models.UniqueConstraint(fields=["number", "version"], name="one_document_per_policy_version")]

    def __str__(self) -> str:
        return f"{self.number}@{self.version}"
