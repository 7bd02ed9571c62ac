"""Tables of coalition values: what each group of members would be worth alone, as ablation or proxy runs gave it."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.people import User


class Valuation(Fact):
    class State(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        ADOPTED = "adopted", "Adopted"
        REFUSED = "refused", "Sent back"

    number = models.CharField(max_length=20, unique=True)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    method_ja = models.TextField(help_text="how the values were found: ablation, proxy runs, an expert’s opinion")
    method_en = models.TextField()
    players = models.JSONField()
    values = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()
    adopted_on = models.DateField(null=True, blank=True)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number
