"""Who asks to use the models, and how it was screened."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization


class Licensee(Fact):
    class State(models.TextChoices):
        APPLIED = "applied", "Applied"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        SUSPENDED = "suspended", "Suspended"

    organization = models.OneToOneField(Organization, models.PROTECT, related_name="licensee")
    licensee_class = models.CharField(max_length=20)
    field_of_use = models.CharField(max_length=40)
    purpose = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    applied_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    reason_ja = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    rescreen_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["organization__code"]

    def __str__(self) -> str:
        return self.organization.code


class Screening(Fact):
    licensee = models.ForeignKey(Licensee, models.PROTECT, related_name="screenings")
    kind = models.CharField(max_length=30)
    passed = models.BooleanField()
    finding_ja = models.TextField()
    finding_en = models.TextField()
    screened_on = models.DateField()
    valid_until = models.DateField()

    class Meta:
        ordering = ["licensee", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.licensee} {self.kind}"
