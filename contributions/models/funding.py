"""Where the money behind a contribution came from; what the state paid for earns nobody a share."""

from django.db import models

from contributions.models.facts import Fact


class FundingSource(Fact):
    class Mode(models.TextChoices):
        OWN = "own", "Own money"
        COMMISSION = "commission", "Commissioned (委託)"
        SUBSIDY = "subsidy", "Subsidised (補助)"

    code = models.CharField(max_length=20, unique=True)
    name_ja = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    mode = models.CharField(max_length=16, choices=Mode.choices)
    programme = models.CharField(max_length=200, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    state_rate = models.CharField(max_length=40, default="0")
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class RateCard(Fact):
    """A signed table of factors, in force from a day on; older periods keep the older card."""

    class Card(models.TextChoices):
        ACCELERATOR = "accelerator", "Accelerator to reference hours"
        GRADE = "grade", "Grade of engineer"
        DATASET = "dataset", "Quality and uniqueness of datasets"

    card = models.CharField(max_length=16, choices=Card.choices)
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    lines = models.JSONField()
    source_ja = models.CharField(max_length=300)
    source_en = models.CharField(max_length=300)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["card", "version"]
        constraints = [models.UniqueConstraint(fields=["card", "version"], name="one_rate_card_per_version")]

    def __str__(self) -> str:
        return f"{self.card}/{self.version}"
