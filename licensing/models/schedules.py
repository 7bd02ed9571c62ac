"""Standard price lists by field of use. Publishing freezes one; a signed licence stays on its version."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact


class Schedule(Fact):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    field_of_use = models.CharField(max_length=40)
    licensee_class = models.CharField(max_length=20)
    terms = models.JSONField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    illustrative = models.BooleanField(default=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["number", "-version"]
        constraints = [models.UniqueConstraint(fields=["number", "version"], name="one_schedule_per_version")]

    def __str__(self) -> str:
        return f"{self.number}@{self.version}"


class ScheduleDraft(models.Model):
    """A price list in the making: as typed, faults and all. Not journaled; it goes when it is proposed."""

    number = models.CharField(max_length=20)
    typed = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return self.number
