"""Where the money behind a contribution came from; what the state paid for earns nobody a share."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.organizations import Organization


class FundingSource(Fact):
    """A source as its newest edition states it."""

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
    recipient = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="funding_received")
    expense_category = models.CharField(max_length=60, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class FundingEdition(Fact):
    """What a source's decision or contract says from a day on; the first has no day and holds from the beginning."""

    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="editions")
    edition = models.PositiveIntegerField()
    valid_from = models.DateField(null=True, blank=True)
    mode = models.CharField(max_length=16, choices=FundingSource.Mode.choices)
    programme = models.CharField(max_length=200, blank=True)
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    state_rate = models.CharField(max_length=40)
    expense_category = models.CharField(max_length=60, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["source", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["source", "edition"], name="one_row_per_edition_of_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source}@{self.edition}"


class FundedAsset(Fact):
    """A thing bought with a source's money: it cannot be sold, lent or pledged before a day without an approval."""

    number = models.CharField(max_length=48, unique=True)
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="assets")
    name_ja = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    acquired_on = models.DateField()
    price = models.BigIntegerField()
    restriction = models.CharField(max_length=300, blank=True)
    restricted_until = models.DateField(null=True, blank=True)
    disposed_on = models.DateField(null=True, blank=True)
    disposed_seq = models.BigIntegerField(null=True, blank=True)
    approval = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="a_price_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(disposed_on__isnull=True, disposed_seq__isnull=True)
                | models.Q(disposed_on__isnull=False, disposed_seq__isnull=False),
                name="a_disposed_asset_has_its_day_and_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RateCard(Fact):
    """A signed table of factors, in force from a day on; older periods keep the older card."""

    class Card(models.TextChoices):
        ACCELERATOR = "accelerator", "Accelerator to reference hours"
        GRADE = "grade", "Grade of engineer"
        DATASET = "dataset", "Quality and uniqueness of datasets"
        HOURLY = "hourly", "Yen for an hour, by grade of engineer"

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
