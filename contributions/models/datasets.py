"""Datasets and their versions, and the reviews that let a version count."""

from django.db import models

from contributions.models.facts import Fact
from contributions.models.funding import FundingSource
from contributions.models.members import Member
from contributions.models.organizations import Organization
from contributions.models.people import User
from contributions.models.terms import InboundAgreement


class Dataset(Fact):
    number = models.CharField(max_length=48, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="datasets")
    name_ja = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    modality = models.CharField(max_length=30)
    category_ja = models.CharField(max_length=100)
    category_en = models.CharField(max_length=100)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class DatasetVersion(Fact):
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    name_ja = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    description_ja = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    licence = models.TextField(blank=True)
    url = models.TextField(blank=True)
    files = models.JSONField()
    gaps = models.JSONField(default=list)
    conforms_to = models.CharField(max_length=120, blank=True)
    quantity = models.BigIntegerField()
    unit = models.CharField(max_length=20)
    agreement = models.ForeignKey(InboundAgreement, models.PROTECT, null=True, related_name="dataset_versions")
    funding = models.ForeignKey(FundingSource, models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_seq = models.BigIntegerField(null=True, blank=True)
    record = models.JSONField(default=dict, help_text="the minimum record, as its owner states it")
    copies = models.JSONField(default=list)
    required = models.JSONField(default=list)
    quotas = models.JSONField(default=dict, help_text="opinions that each required review needs, on the day it came")
    evidence_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["dataset", "version"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "version"], name="one_row_per_dataset_version"),
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="a_quantity_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=False) | models.Q(withdrawn_seq__isnull=True),
                name="a_withdrawal_on_record_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset.number}@{self.version}"


class Review(Fact):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        PASSED = "passed", "Passed"
        REFUSED = "refused", "Refused"

    version = models.ForeignKey(DatasetVersion, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=20)
    body = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    quota = models.PositiveSmallIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opinion = models.TextField(blank=True)
    ground = models.CharField(max_length=40, blank=True)
    opinion_sha256 = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["version", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="one_review_of_a_kind_per_version"),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, state="open")
                | (models.Q(decided_at__isnull=False) & ~models.Q(state="open")),
                name="a_decided_review_has_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.kind}"

    @property
    def number(self) -> str:
        """What it is called in addresses: a count common to all would tell each owner how many reviews others have."""
        return f"{self.version}-{self.kind}"
