"""Facilities, the batches of metering that came from them, and one figure per accelerator and day."""

from django.conf import settings
from django.db import models

from contributions.models.facts import Fact, Posted
from contributions.models.funding import FundingSource
from contributions.models.members import Member
from contributions.models.organizations import Organization


class Facility(Fact):
    """A facility as its newest edition states it; what holds on a day is asked of its editions."""

    code = models.SlugField(unique=True, max_length=32)
    name_ja = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    operator = models.ForeignKey(Organization, models.PROTECT, related_name="facilities")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=60)
    zone = models.CharField(max_length=40, default="Asia/Tokyo")
    default_accelerator = models.CharField(max_length=32)
    accelerators = models.JSONField(default=list, help_text="codes of the types installed; none named: not stated")
    power_kw = models.PositiveIntegerField(null=True, help_text="contracted power in kW; none: not stated")
    pue = models.DecimalField(max_digits=4, decimal_places=2, null=True, help_text="power usage effectiveness")
    illustrative = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "facilities"

    def __str__(self) -> str:
        return self.code


class FacilityEdition(Fact, Posted):
    """What a facility states of itself from a day on; the next one takes its place on its own day."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="editions")
    valid_from = models.DateField()
    operator = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=60)
    default_accelerator = models.CharField(max_length=32)
    accelerators = models.JSONField(default=list)
    power_kw = models.PositiveIntegerField(null=True)
    pue = models.DecimalField(max_digits=4, decimal_places=2, null=True)

    class Meta:
        ordering = ["facility", "valid_from", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["facility", "seq"], name="one_edition_of_a_facility_per_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.valid_from}"


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
    rows_sha256 = models.CharField(max_length=64, blank=True, help_text="evidence: its counted rows, in columns")
    findings_sha256 = models.CharField(max_length=64, blank=True, help_text="evidence: its rows kept aside, in columns")
    header = models.TextField(blank=True, help_text="the column names as they were printed")
    first_start = models.DateTimeField(null=True, help_text="earliest start of a job in it")
    last_start = models.DateTimeField(null=True, help_text="latest start of a job in it")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="superseded_by")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
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
                fields=["member", "facility", "file_sha256"],
                condition=~models.Q(state="reversed"),
                name="a_file_stands_once_per_member_and_facility",
            ),
            models.CheckConstraint(
                condition=models.Q(first_start__isnull=True, last_start__isnull=True)
                | models.Q(first_start__lte=models.F("last_start")),
                name="a_batch_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.number


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
