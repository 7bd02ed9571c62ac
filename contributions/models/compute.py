"""Facilities, the batches of metering that came from them, and one figure per accelerator and day."""

from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.funding import FundingSource
from contributions.models.members import Member
from contributions.models.organizations import Organization


class Facility(Fact):
    code = models.SlugField(unique=True, max_length=32)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    operator = models.ForeignKey(Organization, models.PROTECT, related_name="facilities")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=60)
    zone = models.CharField(max_length=40, default="Asia/Tokyo")
    default_accelerator = models.CharField(max_length=32)
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "facilities"

    def __str__(self) -> str:
        return self.code


class Batch(Fact):
    """One imported file. The same bytes again post nothing: the digest is unique within its member."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", "Submitted"
        ACCEPTED = "accepted", "Accepted"
        REVERSED = "reversed", "Reversed"

    number = models.CharField(max_length=48, unique=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="batches")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="batches")
    funding = models.ForeignKey(FundingSource, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    file_format = models.CharField(max_length=20)
    file_sha256 = models.CharField(max_length=64)
    evidence_sha256 = models.CharField(max_length=64)
    bytes_read = models.BigIntegerField()
    rows_read = models.BigIntegerField()
    jobs = models.BigIntegerField()
    findings_count = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "facility", "file_sha256"], name="a_file_is_posted_once_per_member_and_facility"
            )
        ]

    def __str__(self) -> str:
        return self.number


class BatchFinding(Posted):
    """A row kept aside: where, what, why, and the line in full."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="findings")
    line = models.BigIntegerField(null=True)
    field = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    ja = models.TextField()
    en = models.TextField()
    raw = models.TextField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.batch}:{self.line} {self.code}"


class MeteredJob(Posted):
    """The identity of a job that has been counted, and the batch that holds it."""

    key = models.BinaryField(unique=True, max_length=32)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return bytes(self.key).hex()[:8]


class MeterDay(Fact):
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="days")
    member = models.ForeignKey(Member, models.PROTECT, related_name="meter_days")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="meter_days")
    accelerator = models.CharField(max_length=32)
    day = models.DateField()
    jobs = models.BigIntegerField()
    cpu_s = models.BigIntegerField()
    node_s = models.BigIntegerField()
    gpu_s = models.BigIntegerField()

    class Meta:
        ordering = ["day", "facility", "accelerator", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "accelerator", "day"], name="one_figure_per_batch_accelerator_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.accelerator} {self.day}"
