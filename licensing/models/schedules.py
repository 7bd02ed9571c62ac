"""Standard price lists by field of use. Publishing freezes one; a signed licence stays on its version."""

from django.db import models

from contributions.models.facts import Fact


class Schedule(Fact):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ADOPTED = "adopted", "Adopted"

    number = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    field_of_use = models.CharField(max_length=40)
    licensee_class = models.CharField(max_length=20)
    terms = models.JSONField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["number", "-version"]
        constraints = [models.UniqueConstraint(fields=["number", "version"], name="one_schedule_per_version")]

    def __str__(self) -> str:
        return f"{self.number}@{self.version}"
