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
    stated = models.JSONField(default=dict, help_text="what the applicant says of itself, as the screening compares it")
    state = models.CharField(max_length=10, choices=State.choices, default=State.APPLIED)
    applied_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    reason_ja = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    rescreen_on = models.DateField(null=True, blank=True)
    judges = models.JSONField(
        default=list, help_text="who screened, reclassified or suspended it since it was approved"
    )

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
    details = models.JSONField(default=dict)
    evidence = models.JSONField(default=list, help_text="name and digest of each file, an annex of the entry")
    screened_on = models.DateField()
    valid_until = models.DateField()

    class Meta:
        ordering = ["licensee", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.licensee} {self.kind}"


class Conflict(Fact):
    """A competitor of an applicant: nobody employed by it, or by its group, takes part in the screening."""

    licensee = models.ForeignKey(Licensee, models.PROTECT, related_name="conflicts")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    declared_on = models.DateField()
    lifted_on = models.DateField(null=True, blank=True)
    lifted_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["licensee", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["licensee", "organization"],
                condition=models.Q(lifted_seq__isnull=True),
                name="one_standing_conflict_per_licensee_and_rival",
            )
        ]

    def __str__(self) -> str:
        return f"{self.licensee} {self.organization}"


class ScreeningRule(Fact):
    """What counts as a Japanese firm, and where inference may run without a permit: dated, with its source."""

    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    source_ja = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)

    class Meta:
        ordering = ["valid_from", "seq"]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.sha256[:8]}"
