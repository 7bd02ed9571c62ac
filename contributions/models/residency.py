"""Breaches of residency: what lay or ran where it must not, since when, and until when. A mended one keeps its row."""

from django.db import models

from contributions.models.compute import Batch
from contributions.models.datasets import DatasetVersion
from contributions.models.facts import Fact
from contributions.models.members import Member


class Breach(Fact):
    number = models.CharField(max_length=48, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="breaches")
    version = models.ForeignKey(DatasetVersion, models.PROTECT, null=True, blank=True, related_name="breaches")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="breaches")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=60, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    mended_seq = models.BigIntegerField(null=True, blank=True)
    found = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    copy = models.PositiveSmallIntegerField(null=True, blank=True, help_text="the copy that the record itself found")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version__isnull=False, batch__isnull=True)
                | models.Q(version__isnull=True, batch__isnull=False),
                name="a_breach_is_of_a_version_or_of_a_batch",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True, mended_seq__isnull=True)
                | models.Q(until__isnull=False, mended_seq__isnull=False),
                name="a_mended_breach_has_its_day_and_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return self.number
