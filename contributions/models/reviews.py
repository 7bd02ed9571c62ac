"""What reviewers said of a dataset version, on which conditions, and what its owner answered."""

from django.db import models

from contributions.models.datasets import Review
from contributions.models.facts import Fact
from contributions.models.organizations import Organization
from contributions.models.people import User


class Requirement(Fact):
    """An adopted table of required reviews."""

    version = models.PositiveIntegerField(unique=True)
    valid_from = models.DateField()
    lines = models.JSONField()
    source_ja = models.CharField(max_length=200)
    source_en = models.CharField(max_length=200)

    class Meta:
        ordering = ["version"]

    def __str__(self) -> str:
        return f"requirements {self.version}"


class Opinion(Fact):
    """One reviewer's decision in one round of a review; never changed."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    ground = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    reviewer = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["review", "round", "pk"]

    def __str__(self) -> str:
        return f"{self.review} {self.round}"


class Condition(Fact):
    """What a pass depends on. Fulfilling it keeps the row: both instants stay readable."""

    opinion = models.ForeignKey(Opinion, models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    due = models.DateField()
    fulfilled_on = models.DateField(null=True, blank=True)
    fulfilled_seq = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["opinion", "number"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "number"], name="one_condition_of_a_number_per_opinion"),
            models.CheckConstraint(
                condition=models.Q(fulfilled_on__isnull=True, fulfilled_seq__isnull=True)
                | models.Q(fulfilled_on__isnull=False, fulfilled_seq__isnull=False),
                name="a_fulfilled_condition_has_its_day_and_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion} ({self.number})"

    @property
    def key(self) -> str:
        """What it is called in addresses and forms: the entry of its opinion, and its number there."""
        return f"{self.opinion.seq}-{self.number}"


class Reply(Fact):
    """What the owner answered to a review, or to one of its conditions, with evidence where it has some."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="replies")
    condition = models.ForeignKey(Condition, models.PROTECT, null=True, blank=True, related_name="replies")
    round = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    evidence_name = models.CharField(max_length=200, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    replied_at = models.DateTimeField()
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["review", "pk"]

    def __str__(self) -> str:
        return f"{self.review} {self.replied_at:%Y-%m-%d}"
